"""Journals that survive a restart: the newest entries of all sandboxes, in a few files.

Each file begins with the time of its server. Monotonic times are of one process: when an entry is
read, they are moved so that its distance to now is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import RLock
from typing import Final

import msgspec

from adsmock.mockserver.core.clock import TimeSource
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.services.durable.folder_reader import numbers
from adsmock.mockserver.services.durable.log_file import FrameReader, LogFile

_NAME: Final = "journal"
_PARTS: Final = 4
"""Files that share the allowed size; the oldest is deleted as a whole."""

_MONOTONIC: Final = ("t_arrive", "t_send", "t_end")


class JournalFiles:
    """The kept journals of one server, at most ``max_bytes`` in all files."""

    def __init__(
        self, folder: Path, max_bytes: int, source: TimeSource, report: Callable[[str], object]
    ) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._offset = source.epoch() - source.monotonic()
        self._report = report
        self._lock = RLock()
        self._has_failed = False
        self._file = self._next_file()

    def rows(self) -> Iterator[tuple[int, Entry | None]]:
        """Yield the number of a sandbox and its entry, None where its journal was emptied."""
        for number in numbers(self._folder, _NAME):
            shift = 0.0
            for payload in FrameReader(self._folder / f"{_NAME}-{number}"):
                row = msgspec.msgpack.decode(payload)
                if isinstance(row, float):
                    shift = row - self._offset
                    continue
                owner, members = row
                yield owner, _entry(members, shift) if members is not None else None

    def add(self, owner: int, entry: Entry | None) -> None:
        """Append a finished entry, or that the journal was emptied; a full disk loses it."""
        members = None if entry is None else [getattr(entry, name) for name in Entry.__slots__]
        payload = msgspec.msgpack.encode([owner, members])
        with self._lock:
            try:
                if self._file.size + len(payload) > self._max_bytes // _PARTS:
                    self._file.close()
                    self._file = self._next_file()
                self._file.append(payload)
            except OSError as error:
                if not self._has_failed:
                    self._report(f"journals are not kept: {error.strerror or error}")
                self._has_failed = True

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._file.close()

    def _next_file(self) -> LogFile:
        """Return a new file, and delete the oldest ones that exceed the limit."""
        known = numbers(self._folder, _NAME)
        left = self._max_bytes - self._max_bytes // _PARTS
        for number in reversed(known):
            path = self._folder / f"{_NAME}-{number}"
            left -= path.stat().st_size
            if left < 0:
                path.unlink()
        file = LogFile(self._folder / f"{_NAME}-{max(known, default=0) + 1}")
        file.append(msgspec.msgpack.encode(self._offset))
        return file


def _entry(members: list[object], shift: float) -> Entry:
    # An older version wrote fewer members: new ones are at the end and have defaults.
    entry = Entry(**dict(zip(Entry.__slots__, members, strict=False)))  # type: ignore[arg-type]  # as written
    for name in _MONOTONIC:
        value = getattr(entry, name)
        if value:
            setattr(entry, name, value + shift)
    return entry
