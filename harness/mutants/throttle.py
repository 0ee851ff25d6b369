"""Mutants: waits before retries."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from adsmock.harness.client.call import Call
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.limiter import Limiter
from adsmock.harness.client.retry.backoff import ExponentialBackoff
from adsmock.harness.client.retry.context import Attempt, Lane
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.transport import Reply
from adsmock.harness.mutants.mutant import Mutant

CLIP = 30.0
"""The longest Retry-After that is obeyed, in seconds: only T02 asks for more."""


MAX_RETRIES = 9


class _IgnoresRetryAfterPolicy(RetryPolicy):
    """Ignores Retry-After."""

    def retry_after(self, attempt: Attempt | None) -> float | None:
        del attempt
        return None


class NoRetryAfter(AdsClient):
    """Uses its own backoff instead of Retry-After."""

    policy_class = _IgnoresRetryAfterPolicy


class _SlowBackoff(ExponentialBackoff):
    """Waits 4, 8 and 16 seconds, with little jitter."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        del floor
        delay = min(60.0, 4.0 * self.delay(retry))
        return delay * (1 + 0.2 * self._random_source.fraction())


class SlowBackoff(AdsClient):
    """Ignores Retry-After and waits longer than most that the service asks for."""

    policy_class = _IgnoresRetryAfterPolicy
    backoff_class = _SlowBackoff


class _OtherPageSizeSender(Sender):
    """Sends a throttled list again at once, with another page size."""

    def attempt(self, call: Call) -> Reply:
        reply = super().attempt(call)
        size = call.body.get("maxResults") if isinstance(call.body, dict) else None
        if reply.status != HTTPStatus.TOO_MANY_REQUESTS or size is None or "nextToken" in call.body:
            return reply
        super().attempt(replace(call, body={**call.body, "maxResults": size - 1}))
        return reply


class OtherPageSize(AdsClient):
    """Sends a throttled list again at once, with another page size."""

    sender_class = _OtherPageSizeSender


class _SecondsOnlyPolicy(RetryPolicy):
    """Reads Retry-After as a number, and fails when it is a date."""

    def retry_after(self, attempt: Attempt | None) -> float | None:
        text = attempt.reply.headers.get("retry-after") if attempt and attempt.reply else None
        return float(text) if text else super().retry_after(attempt)


class SecondsOnly(AdsClient):
    """Ends its work when Retry-After is a date."""

    policy_class = _SecondsOnlyPolicy


class _ClippingPolicy(RetryPolicy):
    """Limits Retry-After to ``CLIP`` seconds."""

    def retry_after(self, attempt: Attempt | None) -> float | None:
        asked = super().retry_after(attempt)
        return None if asked is None else min(asked, CLIP)


class ClippedRetryAfter(AdsClient):
    """Limits a long Retry-After to its own maximum."""

    policy_class = _ClippingPolicy


class _ConstantBackoff(ExponentialBackoff):
    """Uses the first delay for every retry."""

    def delay(self, retry: int) -> float:
        del retry
        return super().delay(1)


class ConstantBackoff(AdsClient):
    """Waits one to two seconds before every retry, or Retry-After."""

    backoff_class = _ConstantBackoff


class _LinearBackoff(ExponentialBackoff):
    """Adds one second per retry."""

    def delay(self, retry: int) -> float:
        return super().delay(1) * retry


class LinearBackoff(AdsClient):
    """Uses a linear backoff."""

    backoff_class = _LinearBackoff


class _ExactBackoff(ExponentialBackoff):
    """Doubles without jitter."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        return max(self.delay(retry), floor)


class NoJitter(AdsClient):
    """Waits exactly 1, 2, 4 seconds."""

    backoff_class = _ExactBackoff


class _SameSeedBackoff(ExponentialBackoff):
    """Uses the same jitter for every call."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        delay = self.delay(retry)
        return max(delay, floor) + delay * (retry * 0.37 % 1)


class SameSeed(AdsClient):
    """Uses the same jitter in every worker and call."""

    backoff_class = _SameSeedBackoff


class _LongBackoff(ExponentialBackoff):
    """Lets the delay grow beyond two minutes."""

    def delay(self, retry: int) -> float:
        return min(130.0, 2.0 ** (retry - 1))


class _NineRetriesPolicy(RetryPolicy):
    """Makes nine retries, so that long waits end within the time limit of a case."""

    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        return super().allows(attempt, retries) and retries < MAX_RETRIES


