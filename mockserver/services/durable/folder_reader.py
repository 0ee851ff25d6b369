"""Reads what a data directory contains: the newest checkpoint, and the logs since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from adsmock.mockserver.core import private_file
from adsmock.mockserver.services.durable import DataError
from adsmock.mockserver.services.durable.frames import VERSION, Start, decode
from adsmock.mockserver.services.durable.log_file import FrameReader
from adsmock.mockserver.services.durable.replay import Replay

Report = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class FolderContent:
    """What was found: the number and size of the last log, and what all files describe."""

    number: int
    replay: Replay
    log_bytes: int
    checkpoint_bytes: int


def read_folder(folder: Path, report: Report) -> FolderContent:
    """Return the content of a data directory; ``report`` gets a line for a torn file.

    Raises:
        DataError: a file is damaged, or of another version.
    """
    for path in folder.glob(f"*{private_file.PART}"):
        path.unlink()  # a checkpoint that was not finished
    replay, checkpoint_bytes = Replay(), 0
    first = max(numbers(folder, "checkpoint"), default=0)
    if first:
        path = folder / f"checkpoint-{first}"
        checkpoint_bytes = _read(path, replay, report)
        if not replay.is_ended:
            raise DataError(f"{path} is damaged: restore the folder from a copy")
    log_bytes, last = 0, first
    for last in [each for each in numbers(folder, "log") if each >= first]:
        log_bytes = _read(folder / f"log-{last}", replay, report)
    return FolderContent(last, replay, log_bytes, checkpoint_bytes)


def numbers(folder: Path, name: str) -> list[int]:
    """Return the numbers of the files of one name, in order."""
    found = (path.name.removeprefix(f"{name}-") for path in folder.glob(f"{name}-*"))
    return sorted(int(each) for each in found if each.isdecimal())


def _read(path: Path, replay: Replay, report: Report) -> int:
    """Apply the frames of a file, and return the size of its complete frames."""
    reader = FrameReader(path)
    try:
        for payload in reader:
            frame = decode(payload)
            if isinstance(frame, Start) and frame.version != VERSION:
                raise DataError(
                    f"{path} has the format {frame.version}, not {VERSION}: use the version of "
                    "adsmock that wrote it, or another folder"
                )
            replay.take(frame)
    except msgspec.DecodeError as error:
        raise DataError(f"{path} is not a log of adsmock: {error}") from None
    if reader.is_damaged:
        raise DataError(
            f"{path} is damaged after {reader.size} bytes, and changes follow: restore the folder "
            "from a copy"
        )
    if reader.torn:
        kept = path.with_name(f"{path.name}.torn")
        private_file.write(kept, reader.rest())
        report(
            f"{path} ended in the middle of a change that was not answered: {reader.torn} bytes "
            f"were cut and kept in {kept.name}"
        )
    return reader.size
