"""JSON text of large values in slices: what is read or written at once holds all other threads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import orjson

SLICE: Final = 1_000
"""Members of a list that are written or read at once: some milliseconds."""
LARGE: Final = 1 << 20
"""Bytes of a text that is read in slices: reading as many takes about 10 milliseconds."""
_PIECE = 1 << 18
"""Bytes of a list that are read at once."""
_TRIES = 20
"""Places at which a list may be cut that are tried for each piece."""
_LEVELS = 4
"""Levels that are divided: in a state, a list is a member of a resource of a profile."""
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_CUTS = {
    b"{": re.compile(rb"\}\s*(,)\s*\{"),
    b"[": re.compile(rb"\]\s*(,)\s*\["),
    b'"': re.compile(rb'"\s*(,)\s*"'),
}
"""Where items of a list probably end, by the first character of its first item."""
_COMMA = re.compile(rb"(,)")


def parse(raw: bytes) -> Any:
    """Return the value of a JSON text, reading long lists in slices.

    Raises:
        orjson.JSONDecodeError: the text is not JSON.
    """
    if len(raw) <= LARGE:
        return orjson.loads(raw)
    try:
        return _divided(raw, _LEVELS)
    except (msgspec.MsgspecError, orjson.JSONDecodeError):
        return orjson.loads(raw)  # for the place of the error in the whole text


def _divided(raw: bytes, levels: int) -> Any:
    """Return the value of a text of which the outer ``levels`` are divided."""
    text = raw.strip(b" \t\r\n") if levels == _LEVELS else raw
    if len(text) > LARGE and levels and text[:1] == b"{":
        members = _OBJECT.decode(text)
        return {name: _divided(bytes(each), levels - 1) for name, each in members.items()}
    if len(text) > LARGE and text[:1] == b"[" and text[-1:] == b"]":
        return [item for piece in _pieces(text) for item in piece]
    return orjson.loads(text)


def _pieces(text: bytes) -> Iterator[list[Any]]:
    """Yield the items of a list, some at a time.

    A text between two commas that is a list in brackets consists of whole items: a comma within an
    item would leave a bracket or a quotation mark open.
    """
    begin, last = 1, len(text) - 1
    cut = _CUTS.get(text[1:_PIECE].lstrip()[:1], _COMMA)
    while last - begin > _PIECE:
        found = _piece(text, begin, cut)
        if found is None:
            break
        piece, begin = found
        yield piece
    rest: list[Any] = orjson.loads(b"[" + text[begin:last] + b"]")
    if begin > 1 and not rest:
        raise orjson.JSONDecodeError("a comma without an item", "", 0)
    yield rest


def _piece(text: bytes, begin: int, cut: re.Pattern[bytes]) -> tuple[list[Any], int] | None:
    """Return the items from a place and the next place, None where no item seems to end."""
    last = len(text) - 1
    for match, _ in zip(cut.finditer(text, begin + _PIECE, last), range(_TRIES), strict=False):
        try:
            items = orjson.loads(b"[" + text[begin : match.start(1)] + b"]")
        except orjson.JSONDecodeError:
            continue
        if items:
            return items, match.end(1)
    return None


def sorted_slices(value: Any) -> Iterator[bytes]:
    """Yield the JSON text of a value with sorted members, a slice of each long list at a time."""
    if isinstance(value, dict) and any(isinstance(each, dict | list) for each in value.values()):
        yield b"{"
        for number, name in enumerate(sorted(value)):
            yield (b"," if number else b"") + orjson.dumps(name) + b":"
            yield from sorted_slices(value[name])
        yield b"}"
    elif isinstance(value, list) and len(value) > SLICE:
        yield b"["
        for begin in range(0, len(value), SLICE):
            yield (b"," if begin else b"") + _sorted(value[begin : begin + SLICE])[1:-1]
        yield b"]"
    else:
        yield _sorted(value)


def _sorted(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
