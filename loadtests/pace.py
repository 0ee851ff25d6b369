"""Adaptive rate for a limit that is unknown and changes: the pace of one quota class in one region.

The rate increases additively and decreases multiplicatively (AIMD). Time and random numbers are
arguments.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST_RATE = 2.0
"""Calls per second at the start: low enough for any quota, and it grows quickly."""

LOWEST_RATE = 0.2
HIGHEST_RATE = 50.0

STEP = 0.5
"""Increase in calls per second after one second of accepted calls."""

DECREASE = 0.6
"""Factor on the rate after a refusal: the bucket is empty and must refill."""

FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 30.0

SPREAD = 0.5
"""Largest jitter on top of a stated wait, as a part of it; the wait is never shorter."""


@dataclass(slots=True)
class Pace:
    """The pace that all workers of one client share under one quota."""

    rate: float = FIRST_RATE
    free_at: float = 0.0
    refusals: int = 0
    """Refusals in a row."""

    def wait(self, now: float) -> float:
        """Return the seconds until the next call may go out; 0 when it may now."""
        return max(0.0, self.free_at - now)

    def take(self, now: float) -> None:
        """Use the current slot; the next one comes one interval later."""
        self.free_at = max(self.free_at, now) + 1.0 / self.rate

    def accepted(self) -> None:
        """Increase the rate."""
        self.refusals = 0
        self.rate = min(HIGHEST_RATE, self.rate + STEP / self.rate)

    def throttled(self, now: float, retry_after: float | None, draw: float) -> None:
        """Reduce the rate and pause it for the stated wait, or for exponential backoff.

        ``draw`` in [0, 1) spreads callers that were refused at the same time.
        """
        self.refusals += 1
        self.rate = max(LOWEST_RATE, self.rate * DECREASE)
        self.free_at = max(self.free_at, now + self._hold(retry_after, draw))

    def _hold(self, retry_after: float | None, draw: float) -> float:
        if retry_after is not None:
            return retry_after * (1.0 + SPREAD * draw)
        ceiling = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2.0 ** (self.refusals - 1))
        return ceiling * (0.5 + 0.5 * draw)


def seconds_of(header: str | None) -> float | None:
    """Return the seconds of a ``Retry-After`` header; None without a number."""
    if header is None:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        return None
