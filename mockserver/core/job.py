"""Asynchronous work: accepted, polled, downloaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Literal

Stage = Literal["running", "completed", "failed"]

NEVER = 1e12
"""A time that no sandbox reaches; unlike infinity it can be written as JSON."""


@dataclass(slots=True)
class Job:
    """One export or report. Times are sandbox seconds.

    ``file`` resolves to the finished bytes. A large file is made outside the event loop, so a job
    is complete when its time has come *and* its file is ready.
    """

    id: str
    kind: str
    client_id: str
    profile_id: str
    created: float
    due: float
    kept: float
    request: dict[str, Any] = field(default_factory=dict)
    file: Future[bytes] | None = None
    error: str | None = None
    contract: str = ""
    """The contract of the operations that start and show it."""
    starts: float = 0.0
    """When work on it begins; until then some families allow to delete it."""
    is_stuck: bool = False
    finished: float | None = None
    urls: int = 0
    url_floor: int = 0
    """URLs up to this number were expired before their time."""
    url_ends: list[float] = field(default_factory=list)
    """When each issued URL expires."""
    is_split: bool = False
    """Whether ``file`` has several files in one, as ``join`` returns them."""

    def parts(self) -> list[bytes]:
        """Return the finished files of the job; every issue of URLs has one for each, in order."""
        if self.file is None:
            return []
        content = self.file.result()
        return separate(content) if self.is_split else [content]

    def stage(self, now: float) -> Stage:
        """Return the job's stage at ``now``."""
        if self.error is not None and (self.finished is not None or now >= self.due):
            return "failed"
        if self.finished is not None:
            return "completed"
        if self.is_stuck or now < self.due or (self.file is not None and not self.file.done()):
            return "running"
        return "completed"

    def is_gone(self, now: float) -> bool:
        """Say whether the job is past the time it is kept after its end."""
        return self.stage(now) != "running" and now >= self.ended(now) + self.kept

    def ended(self, now: float) -> float:
        """Return when the job ended, ``now`` if it has not."""
        if self.finished is not None:
            return self.finished
        return self.due if self.stage(now) != "running" else now


_HEAD = 8
"""Bytes of a length in front of each file of several."""


def join(files: Sequence[bytes]) -> bytes:
    """Return several files as one: the length of each, then the file."""
    return b"".join(len(each).to_bytes(_HEAD, "big") + each for each in files)


def separate(content: bytes) -> list[bytes]:
    """Return the files that ``join`` made one."""
    files, start = [], 0
    while start < len(content):
        begin = start + _HEAD
        start = begin + int.from_bytes(content[start:begin], "big")
        files.append(content[begin:start])
    return files


Worker = Callable[[Callable[[], bytes]], "Future[bytes]"]
"""Runs a function outside the caller's thread; a test may run it at once."""


def at_once(work: Callable[[], bytes]) -> Future[bytes]:
    """Run ``work`` in the calling thread: the worker of small files and of tests."""
    future: Future[bytes] = Future()
    try:
        future.set_result(work())
    except Exception as error:  # noqa: BLE001 -- a future carries every exception
        future.set_exception(error)
    return future
