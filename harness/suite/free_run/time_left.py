"""How long the rounds of a free run take: estimated first, then corrected by those that ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

MINUTE = 60.0

LAST = 120.0
"""Seconds from which the time left is shown in seconds."""

STEP = 10

TRUST = 60.0
"""Seconds of ended rounds from which their real length counts as much as the estimate."""


class TimeLeft:
    """The time that some rounds take, ``at_once`` of them side by side.

    Args:
        now: returns the present in seconds.
        estimates: the seconds that each round takes, estimated.
        at_once: how many rounds run side by side.
        limit: the most seconds that one round may take.
        slow: the seconds of slow jobs, which rounds may take in addition.
    """

    def __init__(
        self,
        now: Callable[[], float],
        estimates: Sequence[float],
        at_once: int,
        limit: float,
        slow: float = 0.0,
    ) -> None:
        self._now = now
        self._at_once = at_once
        self._limit = limit
        self._slow = slow
        self._rounds = len(estimates)
        self._total = sum(estimates)
        self._longest = max(estimates, default=0.0)
        self._done = 0.0
        self._started = now()

    @property
    def bounds(self) -> str:
        """Return the estimate and the upper limit in words."""
        estimate = max(self._total / self._at_once, self._longest)
        most = ceil(self._rounds / self._at_once) * self._limit + self._slow
        jobs = f", and {minutes(self._slow)} of slow jobs" if self._slow else ""
        return (
            f"about {minutes(min(estimate, most))}, at most {minutes(most)} "
            f"(--timeout {self._limit:g} s for each round{jobs})"
        )

    def note(self, estimate: float) -> None:
        """Record that a round with this estimate has ended."""
        self._done += estimate

    @property
    def words(self) -> str:
        """Return the time left in words."""
        spent = (self._now() - self._started) * self._at_once
        factor = (spent + TRUST) / (self._done + TRUST)
        left = max(0.0, self._total - self._done) * factor / self._at_once
        return f"about {_short(left)} left" if left else "all rounds have ended"


def _short(seconds: float) -> str:
    """Return a duration; the last two minutes in steps of ten seconds."""
    return minutes(seconds) if seconds > LAST else f"{ceil(seconds / STEP) * STEP} s"


def minutes(seconds: float) -> str:
    """Return a duration in whole minutes, rounded up."""
    return f"{ceil(seconds / MINUTE)} min"
