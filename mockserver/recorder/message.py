"""A request and a reply as the recorder passes them on, byte for byte."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

Headers = Sequence[tuple[str, str]]

LARGEST_BODY = 64 << 20
"""Bytes of a decompressed body; what is longer is recorded without its body."""


@dataclass(frozen=True, slots=True)
class Message:
    """One request: ``target`` is the path with its query."""

    method: str
    host: str
    target: str
    headers: Headers
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path without the query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The query without its question mark."""
        return self.target.partition("?")[2]


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply, with its body as it was sent."""

    status: int
    reason: str
    headers: Headers
    body: bytes = b""

    def plain(self) -> bytes | None:
        """Return the body without compression, None if it cannot be read."""
        encoded = header(self.headers, "content-encoding").lower()
        body = self.body
        try:
            if encoded in {"gzip", "x-gzip"} or body.startswith(b"\x1f\x8b"):
                body = _inflated(body)
            elif encoded not in {"", "identity"}:
                return None
        except (OSError, EOFError, zlib.error):
            return None
        return body if len(body) <= LARGEST_BODY else None


def header(headers: Headers, name: str) -> str:
    """Return the value of a header, empty without one; case does not matter."""
    return next((value for key, value in headers if key.lower() == name), "")


def _inflated(body: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    plain = unpacker.decompress(body, LARGEST_BODY + 1)
    return plain if unpacker.eof or len(plain) > LARGEST_BODY else gzip.decompress(body)
