"""How long to wait before a retry.

Knows the arithmetic of waiting. Must not know why we wait, nor read any clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..random_source import RandomSource


class ExponentialBackoff:
    """Doubling delays with jitter that only ever adds.

    Before retry n the delay is ``initial * factor ** (n - 1)``, at most ``cap``; up to once more
    that delay is added by chance. A floor (Retry-After) lifts the delay and never the jitter's
    width, so workers that were told the same second still come back spread out.

    Source: Well-Architected Framework, fundamental component, exponential backoff (documented).
    """

    def __init__(
        self, draw: RandomSource, *, initial: float = 1.0, factor: float = 2.0, cap: float = 60.0
    ) -> None:
        self._draw = draw
        self._initial = initial
        self._factor = factor
        self._cap = cap

    def delay(self, retry: int) -> float:
        """Return the delay before the ``retry``-th retry (from 1), without jitter."""
        try:
            return min(self._cap, self._initial * self._factor ** (retry - 1))
        except OverflowError:
            return self._cap

    def wait(self, retry: int, floor: float = 0.0) -> float:
        """Return the seconds to wait before the ``retry``-th retry; never less than ``floor``."""
        delay = self.delay(retry)
        return max(delay, floor) + delay * self._draw.fraction()
