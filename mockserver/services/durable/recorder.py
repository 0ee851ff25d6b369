"""Records the changes of one sandbox in the log, before the call that made them is answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from threading import Event
from typing import Any, Final, Protocol

from adsmock.mockserver.core.error import StorageFull
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.store import Store, Written
from adsmock.mockserver.services.durable.changed_parts import ChangedParts, Parts
from adsmock.mockserver.services.durable.frames import Change

SLICE: Final = 2_000
"""Entities of one frame of a whole store."""

_PAUSE: Final = 0.0005


class FrameLog(Protocol):
    """Where frames go."""

    def admit(self) -> None:
        """Raise StorageFull if the disk is full."""

    def append(self, frame: Change) -> None:
        """Append a frame; raise StorageFull if it could not be written."""


class SandboxRecorder:
    """The recorder of one sandbox.

    ``number`` names it in frames, ``serial`` is that of its last change, and ``made`` says how many
    sandboxes were made before it. What could not be written stays pending, and is written with the
    next change.
    """

    __slots__ = (
        "_log", "_parts", "_sandbox", "_store", "_written", "made", "number", "serial",
    )  # fmt: skip

    def __init__(
        self, sandbox: Sandbox, log: FrameLog, *, number: int, serial: int, made: int
    ) -> None:
        self.number = number
        self.serial = serial
        self.made = made
        self._sandbox = sandbox
        self._log = log
        self._parts = ChangedParts(sandbox)
        self._written: list[Written] = []
        self._store: Store | None = None

    def begin(self) -> None:
        """Take the sandbox as it is for recorded, and note every later change."""
        self._follow_store()
        self._parts.note_all()

    def admit(self) -> None:
        """Refuse a call before its work if its changes could not be recorded.

        Raises:
            StorageFull: the disk is full.
        """
        self._log.admit()

    def touch(self, job_id: str) -> None:
        """Note that a job changed or was deleted, and record its file once it is made."""
        self._parts.touched.add(job_id)
        job = self._sandbox.jobs.get(job_id)
        if job is not None and job.file is not None and not job.file.done():
            job.file.add_done_callback(lambda _: self._record_file(job_id))

    def record(self, chain: str | None = None) -> None:
        """Record what a call changed; ``chain`` is the logical request that was attempted.

        Raises:
            StorageFull: the disk is full.
        """
        with self._sandbox.lock:
            parts = self._parts.of_call(chain, has_writes=bool(self._written))
            if parts or self._written or self._sandbox.store is not self._store:
                self._record(parts)

    def record_everything(self) -> None:
        """Record whatever changed, the levels of buckets included.

        Raises:
            StorageFull: the disk is full.
        """
        with self._sandbox.lock:
            parts = self._parts.find()
            if parts or self._written or self._parts.buckets():
                self._record(parts)
            elif self._sandbox.store is not self._store:
                self._record_all()

    def _record(self, parts: Parts) -> None:
        if self._sandbox.store is not self._store:
            self._record_all()
            return
        parts |= self._parts.buckets()
        self._append(self._written, parts)
        self._written.clear()
        self._parts.note(parts)

    def record_new(self) -> None:
        """Record everything that the sandbox has; its birth was recorded just before.

        Raises:
            StorageFull: the disk is full.
        """
        with self._sandbox.lock:
            self._record_all()

    def dump(self) -> Iterator[Change]:
        """Yield the whole sandbox as frames, for a checkpoint; the lock is held for copying."""
        sandbox = self._sandbox
        with sandbox.lock:
            frames = self._whole(self.serial)
            first = next(frames)
        yield first
        for frame in frames:
            Event().wait(_PAUSE)  # calls run meanwhile
            yield frame

    def _record_file(self, job_id: str) -> None:
        """Record the file of a job, in the thread that made it."""
        with self._sandbox.lock:
            self._parts.touched.add(job_id)
            with suppress(StorageFull):  # it stays pending
                self.record()

    def _record_all(self) -> None:
        """Record a store that was replaced: as several frames that count together."""
        for frame in self._whole(self.serial + 1):
            self._log.append(frame)
        self.serial += 1
        self._follow_store()
        self._parts.note_all()

    def _whole(self, serial: int) -> Iterator[Change]:
        """Yield the frames of a whole sandbox; the first removes what was there.

        Everything is copied before the first frame.
        """
        sandbox = self._sandbox
        seq, journal = sandbox.store.seq, sandbox.journal.last
        rows, history, parts = _rows(sandbox.store), _history(sandbox.store), self._parts.all()
        drop: Written = (None, "", False, ())
        yield Change(self.number, serial, True, seq, journal, [drop], {})
        for row in rows:
            yield Change(self.number, serial, True, seq, journal, [row], {})
        for piece in _slices(history):
            yield Change(self.number, serial, True, seq, journal, [], {}, piece)
        yield Change(self.number, serial, False, seq, journal, [], parts)

    def _append(self, writes: list[Written], parts: Parts) -> None:
        sandbox = self._sandbox
        serial = self.serial + 1
        frame = Change(
            self.number, serial, False, sandbox.store.seq, sandbox.journal.last, writes, parts
        )
        self._log.append(frame)
        self.serial = serial

    def _follow_store(self) -> None:
        self._written.clear()
        self._store = self._sandbox.store
        self._store.record_to(self._written)


def _rows(store: Store) -> list[Written]:
    """Return all entities, at most ``SLICE`` in a row."""
    return [
        (profile_id, resource, False, piece)
        for (profile_id, resource), table in store.tables().items()
        for piece in _slices(table.all())
    ]


def _history(store: Store) -> list[Any]:
    """Return all logged changes: profile, resource, entity before, entity after."""
    return [
        (profile_id, *change)
        for profile_id, changes in store.change_logs().items()
        for change in changes
    ]


def _slices(rows: list[Any]) -> Iterator[list[Any]]:
    for begin in range(0, len(rows), SLICE):
        yield rows[begin : begin + SLICE]
