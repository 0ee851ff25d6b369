"""Exponential backoff with jitter."""

from __future__ import annotations

from ..random_source import RandomSource


class ExponentialBackoff:
    """Doubling delays with additive jitter.

    Before retry n the delay is ``initial * factor ** (n - 1)``, at most ``cap``; the jitter adds up
    to the same delay again. A floor (Retry-After) raises the delay and leaves the jitter's width,
    so workers with the same Retry-After spread out.

    Source: Well-Architected Framework, fundamental component, exponential backoff (documented).
    """

    initial = 1.0
    factor = 2.0
    cap = 60.0

    def __init__(self, random_source: RandomSource) -> None:
        self._random_source = random_source

    def delay(self, retry: int) -> float:
        """Return the delay before the ``retry``-th retry (from 1), without jitter."""
        try:
            return min(self.cap, self.initial * self.factor ** (retry - 1))
        except OverflowError:
            return self.cap

    def wait(self, retry: int, floor: float = 0.0) -> float:
        """Return the seconds to wait before the ``retry``-th retry; never less than ``floor``."""
        delay = self.delay(retry)
        return max(delay, floor) + delay * self._random_source.fraction()
