"""Asynchronous work: accepted, polled, downloaded.

Knows the life of a job on the sandbox's clock. Must not know file formats or wire statuses.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Literal

Stage = Literal["running", "completed", "failed"]

NEVER = 1e12
"""A time that no sandbox reaches; unlike infinity it can be written as JSON."""


@dataclass(slots=True)
class Job:
    """One export or report. Times are sandbox seconds.

    ``file`` resolves to the finished bytes; it is made off the event loop when it is large, so
    a job is complete when its time has come *and* its file is there.
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
    """The contract whose operations started it and may ask for it."""
    starts: float = 0.0
    """When work on it begins; until then it may be taken back where the family allows it."""
    is_stuck: bool = False
    finished: float | None = None
    urls: int = 0
    url_floor: int = 0
    """URLs numbered up to this one have been expired by hand."""
    url_ends: list[float] = field(default_factory=list)
    """When each URL handed out ends."""

    def stage(self, now: float) -> Stage:
        """Return where the job stands at ``now``."""
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


Worker = Callable[[Callable[[], bytes]], "Future[bytes]"]
"""Runs a function off the caller's thread; a test may run it at once."""


def at_once(context: Callable[[], bytes]) -> Future[bytes]:
    """Run ``work`` here and now: the worker of small files and of tests."""
    future: Future[bytes] = Future()
    try:
        future.set_result(context())
    except Exception as error:  # noqa: BLE001 -- a future carries whatever its work raised
        future.set_exception(error)
    return future
