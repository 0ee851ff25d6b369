"""A folder in which the state of a server survives its process.

``log-N`` has what changed since ``checkpoint-N``. A checkpoint is written while calls go on: the
log is changed first, and each sandbox in the checkpoint says which of its changes it contains.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import RLock, Thread
from typing import Final

from adsmock.contracts.contract_set import ContractSet
from adsmock.mockserver.core import private_file
from adsmock.mockserver.core.error import SetupError, StorageFull
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.services.durable import DataError
from adsmock.mockserver.services.durable.folder_reader import numbers, read_folder
from adsmock.mockserver.services.durable.frames import (
    VERSION,
    Birth,
    Change,
    Death,
    End,
    Frame,
    Start,
    encode,
)
from adsmock.mockserver.services.durable.journal_files import JournalFiles
from adsmock.mockserver.services.durable.log_file import LogFile, Reserve
from adsmock.mockserver.services.durable.recorder import SandboxRecorder
from adsmock.mockserver.services.durable.replay import Replay, birth_row, build

if sys.platform != "win32":  # Windows has no advisory locks
    import fcntl

CHECKPOINT_BYTES: Final = 64 << 20
"""A log of this size, and twice that of the checkpoint, is replaced by a new checkpoint."""

JOURNAL_STEP: Final = 1_000_000
"""Entry numbers continue at the next multiple after a crash, so that no request id repeats."""

Report = Callable[[str], object]


class DataDirectory:
    """The folder of one server, which holds its lock until ``close``.

    ``report`` gets one line for each thing that a person should know. ``journal_bytes`` is how much
    of the journals is kept too.
    """

    def __init__(self, folder: Path, report: Report, journal_bytes: int = 0) -> None:
        self._folder = folder
        self._report = report
        self._lock = RLock()
        self._roster = RLock()
        """Taken before the lock of any sandbox, which is taken before ``_lock``."""
        self._is_closed = False
        self._recorders: dict[int, tuple[Sandbox, SandboxRecorder]] = {}
        self._next_number = 1
        self._journal_bytes = journal_bytes
        self._journals: JournalFiles | None = None
        self._writer: Thread | None = None
        self._sandboxes: Sandboxes | None = None
        self._handle = _locked(folder)
        try:
            found = read_folder(folder, report)
        except DataError:
            os.close(self._handle)
            raise
        self._number, self._replay = found.number, found.replay
        self._due = max(CHECKPOINT_BYTES, 2 * found.checkpoint_bytes)
        self.is_restored = self._replay.made > 0
        """There were sandboxes at the start, even if all of them were deleted."""
        self._reserve = Reserve(folder / "reserve")
        self._log = LogFile(self._path("log", self._number), self._reserve, found.log_bytes)

    def restore(self, sandboxes: Sandboxes, contract_set: ContractSet) -> None:
        """Add the stored sandboxes, and record all later changes.

        Raises:
            DataError: the data is of a server with another seed, or cannot be restored.
        """
        replay, self._sandboxes = self._replay, sandboxes
        if self._journal_bytes:
            self._journals = JournalFiles(
                self._folder, self._journal_bytes, sandboxes.source, self._report
            )
        if replay.seed is not None and replay.seed != sandboxes.seed:
            raise DataError(
                f"the data in {self._folder} is of a server with the seed {replay.seed}, not "
                f"{sandboxes.seed}: start it with --seed {replay.seed}, or use another folder"
            )
        for number, stored in replay.sandboxes.items():
            if stored.serial < 0:  # its creation was not acknowledged
                continue
            if not replay.is_ended:
                stored.journal += JOURNAL_STEP - stored.journal % JOURNAL_STEP
            try:
                sandbox = build(stored, sandboxes, contract_set)
            except (AttributeError, KeyError, TypeError, ValueError, SetupError) as error:
                reason = error.detail if isinstance(error, SetupError) else repr(error)
                raise DataError(
                    f"sandbox {stored.birth.get('id')} in {self._folder} cannot be restored: "
                    f"{reason}; use the version of adsmock that wrote it, or another folder"
                ) from None
            sandboxes.restore(sandbox)
            self._follow(sandbox, number, stored.serial, stored.made)
        self._restore_journals()
        sandboxes.resume(replay.made, replay.generations)
        self._next_number = max(replay.sandboxes, default=0) + 1
        self._replay = Replay()
        self._append(self._start_frame())
        self.track()

    def _restore_journals(self) -> None:
        if self._journals is None:
            return
        kept: dict[int, list[Entry]] = {}
        for number, entry in self._journals.rows():
            if entry is None:
                kept.pop(number, None)
            else:
                kept.setdefault(number, []).append(entry)
        for number, (sandbox, _) in self._recorders.items():
            sandbox.journal.restore(kept.get(number, ()))

    def track(self) -> None:
        """Record which sandboxes were made and deleted since the last call.

        Raises:
            StorageFull: the disk is full.
        """
        assert self._sandboxes is not None
        with self._roster:
            present = {id(each): each for each in self._sandboxes.all()}
            for number, (sandbox, _) in list(self._recorders.items()):
                if id(sandbox) not in present:
                    self._append(Death(number, sandbox.id))
                    sandbox.recorder = sandbox.journal.keep = None
                    del self._recorders[number]
            for sandbox in present.values():
                if sandbox.recorder is None:
                    self._bear(sandbox)

    def admit(self) -> None:
        """Raise StorageFull if the disk is full."""
        with self._lock:
            try:
                self._reserve.fill()
            except OSError as error:
                self._fail(error)

    def append(self, frame: Change) -> None:
        """Append a frame; raise StorageFull if it could not be written."""
        self._append(frame)

    def checkpoint(self) -> None:
        """Write a checkpoint and delete the log before it; calls go on meanwhile.

        Raises:
            OSError: it could not be written; the log stays.
        """
        number = self._start_log()
        path = self._path("checkpoint", number)
        part = LogFile(path.with_name(path.name + private_file.PART), self._reserve)
        try:
            for frame in self._everything():
                part.append(encode(frame))
            part.sync()
        finally:
            part.close()
        part.path.replace(path)
        private_file.sync_folder(self._folder)
        self._due = max(CHECKPOINT_BYTES, 2 * part.size)
        self._delete_before(number)

    def _start_log(self) -> int:
        """Continue in a new log, and return its number."""
        with self._lock:
            earlier = self._log
            number = self._number + 1
            log = LogFile(self._path("log", number), self._reserve)
            try:
                log.append(encode(self._start_frame()))
            except OSError:
                log.close()
                log.path.unlink()
                raise
            self._log, self._number = log, number
        earlier.sync()  # without the lock
        earlier.close()
        return number

    def _everything(self) -> Iterator[Frame]:
        """Yield the frames of a checkpoint, each sandbox as it is when its turn comes."""
        yield self._start_frame()
        for number, (sandbox, recorder) in list(self._recorders.items()):
            yield Birth(number, recorder.made, birth_row(sandbox))
            yield from recorder.dump()
        yield End(is_checkpoint=True)

    def close(self) -> None:
        """Record what is pending, say that the server stopped in good order, and release all."""
        with self._lock:
            if self._is_closed:
                return
        if self._writer is not None:
            self._writer.join()
        for sandbox, recorder in [*self._recorders.values()]:
            with suppress(StorageFull):
                recorder.record_everything()
            sandbox.recorder = sandbox.journal.keep = None
        with suppress(OSError):
            self._log.append(encode(End(is_checkpoint=False)))
        self.release()

    def release(self) -> None:
        """Close the files without a further record."""
        with self._lock:
            self._is_closed = True
            with suppress(OSError):
                self._log.sync()
            self._log.close()
            if self._journals is not None:
                self._journals.close()
            self._reserve.close()
            os.close(self._handle)

    def _bear(self, sandbox: Sandbox) -> None:
        number, self._next_number = self._next_number, self._next_number + 1
        assert self._sandboxes is not None
        made = self._sandboxes.made - 1
        self._append(Birth(number, made, birth_row(sandbox)))
        recorder = self._follow(sandbox, number, -1, made)
        try:
            recorder.record_new()
        except StorageFull:
            sandbox.recorder = None
            del self._recorders[number]
            self._sandboxes.remove(sandbox.id)
            raise

    def _follow(self, sandbox: Sandbox, number: int, serial: int, made: int) -> SandboxRecorder:
        recorder = SandboxRecorder(sandbox, self, number=number, serial=serial, made=made)
        recorder.begin()
        self._recorders[number] = (sandbox, recorder)
        sandbox.recorder = recorder
        if self._journals is not None:
            sandbox.journal.keep = partial(self._journals.add, number)
        return recorder

    def _append(self, frame: Frame) -> None:
        payload = encode(frame)
        with self._lock:
            if self._is_closed:
                raise StorageFull("the server stops: call it again when it runs")
            try:
                self._log.append(payload)
            except OSError as error:
                self._fail(error)
            if self._log.size >= self._due:
                self._checkpoint_apart()

    def _fail(self, error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        raise StorageFull(
            f"the change cannot be recorded in {self._folder}: {reason}; free space there, what "
            "was recorded stays"
        )

    def _start_frame(self) -> Start:
        assert self._sandboxes is not None
        sandboxes = self._sandboxes
        return Start(VERSION, sandboxes.seed, sandboxes.made, dict(sandboxes.generations))

    def _checkpoint_apart(self) -> None:
        """Start a checkpoint in its own thread, unless one is being written."""
        if self._writer is None or not self._writer.is_alive():
            self._writer = Thread(target=self._try_checkpoint, name="adsmock-checkpoint")
            self._writer.start()

    def _try_checkpoint(self) -> None:
        try:
            self.checkpoint()
        except OSError as error:
            self._due = self._log.size + CHECKPOINT_BYTES  # not at once again
            self._report(f"no checkpoint was written: {error.strerror or error}; the log goes on")

    def _path(self, name: str, number: int) -> Path:
        return self._folder / f"{name}-{number}"

    def _delete_before(self, number: int) -> None:
        for name in ("checkpoint", "log"):
            for each in numbers(self._folder, name):
                if each < number:
                    self._path(name, each).unlink()


def _locked(folder: Path) -> int:
    """Return the handle that locks a data directory, created if it does not exist.

    Raises:
        DataError: it cannot be used here, or another server uses it.
    """
    if sys.platform == "win32":
        raise DataError("a data directory needs Linux or macOS: leave --data-dir out")
    try:
        private_file.make_folder(folder)
        handle = private_file.open_for_writing(folder / "lock")
    except OSError as error:
        raise DataError(
            f"the data directory {folder} cannot be used: {error.strerror or error}"
        ) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise DataError(
            f"another server uses the data directory {folder}: stop it, or use another folder"
        ) from None
    return handle
