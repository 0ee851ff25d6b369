"""Mutants: waits before retries."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from adsmock.harness.client.call import Call
from adsmock.harness.client.limiter import Limiter
from adsmock.harness.client.retry.backoff import ExponentialBackoff
from adsmock.harness.client.retry.context import Attempt, RateLimitKey
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.transport import Reply
from adsmock.harness.mutants.mutant import mutant

CLIP = 30.0
"""The longest Retry-After that is obeyed, in seconds: only T02 asks for more."""


MAX_RETRIES = 9


class _IgnoresRetryAfterPolicy(RetryPolicy):
    def retry_after(self, attempt: Attempt | None) -> float | None:
        return None


class _SlowBackoff(ExponentialBackoff):
    def wait(self, retry: int, floor: float = 0.0) -> float:
        delay = min(60.0, 4.0 * self.delay(retry))
        return delay * (1 + 0.2 * self._random_source.fraction())


class _OtherPageSizeSender(Sender):
    def attempt(self, call: Call) -> Reply:
        reply = super().attempt(call)
        size = call.body.get("maxResults") if isinstance(call.body, dict) else None
        if reply.status != HTTPStatus.TOO_MANY_REQUESTS or size is None or "nextToken" in call.body:
            return reply
        super().attempt(replace(call, body={**call.body, "maxResults": size - 1}))
        return reply


class _SecondsOnlyPolicy(RetryPolicy):
    def retry_after(self, attempt: Attempt | None) -> float | None:
        text = attempt.reply.headers.get("retry-after") if attempt and attempt.reply else None
        return float(text) if text else super().retry_after(attempt)


class _ClippingPolicy(RetryPolicy):
    def retry_after(self, attempt: Attempt | None) -> float | None:
        asked = super().retry_after(attempt)
        return None if asked is None else min(asked, CLIP)


class _ConstantBackoff(ExponentialBackoff):
    def delay(self, retry: int) -> float:
        return super().delay(1)


class _LinearBackoff(ExponentialBackoff):
    def delay(self, retry: int) -> float:
        return super().delay(1) * retry


class _ExactBackoff(ExponentialBackoff):
    def wait(self, retry: int, floor: float = 0.0) -> float:
        return max(self.delay(retry), floor)


class _SameSeedBackoff(ExponentialBackoff):
    def wait(self, retry: int, floor: float = 0.0) -> float:
        delay = self.delay(retry)
        return max(delay, floor) + delay * (retry * 0.37 % 1)


class _LongBackoff(ExponentialBackoff):
    def delay(self, retry: int) -> float:
        return min(130.0, 2.0 ** (retry - 1))


class _NoWaitAfter500Policy(RetryPolicy):
    def wait(self, attempt: Attempt | None, retry: int) -> float:
        status = attempt.reply.status if attempt and attempt.reply else None
        return 0.0 if status == HTTPStatus.INTERNAL_SERVER_ERROR else super().wait(attempt, retry)


class _NineRetriesPolicy(RetryPolicy):
    """Makes nine retries, so that long waits end within the time limit of a case."""

    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        return super().allows(attempt, retries) and retries < MAX_RETRIES


class _NoBackoff(ExponentialBackoff):
    def wait(self, retry: int, floor: float = 0.0) -> float:
        return 0.0


class _NoLimiter(Limiter):
    def admit(self, limit_key: RateLimitKey) -> None:
        """Do nothing."""

    def pause(self, limit_key: RateLimitKey, seconds: float) -> None:
        """Do nothing."""

    def slow_down(self, limit_key: RateLimitKey, seconds: float) -> None:
        """Do nothing."""


class _UnsharedLimiter(Limiter):
    def pause(self, limit_key: RateLimitKey, seconds: float) -> None:
        """Do nothing."""

    def slow_down(self, limit_key: RateLimitKey, seconds: float) -> None:
        """Do nothing."""


MUTANTS = (
    mutant(
        "other-page-size",
        "sends a throttled list again at once, with another page size",
        "I05.early T01.early T01.resumes T02.early T08.resumes T09.resumes",
        _OtherPageSizeSender,
    ),
    mutant(
        "slow-backoff",
        "ignores Retry-After and waits 4, 8 and 16 seconds",
        "I05.early T01.early T02.early T10.pause X04.early",
        _IgnoresRetryAfterPolicy,
        _SlowBackoff,
    ),
    mutant("seconds-only", "fails when Retry-After is a date", "T09.resumes", _SecondsOnlyPolicy),
    mutant(
        "herd",
        "retries with all of its workers at the same moment",
        "M01.ratio T05.jitter T10.pause T11.herd T13.ratio",
        _ExactBackoff,
        _NoLimiter,
    ),
    mutant(
        "workers-alone",
        "lets every worker run into a throttled route by itself",
        "M01.ratio T10.pause T13.ratio",
        _UnsharedLimiter,
    ),
    mutant(
        "no-retry-after",
        "ignores Retry-After; its own backoff is correct",
        "E05.early I05.early T01.early T02.early T10.pause X04.early",
        _IgnoresRetryAfterPolicy,
    ),
    mutant(
        "clipped-retry-after",
        "limits a long Retry-After to 30 seconds",
        "I05.early T02.early",
        _ClippingPolicy,
    ),
    mutant(
        "constant-backoff",
        "waits about one second before every retry; obeys Retry-After",
        "B06.growth O01.rpo O03.rpo O03.rto T03.growth T04.curve",
        _ConstantBackoff,
    ),
    mutant(
        "linear-backoff",
        "waits one second more after each failure",
        "O03.rpo T04.curve",
        _LinearBackoff,
    ),
    mutant("no-jitter", "waits exactly 1, 2, 4 seconds", "T05.jitter", _ExactBackoff),
    mutant(
        "same-seed", "uses the same jitter in every worker and call", "T05.jitter", _SameSeedBackoff
    ),
    mutant(
        "long-waits",
        "lets its delay grow beyond two minutes",
        "T07.cap",
        _LongBackoff,
        _NineRetriesPolicy,
    ),
    mutant(
        "zero-wait",
        "retries at once, whatever the service asks for",
        "A08.waits B01.paced B06.growth E01.paced E04.paced E05.early G01.resumes I05.early "
        "I06.bounded I14.waits M01.ratio M06.lost N02.paced O01.load O01.rpo O01.rto O02.rpo "
        "O03.load O03.rpo O03.rto R06.slower T01.early T02.early T03.growth T04.curve "
        "T05.jitter T08.paced T10.pause T11.herd T13.goodput T13.ratio X04.early",
        _NoBackoff,
        _NoLimiter,
        cases="G04",
    ),
    mutant(
        "no-wait-after-500",
        "retries at once after a 500, with backoff after every other failure",
        "I14.waits",
        _NoWaitAfter500Policy,
        cases="E06",
    ),
)
