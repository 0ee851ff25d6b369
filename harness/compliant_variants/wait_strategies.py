"""Compliant wait strategies: other jitters, bases and factors; none is shorter than Retry-After."""

from __future__ import annotations

from adsmock.harness.client.retry.backoff import ExponentialBackoff
from adsmock.harness.client.retry.context import Attempt
from adsmock.harness.client.retry.policy import RetryPolicy


class FullJitter(ExponentialBackoff):
    """A random wait from zero to the delay."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        return floor + self.delay(retry) * self._random_source.fraction()


class EqualJitter(ExponentialBackoff):
    """Half of the delay, and a random part of the other half."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        return max(floor, self.delay(retry) * (1 + self._random_source.fraction()) / 2)


class Decorrelated(ExponentialBackoff):
    """A random wait from one second to three times the longest previous wait."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        longest = min(60.0, 3.0**retry)
        return max(floor, 1.0 + (longest - 1.0) * self._random_source.fraction())


class NarrowJitter(ExponentialBackoff):
    """The delay, 20 % more or less."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        return max(floor, self.delay(retry) * (0.8 + 0.4 * self._random_source.fraction()))


class LargerWait(ExponentialBackoff):
    """The larger of Retry-After and the own wait with its jitter."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        return max(floor, super().wait(retry))


class TenPercentLater(RetryPolicy):
    """Waits 10 % longer than Retry-After."""

    def retry_after(self, attempt: Attempt | None) -> float | None:
        seconds = super().retry_after(attempt)
        return None if seconds is None else seconds * 1.1


class FiveSecondsLater(RetryPolicy):
    """Waits five seconds longer than Retry-After."""

    def retry_after(self, attempt: Attempt | None) -> float | None:
        seconds = super().retry_after(attempt)
        return None if seconds is None else seconds + 5.0


class ThreeRetries(RetryPolicy):
    """Gives up after three retries."""

    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        return super().allows(attempt, retries) and retries < 3  # noqa: PLR2004 -- three by its name