class LongWaits(AdsClient):
    """Uses a maximum delay of 130 seconds."""

    backoff_class = _LongBackoff
    policy_class = _NineRetriesPolicy


class _NoBackoff(ExponentialBackoff):
    """Never waits."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        del retry, floor
        return 0.0


class _NoLimiter(Limiter):
    """Limits nothing."""

    def admit(self, lane: Lane) -> None:
        """Do nothing."""

    def pause(self, lane: Lane, seconds: float) -> None:
        """Do nothing."""

    def slow_down(self, lane: Lane, seconds: float) -> None:
        """Do nothing."""


class ZeroWait(AdsClient):
    """Retries at once, whatever the service asks for."""

    backoff_class = _NoBackoff
    limiter_class = _NoLimiter


class Herd(AdsClient):
    """Retries with all of its workers at the same moment."""

    backoff_class = _ExactBackoff
    limiter_class = _NoLimiter


class _UnsharedLimiter(Limiter):
    """Does not share a Retry-After between workers."""

    def pause(self, lane: Lane, seconds: float) -> None:
        """Do nothing."""

    def slow_down(self, lane: Lane, seconds: float) -> None:
        """Do nothing."""


class WorkersAlone(AdsClient):
    """Lets each worker run into a throttled route by itself."""

    limiter_class = _UnsharedLimiter


MUTANTS = (
    Mutant(
        "other-page-size",
        "sends a throttled list again at once, with another page size",
        ("I05.early", "T01.early", "T01.resumes", "T02.early", "T08.resumes", "T09.resumes"),
        OtherPageSize,
    ),
    Mutant(
        "slow-backoff",
        "ignores Retry-After and waits 4, 8 and 16 seconds",
        ("T01.early", "T02.early", "T10.pause", "X04.early"),
        SlowBackoff,
    ),
    Mutant("seconds-only", "fails when Retry-After is a date", ("T09.resumes",), SecondsOnly),
    Mutant(
        "herd",
        "retries with all of its workers at the same moment",
        ("M01.ratio", "T05.jitter", "T10.pause", "T11.herd", "T13.ratio"),
        Herd,
    ),
    Mutant(
        "workers-alone",
        "lets every worker run into a throttled route by itself",
        ("M01.ratio", "T10.pause", "T13.ratio"),
        WorkersAlone,
    ),
    Mutant(
        "no-retry-after",
        "ignores Retry-After; its own backoff is correct",
        (
            "E05.early",
            "I05.early",
            "T01.early",
            "T02.early",
            "T10.pause",
            "X04.early",
        ),
        NoRetryAfter,
    ),
    Mutant(
        "clipped-retry-after",
        "limits a long Retry-After to 15 seconds",
        (
            "I05.early",
            "T02.early",
        ),
        ClippedRetryAfter,
    ),
    Mutant(
        "constant-backoff",
        "waits about one second before every retry; obeys Retry-After",
        ("B06.growth", "O01.rpo", "O03.rpo", "O03.rto", "T03.growth", "T04.curve"),
        ConstantBackoff,
    ),
    Mutant(
        "linear-backoff",
        "waits one second more after each failure",
        ("O03.rpo", "T04.curve"),
        LinearBackoff,
    ),
    Mutant("no-jitter", "waits exactly 1, 2, 4 seconds", ("T05.jitter",), NoJitter),
    Mutant("same-seed", "uses the same jitter in every worker and call", ("T05.jitter",), SameSeed),
    Mutant("long-waits", "lets its delay grow beyond two minutes", ("T07.cap",), LongWaits),
    Mutant(
        "zero-wait",
        "retries at once, whatever the service asks for",
        (
            "B01.paced",
            "B06.growth",
            "E01.paced",
            "E04.paced",
            "E05.early",
            "G01.resumes",
            "I05.early",
            "I06.bounded",
            "M01.ratio",
            "M06.lost",
            "N02.paced",
            "O01.load",
            "O01.rpo",
            "O01.rto",
            "O02.rpo",
            "O03.load",
            "O03.rpo",
            "O03.rto",
            "R06.slower",
            "T01.early",
            "T02.early",
            "T03.growth",
            "T04.curve",
            "T05.jitter",
            "T08.paced",
            "T10.pause",
            "T11.herd",
            "T13.goodput",
            "T13.ratio",
            "X04.early",
        ),
        ZeroWait,
        cases=("G04",),
    ),
)
