"""Files that only their owner may read, written completely or not at all.

Several servers may share a folder: each write has its own temporary name, and a lock orders them.
"""

from __future__ import annotations

import mmap
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import Final

if sys.platform != "win32":  # Windows has no advisory locks
    import fcntl

PART: Final = ".part"
"""The end of a temporary name."""

_OWNER_ONLY = 0o700
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def write(path: Path, content: bytes) -> None:
    """Write a file with mode 0600; readers see the earlier content or the new one.

    Raises:
        OSError: the folder or the file cannot be written; the earlier content stays.
    """
    make_folder(path.parent)
    with _locked(path.parent):
        handle, temporary = mkstemp(PART, f".{path.name}.", path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink()
            raise
        sync_folder(path.parent)


def read(path: Path) -> bytes:
    """Return the content of a file.

    Raises:
        OSError: it cannot be read, or it is a link.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | _NO_LINKS), "rb") as file:
        return file.read()


Content = mmap.mmap | bytes


@contextmanager
def mapped(path: Path) -> Iterator[Content]:
    """Give the content of a file without reading all of it into memory.

    Raises:
        OSError: it cannot be read, or it is a link.
    """
    handle = os.open(path, os.O_RDONLY | _NO_LINKS)
    try:
        if not os.fstat(handle).st_size:
            yield b""
            return
        with mmap.mmap(handle, 0, access=mmap.ACCESS_READ) as content:
            yield content
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Create a folder that only its owner may enter, if it does not exist.

    Raises:
        OSError: it cannot be created, or it is a link.
    """
    folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    if folder.is_symlink():
        raise OSError(f"{folder} is a link: use the folder itself")


def open_for_writing(path: Path, flags: int = 0) -> int:
    """Return a descriptor of a file with mode 0600, created if it does not exist.

    Raises:
        OSError: it cannot be opened, or it is a link.
    """
    return os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINKS | flags, 0o600)


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder permanent, where the platform can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; other processes wait for it."""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _remove_stale(folder)
        yield
    finally:
        os.close(handle)


def _remove_stale(folder: Path) -> None:
    """Delete temporary files: no write is in progress while the lock is held."""
    for path in folder.iterdir():
        if path.name.endswith(PART):
            with suppress(OSError):
                path.unlink()
