"""Mutants: requesting, polling and abandoning reports."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from adsmock.harness.client.call import Call
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.errors import AdsError, JobFailed, Refused
from adsmock.harness.client.job_polling import PollSchedule
from adsmock.harness.client.limiter import Limiter
from adsmock.harness.client.query import Query
from adsmock.harness.client.report import Job, Reporter
from adsmock.harness.client.retry.context import Attempt, Kind, Lane
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.client.sender import Sender
from adsmock.harness.mutants.mutant import Mutant

TIMES = 3
"""How often a refused request is repeated."""

PAUSE = 2.0


class _RepeatsDuplicateReporter(Reporter):
    """Repeats the request after a 425 until a report is created."""

    def duplicate(self, refusal: Refused, call: Call) -> str:
        error = refusal
        for _ in range(10 * TIMES):
            self._sleeper.sleep(PAUSE)
            try:
                return str(self._sender.send(call).json["reportId"])
            except Refused as again:
                error = again
        raise error


class RepeatsDuplicate(AdsClient):
    """Requests a report again that is in progress."""

    reporter_class = _RepeatsDuplicateReporter


class _DailyReporter(Reporter):
    def parts(self, query: Query) -> list[Query]:
        return query.split(1)


class DailyReports(AdsClient):
    """Requests one report for each day of a range."""

    reporter_class = _DailyReporter


class _RepeatsRefusedRangeReporter(Reporter):
    """Requests the whole range at once, and again after a refusal."""

    def parts(self, query: Query) -> list[Query]:
        return [query]

    def create(self, query: Query) -> str:
        for _ in range(TIMES):
            try:
                return super().create(query)
            except Refused as refusal:
                if refusal.status != HTTPStatus.BAD_REQUEST:
                    raise
                self._sleeper.sleep(PAUSE)
        return super().create(query)


class LongRange(AdsClient):
    """Repeats a range that was refused as too long."""

    reporter_class = _RepeatsRefusedRangeReporter


class _FrequentPollReporter(Reporter):
    schedule = PollSchedule(first_gap=0.5, growth=1.0, longest_gap=0.5, limit=600.0)


class HotReportPoll(AdsClient):
    """Polls a report twice a second."""

    reporter_class = _FrequentPollReporter


class _PollsFailedReporter(Reporter):
    """Continues to poll a report that has failed."""

    def restart(self, job: Job, error: AdsError) -> None:
        if not isinstance(error, JobFailed) or job.restarts == TIMES:
            raise error
        job.restarts += 1
        job.due = self._clock.now() + job.gap


class FailedReportPoll(AdsClient):
    """Polls a report that has failed."""

    reporter_class = _PollsFailedReporter


class _ExpiredUrlReporter(Reporter):
    def renew(self, job: Job, reply: dict[str, Any]) -> dict[str, Any]:
        del job
        return reply


class DeadReportUrl(AdsClient):
    """Requests a report's file from an expired address again and again."""

    reporter_class = _ExpiredUrlReporter


class _NoCacheReporter(Reporter):
    """Keeps no report ids."""

    def cached(self, query: Query) -> str | None:
        del query
        return None


class ReportEachTime(AdsClient):
    """Requests a new report at every refresh."""

    reporter_class = _NoCacheReporter


class _NoDeleteReporter(Reporter):
    """Does not delete a pending report."""

    def delete(self, poll: Call) -> None:
        """Do nothing."""


class AbandonedReport(AdsClient):
    """Requests a report again without deleting the pending one."""

    reporter_class = _NoDeleteReporter


class _SameBackoffPolicy(RetryPolicy):
    """Uses the same backoff for reports and lists."""

    def wait(self, attempt: Attempt | None, retry: int) -> float:
        if attempt is not None and attempt.kind is Kind.COSTLY:
            attempt = Attempt(Kind.READ, attempt.reply, attempt.error)
        return super().wait(attempt, retry)


class _NoSlowDownLimiter(Limiter):
    """Does not slow down after a throttled report."""

    def slow_down(self, lane: Lane, seconds: float) -> None:
        if not lane.quota.startswith("reporting."):
            super().slow_down(lane, seconds)


class ShortReportBackoff(AdsClient):
    """Waits no longer after a throttled report than after a throttled list."""

    policy_class = _SameBackoffPolicy
    limiter_class = _NoSlowDownLimiter


class _PlainReportSender(Sender):
    """Sends reports as plain JSON."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        headers = super().headers(call, token)
        if call.operation.id.startswith("reporting.") and "Content-Type" in headers:
            headers["Content-Type"] = "application/json"
        return headers


class PlainReports(AdsClient):
    """Requests reports without a version."""

    sender_class = _PlainReportSender


MUTANTS = (
    Mutant("report-plain", "requests reports as plain JSON", ("R01.version",), PlainReports),
    Mutant(
        "report-425", "requests a report again that is in progress", ("R02.once",), RepeatsDuplicate
    ),
    Mutant(
        "report-hot-poll",
        "polls a report twice a second",
        (
            "I09.spaced",
            "M03.calls",
            "R03.patient",
            "R03.spaced",
        ),
        HotReportPoll,
    ),
    Mutant(
        "report-daily",
        "requests one report for each day of a range",
        ("M03.calls", "R04.range"),
        DailyReports,
    ),
    Mutant("report-long", "repeats a range that was refused", ("R05.once",), LongRange),
    Mutant(
        "report-short-backoff",
        "waits no longer after a throttled report than after a throttled list",
        ("R06.slower",),
        ShortReportBackoff,
    ),
    Mutant(
        "report-dead-url", "repeats an expired address of a report", ("R07.fresh",), DeadReportUrl
    ),
    Mutant(
        "report-restless", "requests a new report at every refresh", ("R09.daily",), ReportEachTime
    ),
    Mutant("report-failed-poll", "polls a report that failed", ("R11.left",), FailedReportPoll),
    Mutant(
        "report-abandoned",
        "requests a report again without deleting the pending one",
        ("R12.deleted",),
        AbandonedReport,
    ),
)
