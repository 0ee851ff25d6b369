"""Time as an argument: what the client may ask of a clock, and the clocks there are.

Knows the system's time and how to follow a clock that lives elsewhere. Must not know calls,
retries or regions. This is the only module of the client that reads the system's time.
"""

from __future__ import annotations

import threading
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


class ScaledClock:
    """A clock that runs ``pace`` times as fast as the machine, and its sleeper.

    For whatever no one can advance: a client that waits at a socket waits in the machine's time.
    """

    def __init__(self, start: float, pace: float, machine: SystemClock) -> None:
        self._start = start
        self._machine = machine
        self._began = machine.now()
        self.pace = pace

    def now(self) -> float:
        """Return the seconds since the epoch, on this clock."""
        return self._start + (self._machine.now() - self._began) * self.pace

    def sleep(self, seconds: float) -> None:
        """Wait for real, the less the faster this clock runs."""
        self._machine.sleep(seconds / self.pace)


def pace_of(clock: Clock) -> float:
    """Return how many seconds of a clock pass in one second at a socket."""
    return clock.pace if isinstance(clock, ScaledClock) else 1.0


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


STUCK_SECONDS = 1.0
"""Real seconds after which workers that neither wait nor end are taken to wait for a sleeper."""


class SharedClock:
    """A clock that stands still until all workers wait, and then goes to whoever is due first.

    ``workers`` are counted as busy from the start, more when they ``enter``. Each that sleeps stops
    being busy; when nobody is, ``advance`` moves the time to the earliest due moment, and all who
    are due then wake together. So every sleeper gets just the time it asked for, however the
    threads are scheduled. A worker that ends must ``leave``, else the others would wait for it.

    A worker that is blocked by a lock which a sleeper holds counts as busy although it does
    nothing; after a second of real time without any move the clock goes on all the same. That
    can make a busy worker's call look longer, never a sleep shorter.
    """

    def __init__(self, start: float, advance: Callable[[float], float], workers: int = 0) -> None:
        self._now = start
        self._advance = advance
        self._busy = workers
        self._due: list[float] = []
        self._changed = threading.Condition()

    def now(self) -> float:
        """Return the time as of the last move."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Return when the clock has moved by ``seconds``."""
        if seconds <= 0:
            return
        with self._changed:
            due = self._now + seconds
            self._due.append(due)
            self._busy -= 1
            self._move(forced=False)
            while self._now < due:
                if not self._changed.wait(STUCK_SECONDS):
                    self._move(forced=True)

    def enter(self, workers: int) -> None:
        """Count so many workers more, before they start."""
        with self._changed:
            self._busy += workers

    def leave(self) -> None:
        """Count one worker less: it has ended."""
        with self._changed:
            self._busy -= 1
            self._move(forced=False)

    def _move(self, *, forced: bool) -> None:
        """Go to the earliest due moment if nobody is busy; called with the lock held."""
        if not self._due or (self._busy > 0 and not forced):
            return
        target = min(self._due)
        # The far clock may round: who is due at the target must find it reached.
        self._now = max(target, self._advance(target - self._now))
        left = [due for due in self._due if due > self._now]
        self._busy += len(self._due) - len(left)
        self._due = left
        self._changed.notify_all()
