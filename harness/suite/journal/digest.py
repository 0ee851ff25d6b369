"""Digests of the lines of a record, each over its line and the digest before it.

They show accidental damage and casual edits. They are no signature: a program that changes a line
can write new digests too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b

DIGEST_BYTES = 16

_SUFFIX = re.compile(rb',"digest":"([0-9a-f]{32})"\}\s*$')
"""The last member of a line with a digest."""

_CHANGED = (
    "its digest does not match: this line was changed after it was written, or lines before it "
    "were added, removed or moved"
)


class DigestError(ValueError):
    """A line whose digest is wrong, missing or unexpected."""


def with_digests(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield JSON objects, one per line, each with its digest as the last member."""
    previous = b""
    for line in lines:
        previous = _digest(previous, line)
        yield line[:-1] + b',"digest":"' + previous + b'"}'


class DigestChecker:
    """Checks the digests of a record line by line; ``has_digests`` is None before the first."""

    def __init__(self) -> None:
        self._previous = b""
        self.has_digests: bool | None = None

    def check(self, line: bytes) -> None:
        """Check the digest of the next line.

        Raises:
            DigestError: the digest is wrong, or only some lines have one.
        """
        found = _SUFFIX.search(line)
        if self.has_digests is None:
            self.has_digests = found is not None
        if (found is not None) != self.has_digests:
            state = "no digest, unlike" if self.has_digests else "a digest, unlike"
            raise DigestError(f"it has {state} the lines before it: the file was changed")
        if found is None:
            return
        self._previous = _digest(self._previous, line[: found.start()] + b"}")
        if found[1] != self._previous:
            raise DigestError(_CHANGED)


def _digest(previous: bytes, line: bytes) -> bytes:
    return blake2b(previous + line, digest_size=DIGEST_BYTES).hexdigest().encode()
