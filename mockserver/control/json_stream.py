"""Long JSON replies in pieces: one that is written whole would hold all other threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_PIECE_BYTES = 65_536


def in_pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes, joined to pieces of some 64 KiB."""
    waiting: list[bytes] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= _PIECE_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def array(head: bytes, rows: Iterable[bytes], tail: bytes) -> Iterator[bytes]:
    """Yield a JSON document with an array of ``rows`` between its head and its tail."""
    before = head + b"["
    for row in rows:
        yield before
        yield row
        before = b","
    yield b"]" + tail if before == b"," else before + b"]" + tail
