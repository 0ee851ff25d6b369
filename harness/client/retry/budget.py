"""A shared allowance for retries: failures spend it, successes refill it.

Knows counting. Must not know what is retried. One budget serves all workers of a region, so a
region that stays dark is soon left alone, while the others keep an allowance of their own.
"""

from __future__ import annotations

import threading

CAPACITY = 100.0
"""Retries that may run ahead of successes. Ten calls may use all their ten retries."""

REFILL = 1.0
"""What one success gives back: half of all attempts may fail for ever without draining it."""


class RetryBudget:
    """A counter with a lock."""

    def __init__(self, capacity: float = CAPACITY, refill: float = REFILL) -> None:
        self._capacity = capacity
        self._refill = refill
        self._left = capacity
        self._lock = threading.Lock()

    @property
    def left(self) -> float:
        """The retries still allowed."""
        return self._left

    def spend(self) -> bool:
        """Take one retry out; False means that there is none left, and none was taken."""
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True

    def refill(self) -> None:
        """Note a success."""
        with self._lock:
            self._left = min(self._capacity, self._left + self._refill)
