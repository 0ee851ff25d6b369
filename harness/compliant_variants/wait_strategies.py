"""Lawful ways to wait: other jitters, bases, factors, and more than Retry-After asks for.

Knows the arithmetic of waiting. Must not know calls. No wait is ever shorter than Retry-After.
"""

from __future__ import annotations

from adsmock.harness.client.random_source import RandomSource
from adsmock.harness.client.retry.backoff import ExponentialBackoff
from adsmock.harness.client.retry.context import Attempt
from adsmock.harness.client.retry.policy import RetryPolicy


class FullJitter(ExponentialBackoff):
    """Anything from nothing to the delay."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        """Return the wait before a retry."""
        return floor + self.delay(retry) * self._draw.fraction()


class EqualJitter(ExponentialBackoff):
    """Half of the delay, and a random part of the other half."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        """Return the wait before a retry."""
        return max(floor, self.delay(retry) * (1 + self._draw.fraction()) / 2)


class Decorrelated(ExponentialBackoff):
    """From one second to three times the longest wait before."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        """Return the wait before a retry."""
        longest = min(60.0, 3.0**retry)
        return max(floor, 1.0 + (longest - 1.0) * self._draw.fraction())


class NarrowJitter(ExponentialBackoff):
    """The delay, 20 % more or less."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        """Return the wait before a retry."""
        return max(floor, self.delay(retry) * (0.8 + 0.4 * self._draw.fraction()))


class QuickStart(ExponentialBackoff):
    """Begins at 100 ms."""

    def __init__(self, draw: RandomSource) -> None:
        super().__init__(draw, initial=0.1)


class SlowStart(ExponentialBackoff):
    """Begins at two seconds."""

    def __init__(self, draw: RandomSource) -> None:
        super().__init__(draw, initial=2.0, cap=30.0)


class Gentle(ExponentialBackoff):
    """Grows by half."""

    def __init__(self, draw: RandomSource) -> None:
        super().__init__(draw, factor=1.5)


class Golden(ExponentialBackoff):
    """Grows by six tenths."""

    def __init__(self, draw: RandomSource) -> None:
        super().__init__(draw, factor=1.6)


class Larger(ExponentialBackoff):
    """The larger of Retry-After and its own wait, jitter and all."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        """Return the wait before a retry."""
        return max(floor, super().wait(retry))


class Steep(ExponentialBackoff):
    """Grows threefold."""

    def __init__(self, draw: RandomSource) -> None:
        super().__init__(draw, factor=3.0, cap=40.0)


class TenthLater(RetryPolicy):
    """Waits a tenth longer than it was told."""

    def retry_after(self, attempt: Attempt | None) -> float | None:
        """Return the wait, lengthened."""
        asked = super().retry_after(attempt)
        return None if asked is None else asked * 1.1


class FiveLater(RetryPolicy):
    """Waits five seconds longer than it was told."""

    def retry_after(self, attempt: Attempt | None) -> float | None:
        """Return the wait, lengthened."""
        asked = super().retry_after(attempt)
        return None if asked is None else asked + 5.0


class ThreeRetries(RetryPolicy):
    """Gives up early."""

    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        """Say whether one of three retries is left."""
        return super().allows(attempt, retries) and retries < 3  # noqa: PLR2004 -- three by its name
