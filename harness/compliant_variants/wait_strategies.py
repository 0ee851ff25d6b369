"""Compliant wait strategies: other jitters, bases and factors; none is shorter than Retry-After."""

from __future__ import annotations

from adsmock.harness.client.random_source import RandomSource
from adsmock.harness.client.retry.backoff import ExponentialBackoff
from adsmock.harness.client.retry.context import Attempt
from adsmock.harness.client.retry.policy import RetryPolicy


class FullJitter(ExponentialBackoff):
    """A random wait from zero to the delay."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        """Return the wait before a retry."""
        return floor + self.delay(retry) * self._random_source.fraction()


class EqualJitter(ExponentialBackoff):
    """Half of the delay, and a random part of the other half."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        """Return the wait before a retry."""
        return max(floor, self.delay(retry) * (1 + self._random_source.fraction()) / 2)


class Decorrelated(ExponentialBackoff):
    """A random wait from one second to three times the longest previous wait."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        """Return the wait before a retry."""
        longest = min(60.0, 3.0**retry)
        return max(floor, 1.0 + (longest - 1.0) * self._random_source.fraction())


class NarrowJitter(ExponentialBackoff):
    """The delay, 20 % more or less."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        """Return the wait before a retry."""
        return max(floor, self.delay(retry) * (0.8 + 0.4 * self._random_source.fraction()))


class Base100ms(ExponentialBackoff):
    """Starts at 100 ms."""

    def __init__(self, random_source: RandomSource) -> None:
        super().__init__(random_source, initial=0.1)


class Base2s(ExponentialBackoff):
    """Starts at two seconds."""

    def __init__(self, random_source: RandomSource) -> None:
        super().__init__(random_source, initial=2.0, cap=30.0)


class Factor15(ExponentialBackoff):
    """Grows by a factor of 1.5."""

    def __init__(self, random_source: RandomSource) -> None:
        super().__init__(random_source, factor=1.5)


class Factor16(ExponentialBackoff):
    """Grows by a factor of 1.6."""

    def __init__(self, random_source: RandomSource) -> None:
        super().__init__(random_source, factor=1.6)


class LargerWait(ExponentialBackoff):
    """The larger of Retry-After and the own wait with its jitter."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        """Return the wait before a retry."""
        return max(floor, super().wait(retry))


class Factor3(ExponentialBackoff):
    """Grows by a factor of 3."""

    def __init__(self, random_source: RandomSource) -> None:
        super().__init__(random_source, factor=3.0, cap=40.0)


class TenPercentLater(RetryPolicy):
    """Waits 10 % longer than Retry-After."""

    def retry_after(self, attempt: Attempt | None) -> float | None:
        """Return the longer wait."""
        seconds = super().retry_after(attempt)
        return None if seconds is None else seconds * 1.1


class FiveSecondsLater(RetryPolicy):
    """Waits five seconds longer than Retry-After."""

    def retry_after(self, attempt: Attempt | None) -> float | None:
        """Return the longer wait."""
        seconds = super().retry_after(attempt)
        return None if seconds is None else seconds + 5.0


class ThreeRetries(RetryPolicy):
    """Gives up after three retries."""

    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        """Return whether one of three retries is left."""
        return super().allows(attempt, retries) and retries < 3  # noqa: PLR2004 -- three by its name
