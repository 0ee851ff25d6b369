"""The retry budget: failures spend it, successes refill it.

All workers of a region share one budget, so retries to an unavailable region soon stop, while other
regions have budgets of their own.
"""

from __future__ import annotations

import threading

CAPACITY = 100.0
"""Retries without a success in between: ten calls may use all their ten retries."""

REFILL = 1.0
"""What one success returns: the budget lasts while at most half of all attempts fail."""


class RetryBudget:
    """A retry budget that threads can share."""

    def __init__(self, capacity: float = CAPACITY, refill: float = REFILL) -> None:
        self._capacity = capacity
        self._refill = refill
        self._left = capacity
        self._lock = threading.Lock()

    @property
    def left(self) -> float:
        """The retries that are left."""
        return self._left

    def spend(self) -> bool:
        """Take one retry; return False when none is left."""
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True

    def refill(self) -> None:
        """Count a success."""
        with self._lock:
            self._left = min(self._capacity, self._left + self._refill)
