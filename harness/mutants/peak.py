"""Mutants: too many calls at a peak, or no recovery after it."""

from __future__ import annotations

from http import HTTPStatus

from adsmock.harness.client.call import Call
from adsmock.harness.client.limiter import Limiter
from adsmock.harness.client.report import Reporter
from adsmock.harness.client.retry.context import RateLimitKey
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.transport import Reply
from adsmock.harness.mutants.mutant import mutant

REPEATS = 6
REMAINING_SHARE = 0.01
"""The part of a quota that is used after a 429."""


class _AllAtOnceReporter(Reporter):
    def slot(self, place: int, pause: float) -> float:
        return 0.0


class _NoRecoveryLimiter(Limiter):
    """Lowers its rate to a hundredth at the first 429, and keeps it."""

    def slow_down(self, limit_key: RateLimitKey, seconds: float) -> None:
        super().slow_down(limit_key, seconds)
        bucket = self._buckets.get((limit_key.region, limit_key.quota))
        if bucket is not None:
            bucket.planned = self._quotas[limit_key.quota].rate * REMAINING_SHARE
            bucket.rate = bucket.planned


class _RepeatingSender(Sender):
    def deliver(self, call: Call, token: str) -> Reply:
        reply = super().deliver(call, token)
        for _ in range(REPEATS):
            if reply.status != HTTPStatus.TOO_MANY_REQUESTS:
                break
            self.retry.sleeper.sleep(0.05)
            reply = super().deliver(call, token)
        return reply


MUTANTS = (
    mutant(
        "nagging",
        "repeats a throttled call six times before it waits",
        "I05.early I06.bounded I14.waits M01.ratio M02.ratio R06.slower T01.early T02.early "
        "T03.growth T05.jitter T06.stops T07.attempts T08.bounded T10.pause T11.herd T13.ratio "
        "X04.early",
        _RepeatingSender,
    ),
    mutant(
        "rushed-reports",
        "requests all reports at once, however much time there is",
        "M04.spread",
        _AllAtOnceReporter,
    ),
    mutant(
        "timid",
        "never raises its rate again after a 429",
        "M06.done T13.goodput",
        _NoRecoveryLimiter,
    ),
)
