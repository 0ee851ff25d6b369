"""Mutants: number of attempts."""

from __future__ import annotations

from http import HTTPStatus

from adsmock.harness.client.call import Call
from adsmock.harness.client.retry.context import Attempt
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.transport import Reply
from adsmock.harness.mutants.mutant import mutant


class _UnlimitedRetryPolicy(RetryPolicy):
    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        return True


class _NoRetryPolicy(RetryPolicy):
    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        return False


class _LayeredSender(Sender):
    def deliver(self, call: Call, token: str) -> Reply:
        reply = super().deliver(call, token)
        for _ in range(2):
            if reply.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                break
            self.retry.sleeper.sleep(0.2)
            reply = super().deliver(call, token)
        return reply


MUTANTS = (
    mutant(
        "forever",
        "retries without a limit",
        "B04.cap B06.cap E06.attempts E06.stops E09.careful I06.bounded N02.attempts "
        "N02.bounded T06.stops T07.attempts T08.bounded",
        _UnlimitedRetryPolicy,
    ),
    mutant(
        "no-retry",
        "gives up at the first failure",
        "A08.proceeds A08.waits B01.resubmits B03.resubmits C03.resubmits E01.resumes E04.resumes "
        "E07.known G01.resumes M06.lost N02.resumes O01.rpo O01.rto O02.rpo O03.rpo O03.rto "
        "P02.resumes T01.resumes T08.resumes T09.resumes",
        _NoRetryPolicy,
    ),
    mutant(
        "layered-retries",
        "retries in two layers, so that attempts multiply",
        "E05.early E06.attempts E06.stops E08.once I06.bounded T04.curve",
        _LayeredSender,
    ),
)
