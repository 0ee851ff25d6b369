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

    ``size`` is where the next frame begins. What was written survives the process; only ``close``
    makes it survive a power failure.
    """

    def __init__(self, path: Path, reserve: Reserve, size: int = 0) -> None:
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
            self._reserve.release()
            self._write(frame)
        self.size += len(frame)

    def close(self) -> None:
        """Make the log survive a power failure, and close it."""
        os.fsync(self._handle)
        os.close(self._handle)

    def _write(self, frame: bytes) -> None:
        done = os.pwrite(self._handle, frame, self.size)
        while done < len(frame):
            done += os.pwrite(self._handle, frame[done:], self.size + done)


class FrameReader:
    """The frames of a file. After iteration ``size`` is the end of the last complete frame.

    ``torn`` is the number of bytes after it that are no complete frame.
    """

    def __init__(self, path: Path) -> None:
        self._content = private_file.read(path)
        self.size = 0
        self.torn = 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield the payload of every complete frame."""
        content = memoryview(self._content)
        while (payload := self._next(content)) is not None:
            self.size += _HEADER.size + len(payload)
            yield bytes(payload)
        self.torn = len(self._content[self.size :].rstrip(b"\0"))

    def _next(self, content: memoryview) -> memoryview | None:
        begin = self.size + _HEADER.size
        if begin > len(content):
            return None
        length, checksum = _HEADER.unpack_from(content, self.size)
        payload = content[begin : begin + length]
        is_complete = length and len(payload) == length and crc32(payload) == checksum
        return payload if is_complete else None

    def rest(self) -> bytes:
        """Return what follows the last complete frame."""
        return self._content[self.size : self.size + self.torn]
