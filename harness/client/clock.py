"""Clocks and sleepers. Only this module of the client reads the system's time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol


def _machine_seconds() -> float:
    return time.monotonic()  # noqa: TID251 -- this module is the clock


class Clock(Protocol):
    """A source of time."""

    def now(self) -> float:
        """Return the seconds since the epoch; never less than before."""
        ...


class Sleeper(Protocol):
    """A way to wait on a clock."""

    def sleep(self, seconds: float) -> None:
        """Wait until ``seconds`` have passed on the clock of this sleeper."""
        ...


class SystemClock:
    """The machine's time: the wall clock at the start, advanced by the monotonic clock.

    A correction of the wall clock during a run does not change a wait.
    """

    def __init__(self) -> None:
        wall = time.time()  # noqa: TID251 -- this module is the clock
        self._offset = wall - time.monotonic()  # noqa: TID251 -- this module is the clock

    def now(self) -> float:
        """Return the seconds since the epoch."""
        return self._offset + time.monotonic()  # noqa: TID251 -- this module is the clock

    def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        time.sleep(max(0.0, seconds))  # noqa: TID251 -- this module is the clock


class ScaledClock:
    """A clock that runs ``speed`` times as fast as the machine's, and its sleeper.

    For runs whose clock cannot be advanced: a wait at a socket takes the machine's time.
    """

    def __init__(self, start: float, speed: float, machine: SystemClock) -> None:
        self._start = start
        self._machine = machine
        self._began = machine.now()
        self.speed = speed

    def now(self) -> float:
        """Return the seconds since the epoch on this clock."""
        return self._start + (self._machine.now() - self._began) * self.speed

    def sleep(self, seconds: float) -> None:
        """Wait in real time for ``seconds`` of this clock."""
        self._machine.sleep(seconds / self.speed)


def speed_of(clock: Clock) -> float:
    """Return how many seconds of a clock pass in one second of the machine."""
    return clock.speed if isinstance(clock, ScaledClock) else 1.0


def calling(clock: Clock) -> AbstractContextManager[None]:
    """Mark a call in progress on a clock of several workers; do nothing on another clock."""
    return clock.calling() if isinstance(clock, SharedClock) else nullcontext()


class RemoteClock:
    """A clock that only its sleeper advances.

    ``advance`` takes seconds and returns the new time: a mock's frozen clock over HTTP, or a
    plain function in a unit test. A run with hours of waits then takes milliseconds.
    """

    def __init__(self, start: float, advance: Callable[[float], float]) -> None:
        self._now = start
        self._advance = advance

    def now(self) -> float:
        """Return the time of the last advance."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Advance the clock instead of waiting."""
        if seconds > 0:
            self._now = max(self._now, self._advance(seconds))


STUCK_SECONDS = 1.0
"""Real seconds without a call or a use of the clock, after which each busy worker is assumed to
wait for one that sleeps."""

CALL_SECONDS = 10.0
"""The same while a call is in progress: its answer may itself wait for the clock."""


class SharedClock:
    """A clock for several workers that advances when all of them sleep.

    ``workers`` counts as busy from the start; ``enter`` adds more. A worker that sleeps is not
    busy. When no worker is busy, ``advance`` moves the time to the earliest wake-up time, and all
    workers that are due wake together. So each sleeps exactly as long as it asked, however
    threads are scheduled. A worker that ends must call ``leave``, or the others wait for it.

    A worker that waits for a lock which a sleeper holds counts as busy. When no worker used the
    clock or made a call for a second of real time, the clock advances anyway. A slow machine
    alone does not advance it: a call in progress (``calling``) is waited for.
    """

    def __init__(self, start: float, advance: Callable[[float], float], workers: int = 0) -> None:
        self._now = start
        self._advance = advance
        self._busy = workers
        self._due: list[float] = []
        self._calls = 0
        self._used = _machine_seconds()
        self._changed = threading.Condition()

    def now(self) -> float:
        """Return the time of the last advance."""
        self._used = _machine_seconds()
        return self._now

    @contextmanager
    def calling(self) -> Iterator[None]:
        """Mark that a worker waits for the answer to a call, not for another worker."""
        with self._changed:
            self._calls += 1
        try:
            yield
        finally:
            with self._changed:
                self._calls -= 1
                self._used = _machine_seconds()

    def sleep(self, seconds: float) -> None:
        """Wait until the clock has advanced by ``seconds``."""
        if seconds <= 0:
            return
        with self._changed:
            self._used = _machine_seconds()
            due = self._now + seconds
            self._due.append(due)
            self._busy -= 1
            self._move(forced=False)
            while self._now < due:
                if not self._changed.wait(STUCK_SECONDS):
                    self._move(forced=self._is_stuck())

    def enter(self, workers: int) -> None:
        """Count ``workers`` more, before they start."""
        with self._changed:
            self._busy += workers

    def leave(self) -> None:
        """Count one worker less, which has ended."""
        with self._changed:
            self._busy -= 1
            self._move(forced=False)

    def _is_stuck(self) -> bool:
        unused = _machine_seconds() - self._used
        return unused >= (CALL_SECONDS if self._calls else STUCK_SECONDS)

    def _move(self, *, forced: bool) -> None:
        """Advance to the earliest wake-up time if no worker is busy; needs the lock."""
        if not self._due or (self._busy > 0 and not forced):
            return
        target = min(self._due)
        # The remote clock may round: workers due at the target must see it as reached.
        self._now = max(target, self._advance(target - self._now))
        left = [due for due in self._due if due > self._now]
        self._busy += len(self._due) - len(left)
        self._used = _machine_seconds()
        self._due = left
        self._changed.notify_all()
