"""Time as an argument: what the client may ask of a clock, and the clocks there are.

Knows the system's time and how to follow a clock that lives elsewhere. Must not know calls,
retries or regions. This is the only module of the client that reads the system's time.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> float:
        """Return the seconds since the epoch; never less than the last answer."""
        ...


class Sleeper(Protocol):
    """Lets time pass."""

    def sleep(self, seconds: float) -> None:
        """Return when ``seconds`` have passed on the clock that belongs to this sleeper."""
        ...


class SystemClock:
    """The machine's time: a wall clock read once, carried on by the monotonic clock.

    So a correction of the wall clock in the middle of a run neither shortens nor stretches a wait.
    """

    def __init__(self) -> None:
        wall = time.time()  # noqa: TID251 -- this module is the clock
        self._offset = wall - time.monotonic()  # noqa: TID251 -- this module is the clock

    def now(self) -> float:
        """Return the seconds since the epoch."""
        return self._offset + time.monotonic()  # noqa: TID251 -- this module is the clock

    def sleep(self, seconds: float) -> None:
        """Wait for real."""
        time.sleep(max(0.0, seconds))  # noqa: TID251 -- this module is the clock


class RemoteClock:
    """A clock that stands still until its sleeper asks someone to move it.

    ``advance`` takes seconds and returns the new time: a mock's frozen clock over HTTP, or a
    plain function in a unit test. A run that waits for hours then takes milliseconds.
    """

    def __init__(self, start: float, advance: Callable[[float], float]) -> None:
        self._now = start
        self._advance = advance

    def now(self) -> float:
        """Return the time as of the last move."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Move the clock instead of waiting."""
        if seconds > 0:
            self._now = max(self._now, self._advance(seconds))
