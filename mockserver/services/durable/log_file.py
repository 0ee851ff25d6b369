"""An append-only file of checksummed frames.

A frame is its length, its checksum and its payload. A reserve file takes up space that is given
back when the disk is full: then the changes of the present call fit, and the next call is refused
before its work.
"""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from isal.isal_zlib import crc32

from adsmock.mockserver.core import private_file

RESERVE_BYTES: Final = 8 << 20
"""Size of the reserve: the changes of any call fit in."""

_HEADER: Final = struct.Struct("<II")
_UNSUPPORTED: Final = frozenset({errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS})


class Reserve:
    """A file whose space is kept for the time when the disk is full."""

    def __init__(self, path: Path) -> None:
        self._handle = private_file.open_for_writing(path)
        self._is_whole = False

    def fill(self) -> None:
        """Take up the space, unless it is taken already.

        Raises:
            OSError: the disk is full.
        """
        if self._is_whole or not hasattr(os, "posix_fallocate"):
            return
        try:
            os.posix_fallocate(self._handle, 0, RESERVE_BYTES)
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                self.release()
                raise
        self._is_whole = True

    def release(self) -> None:
        """Give the space back."""
        self._is_whole = False
        with suppress(OSError):
            os.ftruncate(self._handle, 0)

    def close(self) -> None:
        """Close the file; its space stays taken."""
        os.close(self._handle)


class LogFile:
    """A log that is open for appending; one thread at a time may use it.

    ``size`` is where the next frame begins. What was written survives the process; only ``sync``
    makes it survive a power failure.
    """

    def __init__(self, path: Path, reserve: Reserve | None = None, size: int = 0) -> None:
        self.path = path
        self.size = size
        self._reserve = reserve
        self._handle = private_file.open_for_writing(path)
        os.ftruncate(self._handle, size)

    def append(self, payload: bytes) -> None:
        """Append one frame, with the space of the reserve if there is no other.

        Raises:
            OSError: it could not be written; the frames before it stay.
        """
        frame = _HEADER.pack(len(payload), crc32(payload)) + payload
        try:
            self._write(frame)
        except OSError:
            if self._reserve is None:
                raise
            self._reserve.release()
            self._write(frame)
        self.size += len(frame)

    def sync(self) -> None:
        """Make the log survive a power failure; this waits for the disk."""
        os.fsync(self._handle)

    def close(self) -> None:
        """Close the file."""
        os.close(self._handle)

    def _write(self, frame: bytes) -> None:
        done = os.pwrite(self._handle, frame, self.size)
        while done < len(frame):
            done += os.pwrite(self._handle, frame[done:], self.size + done)


class FrameReader:
    """The frames of a file. After iteration ``size`` is the end of the last complete frame.

    ``torn`` is the number of bytes after it; ``is_damaged`` says that they are more than the rest
    of one frame, so that frames which were complete are lost.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = 0
        self.torn = 0
        self.is_damaged = False

    def __iter__(self) -> Iterator[bytes]:
        """Yield the payload of every complete frame."""
        with private_file.mapped(self._path) as content:
            while (payload := self._next(content)) is not None:
                self.size += _HEADER.size + len(payload)
                yield payload
            rest = content[self.size :].rstrip(b"\0")
            self.torn = len(rest)
            self.is_damaged = len(rest) >= _HEADER.size and _end_of(rest) < len(rest)

    def _next(self, content: private_file.Content) -> bytes | None:
        begin = self.size + _HEADER.size
        if begin > len(content):
            return None
        length, checksum = _HEADER.unpack_from(content, self.size)
        payload = content[begin : begin + length]
        is_complete = length and len(payload) == length and crc32(payload) == checksum
        return payload if is_complete else None

    def rest(self) -> bytes:
        """Return what follows the last complete frame."""
        with private_file.mapped(self._path) as content:
            return content[self.size : self.size + self.torn]


def _end_of(frame: bytes) -> int:
    """Return where a frame ends, as its header says."""
    length, _ = _HEADER.unpack_from(frame)
    return _HEADER.size + int(length)
