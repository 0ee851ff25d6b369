"""Keyed pseudonyms: equal texts stay equal, length and form stay, the text itself is gone.

Each character is replaced by one of its class: a digit by a digit, an upper-case letter by one.
What is no letter or digit stays, so an e-mail address looks like one. The replacement depends on
the whole text and the key, which is thrown away with the recording unless the user keeps it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator
from string import ascii_lowercase, ascii_uppercase, digits

_PREFIX = re.compile(
    r"(?:amzn1(?:\.[a-z0-9-]*[a-z][a-z0-9-]*)*\.|B0(?=[A-Z0-9]{8}$)|https?://|Root=1-)"
)
"""Beginnings that show the kind of a text and identify nobody."""

_HEXADECIMAL = re.compile(r"[0-9a-f-]{8,}")

_CJK_FIRST, _CJK_COUNT = 0x4E00, 0x5000
_WORDS = re.compile(r"[^\W_]+|[\W_]+")


class Pseudonyms:
    """Replaces texts and numbers with one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def text(self, text: str) -> str:
        """Return the pseudonym of a text."""
        found = _PREFIX.match(text)
        prefix = found[0] if found else ""
        if found and found.end() == len(text):
            prefix = ""
        rest = text[len(prefix) :]
        return prefix + "".join(self._replaced(rest))

    def number(self, number: int) -> int:
        """Return the pseudonym of an id: that of its digits."""
        return int(self.text(str(number)))

    def message(self, text: str, is_known: Callable[[str], bool]) -> str:
        """Return a message with the pseudonyms of its unknown words and numbers."""
        return "".join(
            piece if not piece[0].isalnum() or is_known(piece) else self.text(piece)
            for piece in _WORDS.findall(text)
        )

    def _replaced(self, text: str) -> Iterator[str]:
        stream = self._numbers(text)
        letters = "abcdef" if _HEXADECIMAL.fullmatch(text) else ascii_lowercase
        for place, char in enumerate(text):
            number = next(stream)
            if char in ascii_lowercase:
                yield letters[number % len(letters)]
            else:
                yield _same_class(char, number, is_first=place == 0)

    def _numbers(self, text: str) -> Iterator[int]:
        block = 0
        while True:
            label = f"{block}\0{text}".encode("utf-8", "surrogatepass")
            yield from hmac.new(self._key, label, hashlib.sha256).digest()
            block += 1


def _same_class(char: str, number: int, *, is_first: bool) -> str:
    """Return a character of the same class; a number keeps a first digit that is not zero."""
    if char in digits:
        return str(number % 9 + 1) if is_first and char != "0" else str(number % 10)
    if char in ascii_uppercase:
        return ascii_uppercase[number % 26]
    if not char.isalnum():
        return char
    if _CJK_FIRST <= ord(char) < _CJK_FIRST + _CJK_COUNT:
        return chr(_CJK_FIRST + number * 80 % _CJK_COUNT)
    return ascii_lowercase[number % 26]
