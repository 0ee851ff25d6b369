"""How long the rounds of a free run take: estimated first, then corrected by what they take."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from threading import Lock

MINUTE = 60.0

LAST = 120.0
"""Seconds from which the time left is shown in seconds."""

STEP = 10

TRUST = 60.0
"""Seconds of ended rounds from which their real length counts as much as the estimate."""

SLOW = 30.0
"""Seconds from which a running round that exceeds its estimate is named, with its limit."""


@dataclass(frozen=True, slots=True)
class Length:
    """The seconds that a round takes, estimated, and those of the slow jobs that it waits for.

    The time limit of the round grows by ``slow``.
    """

    estimate: float
    slow: float = 0.0


class TimeLeft:
    """The time that some rounds take, ``at_once`` of them side by side; safe for threads.

    A round is named by its place in ``lengths``.

    Args:
        now: returns the present in seconds.
        lengths: how long each round takes.
        at_once: how many rounds run side by side.
        limit: the most seconds that one round may take, without slow jobs.
    """

    def __init__(
        self, now: Callable[[], float], lengths: Sequence[Length], at_once: int, limit: float
    ) -> None:
        self._now = now
        self._lengths = lengths
        self._at_once = at_once
        self._limit = limit
        self._started: dict[int, float] = {}
        self._took: dict[int, float] = {}
        self._lock = Lock()

    @property
    def bounds(self) -> str:
        """Return the estimate and the upper limit in words."""
        estimates = [length.estimate for length in self._lengths]
        estimate = max(sum(estimates) / self._at_once, max(estimates, default=0.0))
        slow = sum(length.slow for length in self._lengths)
        most = ceil(len(self._lengths) / self._at_once) * self._limit + slow
        jobs = f", and {minutes(slow)} of slow jobs" if slow else ""
        return (
            f"about {minutes(min(estimate, most))}, at most {minutes(most)} "
            f"(--timeout {self._limit:g} s for each round{jobs})"
        )

    def start(self, place: int) -> None:
        """Record that a round has started."""
        with self._lock:
            self._started[place] = self._now()

    def end(self, place: int) -> None:
        """Record that a round has ended."""
        with self._lock:
            self._took[place] = self._now() - self._started.pop(place)

    @property
    def words(self) -> str:
        """Return the time left in words, and the running rounds that exceed their estimates."""
        with self._lock:
            if len(self._took) == len(self._lengths):
                return "all rounds have ended"
            return f"about {_short(self._left())} left" + self._slow_rounds()

    def _left(self) -> float:
        """Return the seconds until the last round ends, if each starts as soon as it can."""
        ends = [self._left_of(place) for place in sorted(self._started)]
        ends += [0.0] * (self._at_once - len(ends))
        heapq.heapify(ends)
        for place in range(len(self._lengths)):
            if place not in self._started and place not in self._took:
                heapq.heapreplace(ends, ends[0] + self._expected(place))
        return max(ends)

    def _left_of(self, place: int) -> float:
        """Return the seconds left of a running round.

        One that exceeds its estimate is expected to take as long again, until its limit.
        """
        ran = self._now() - self._started[place]
        expected = self._expected(place)
        left = expected - ran if ran < expected else ran
        return max(0.0, min(left, self._limit_of(place) - ran))

    def _expected(self, place: int) -> float:
        """Return the estimate of a round, corrected by those that ended."""
        estimated = sum(self._lengths[ended].estimate for ended in self._took)
        factor = (sum(self._took.values()) + TRUST) / (estimated + TRUST)
        return min(self._lengths[place].estimate * factor, self._limit_of(place))

    def _limit_of(self, place: int) -> float:
        return self._limit + self._lengths[place].slow

    def _slow_rounds(self) -> str:
        rows = ((place, self._now() - at) for place, at in sorted(self._started.items()))
        words = [
            f"round {place + 1} has run for {ran:.0f} of at most {self._limit_of(place):g} s"
            if ran < self._limit_of(place)
            else f"round {place + 1} has reached its limit of {self._limit_of(place):g} s"
            for place, ran in rows
            if ran > max(SLOW, self._expected(place))
        ]
        return "".join(f"; {each}" for each in words)


def _short(seconds: float) -> str:
    """Return a duration; the last two minutes in steps of ten seconds, never 0."""
    if seconds > LAST:
        return minutes(seconds)
    return f"{max(1, ceil(seconds / STEP)) * STEP} s"


def minutes(seconds: float) -> str:
    """Return a duration in whole minutes, rounded up."""
    return f"{ceil(seconds / MINUTE)} min"
