"""How fast to go when the limit is unknown and moves: the pace of one lane.

A lane is one quota class in one region. Knows additive increase, multiplicative decrease and
holds. Must not know calls, users or the clock: the time and the draws are arguments.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST_RATE = 2.0
"""Calls a second to begin with: low enough for any lane, soon outgrown on a free one."""

LOWEST_RATE = 0.2
HIGHEST_RATE = 50.0

STEP = 0.5
"""Calls a second gained by a second's worth of accepted calls."""

DECREASE = 0.6
"""What one refusal leaves of the rate: the bucket behind it is empty and must refill."""

FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 30.0

SPREAD = 0.5
"""Jitter on top of a stated wait, as a part of it: never below it, and not all at once."""


@dataclass(slots=True)
class Pace:
    """The pace that all workers of one client share on one lane."""

    rate: float = FIRST_RATE
    free_at: float = 0.0
    refusals: int = 0
    """Refusals in a row."""

    def wait(self, now: float) -> float:
        """Return the seconds until the next call may go out; 0 when it may now."""
        return max(0.0, self.free_at - now)

    def take(self, now: float) -> None:
        """Spend the present slot: the next one comes one interval later."""
        self.free_at = max(self.free_at, now) + 1.0 / self.rate

    def accepted(self) -> None:
        """Go a little faster."""
        self.refusals = 0
        self.rate = min(HIGHEST_RATE, self.rate + STEP / self.rate)

    def throttled(self, now: float, retry_after: float | None, draw: float) -> None:
        """Slow down and hold the lane: as long as stated, or longer each time if nothing is.

        ``draw`` in [0, 1) spreads those who were refused together.
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
    """Return the seconds of a ``Retry-After`` header, or nothing when it names none."""
    if header is None:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        return None
