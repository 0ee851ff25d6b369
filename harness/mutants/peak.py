"""Clients that are wrong at a peak: they rush, or they never find their pace again."""

from __future__ import annotations

from http import HTTPStatus

from adsmock.harness.client.call import Call
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.limiter import Limiter
from adsmock.harness.client.report import Reporter
from adsmock.harness.client.retry.context import Lane
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.transport import Reply
from adsmock.harness.mutants.mutant import Mutant

NAGS = 6
CRAWL = 0.01
"""The part of a quota at which a client that has lost heart goes on."""


class _RushedReporter(Reporter):
    """Starts everything on the hour."""

    def slot(self, place: int, pause: float) -> float:  # noqa: ARG002 -- that is the defect
        return 0.0


class RushedReports(AdsClient):
    """Asks for all reports at once, however much time there is."""

    reporter_class = _RushedReporter


class _TimidLimiter(Limiter):
    """Falls to a crawl at the first 429 and stays there."""

    def slow_down(self, lane: Lane, seconds: float) -> None:
        super().slow_down(lane, seconds)
        bucket = self._buckets.get((lane.region, lane.quota))
        if bucket is not None:
            bucket.planned = self._quotas[lane.quota].rate * CRAWL
            bucket.rate = bucket.planned


class Timid(AdsClient):
    """Never wins back the pace that one 429 has cost it."""

    limiter_class = _TimidLimiter


class _NaggingSender(Sender):
    """Sits on a library that asks again by itself when it is throttled."""

    def deliver(self, call: Call, token: str) -> Reply:
        reply = super().deliver(call, token)
        for _ in range(NAGS):
            if reply.status != HTTPStatus.TOO_MANY_REQUESTS:
                break
            self.retry.sleeper.sleep(0.05)
            reply = super().deliver(call, token)
        return reply


class Nagging(AdsClient):
    """Asks six times more before it hears that it is to wait."""

    sender_class = _NaggingSender


MUTANTS = (
    Mutant(
        "nagging",
        "asks six times more before it hears that it is to wait",
        (
            "M01.ratio",
            "M02.ratio",
            "R06.slower",
            "T01.early",
            "T02.early",
            "T03.growth",
            "T05.jitter",
            "T06.stops",
            "T07.attempts",
            "T08.bounded",
            "T10.pause",
            "T11.herd",
            "T13.ratio",
            "X04.early",
        ),
        Nagging,
    ),
    Mutant(
        "rushed-reports",
        "asks for all reports at once, however much time there is",
        ("M04.spread",),
        RushedReports,
    ),
    Mutant(
        "timid",
        "never wins back the pace that one 429 has cost it",
        ("M06.done", "T13.goodput"),
        Timid,
    ),
)
