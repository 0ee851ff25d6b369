"""A folder in which the state of a server survives its process.

``log-N`` has what changed since ``checkpoint-N``. A checkpoint is written while calls go on: the
log is changed first, and each sandbox in the checkpoint says which of its changes it contains.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import RLock, Thread
from typing import Final

import msgspec

from adsmock.contracts.contract_set import ContractSet
from adsmock.mockserver.core import private_file
from adsmock.mockserver.core.error import SetupError, StorageFull
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.services.durable import DataError
from adsmock.mockserver.services.durable.frames import (
    VERSION,
    Birth,
    Change,
    Death,
    End,
    Frame,
    Start,
    decode,
    encode,
)
from adsmock.mockserver.services.durable.log_file import FrameReader, LogFile, Reserve
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

    ``report`` gets one line for each thing that a person should know.
    """

    def __init__(self, folder: Path, report: Report) -> None:
        self._folder = folder
        self._report = report
        self._lock = RLock()
        self._roster = RLock()
        """Taken before the lock of any sandbox, which is taken before ``_lock``."""
        self._problem = ""
        self._is_closed = False
        self._recorders: dict[int, tuple[Sandbox, SandboxRecorder]] = {}
        self._next_number = 1
        self._checkpoint_size = 0
        self._writer: Thread | None = None
        self._sandboxes: Sandboxes | None = None
        try:
            private_file.make_folder(folder)
            self._handle = private_file.open_for_writing(folder / "lock")
        except OSError as error:
            raise DataError(
                f"the data directory {folder} cannot be used: {error.strerror or error}"
            ) from None
        self._take_lock()
        self._number, self._replay, size = self._read()
        self.is_restored = self._replay.made > 0
        """There were sandboxes at the start, even if all of them were deleted."""
        self._reserve = Reserve(folder / "reserve")
        self._log = LogFile(self._log_path(self._number), self._reserve, size)

    def restore(self, sandboxes: Sandboxes, contract_set: ContractSet) -> None:
        """Add the stored sandboxes, and record all later changes.

        Raises:
            DataError: the data is of a server with another seed, or cannot be restored.
        """
        replay, self._sandboxes = self._replay, sandboxes
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
        sandboxes.resume(replay.made, replay.generations)
        self._next_number = max(replay.sandboxes, default=0) + 1
        self._replay = Replay()
        self._append(self._start_frame())
        self.track()

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
                    sandbox.recorder = None
                    del self._recorders[number]
            for sandbox in present.values():
                if sandbox.recorder is None:
                    self._bear(sandbox)
        self._checkpoint_if_due()

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
        part = LogFile(self._folder / f"checkpoint-{number}{private_file.PART}", self._reserve)
        try:
            for frame in self._everything():
                part.append(encode(frame))
            size = part.size
        finally:
            part.close()
        part.path.replace(part.path.with_suffix(""))
        private_file.sync_folder(self._folder)
        self._checkpoint_size = size
        self._delete_before(number)

    def _start_log(self) -> int:
        """Continue in a new log, and return its number."""
        with self._lock:
            number = self._number + 1
            log = LogFile(self._log_path(number), self._reserve)
            try:
                log.append(encode(self._start_frame()))
            except OSError:
                log.close()
                log.path.unlink()
                raise
            self._log.close()
            self._log, self._number = log, number
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
            sandbox.recorder = None
        with self._lock:
            self._is_closed = True
            with suppress(OSError):
                self._log.append(encode(End(is_checkpoint=False)))
            with suppress(OSError):
                self._log.close()
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

    def _checkpoint_if_due(self) -> None:
        with self._lock:
            is_busy = self._writer is not None and self._writer.is_alive()
            due = max(CHECKPOINT_BYTES, 2 * self._checkpoint_size)
            if is_busy or self._log.size < due:
                return
            self._writer = Thread(target=self._checkpoint_apart, name="adsmock-checkpoint")
            self._writer.start()

    def _checkpoint_apart(self) -> None:
        try:
            self.checkpoint()
        except OSError as error:
            self._report(f"no checkpoint was written: {error.strerror or error}; the log goes on")

    def _take_lock(self) -> None:
        if sys.platform == "win32":
            return
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._handle)
            raise DataError(
                f"another server uses the data directory {self._folder}: stop it, or use another "
                "folder"
            ) from None

    def _log_path(self, number: int) -> Path:
        return self._folder / f"log-{number}"

    def _read(self) -> tuple[int, Replay, int]:
        """Return the number of the last log, what all files describe, and the log's size."""
        replay, numbers = Replay(), _numbers(self._folder, "log")
        for path in self._folder.glob(f"*{private_file.PART}"):
            path.unlink()
        first = max(_numbers(self._folder, "checkpoint"), default=0)
        if first:
            path = self._folder / f"checkpoint-{first}"
            self._checkpoint_size = self._read_file(path, replay)
            if not replay.is_ended:
                raise DataError(f"{path} is damaged: restore the folder from a copy")
        size, last = 0, first
        for last in [each for each in numbers if each >= first]:
            size = self._read_file(self._log_path(last), replay)
        return last, replay, size

    def _read_file(self, path: Path, replay: Replay) -> int:
        reader = FrameReader(path)
        try:
            for payload in reader:
                frame = decode(payload)
                if isinstance(frame, Start) and frame.version != VERSION:
                    raise DataError(
                        f"{path} has the format {frame.version}, not {VERSION}: use the version "
                        "of adsmock that wrote it, or another folder"
                    )
                replay.take(frame)
        except msgspec.DecodeError as error:
            raise DataError(f"{path} is not a log of adsmock: {error}") from None
        if reader.torn:
            kept = path.with_name(f"{path.name}.torn")
            private_file.write(kept, reader.rest())
            self._report(
                f"{path} ended in the middle of a change that was not acknowledged: "
                f"{reader.torn} bytes were cut and kept in {kept.name}"
            )
        return reader.size

    def _delete_before(self, number: int) -> None:
        for name in ("checkpoint", "log"):
            for each in _numbers(self._folder, name):
                if each < number:
                    (self._folder / f"{name}-{each}").unlink()


def _numbers(folder: Path, name: str) -> list[int]:
    """Return the numbers of the files of one name, in order."""
    found = (path.name.removeprefix(f"{name}-") for path in folder.glob(f"{name}-*"))
    return sorted(int(each) for each in found if each.isdecimal())
