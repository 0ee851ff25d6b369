"""Clients that are wrong in how they ask for reports, wait for them and give them up."""

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
"""How often a stubborn client repeats itself before it gives in."""

PAUSE = 2.0


class _DeafReporter(Reporter):
    """Answers a 425 with the same request, until a report comes of it."""

    def duplicate(self, refusal: Refused, call: Call) -> str:
        error = refusal
        for _ in range(10 * TIMES):
            self._sleeper.sleep(PAUSE)
            try:
                return str(self._sender.send(call).json["reportId"])
            except Refused as again:
                error = again
        raise error


class Deaf425(AdsClient):
    """Asks again for a report that is being made."""

    reporter_class = _DeafReporter


class _DailyReporter(Reporter):
    def parts(self, query: Query) -> list[Query]:
        return query.split(1)


class DailyReports(AdsClient):
    """Asks for one report for each day of a range."""

    reporter_class = _DailyReporter


class _StubbornReporter(Reporter):
    """Asks for everything at once, and once more when told that it is too much."""

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

    reporter_class = _StubbornReporter


class _HastyReporter(Reporter):
    schedule = PollSchedule(first_gap=0.5, growth=1.0, longest_gap=0.5, limit=600.0)


class HotReportPoll(AdsClient):
    """Looks at a report twice a second."""

    reporter_class = _HastyReporter


class _HopefulReporter(Reporter):
    """Goes on looking at a report that has failed."""

    def restart(self, job: Job, error: AdsError) -> None:
        if not isinstance(error, JobFailed) or job.restarts == TIMES:
            raise error
        job.restarts += 1
        job.due = self._clock.now() + job.gap


class FailedReportPoll(AdsClient):
    """Polls a report that has failed."""

    reporter_class = _HopefulReporter


class _NostalgicReporter(Reporter):
    def renew(self, job: Job, reply: dict[str, Any]) -> dict[str, Any]:
        del job
        return reply


class DeadReportUrl(AdsClient):
    """Asks an expired address for a report's file again and again."""

    reporter_class = _NostalgicReporter


class _ForgetfulReporter(Reporter):
    """Keeps no id of a report that came through."""

    def cached(self, query: Query) -> str | None:
        del query
        return None


class RestlessReports(AdsClient):
    """Asks for a new report at every refresh."""

    reporter_class = _ForgetfulReporter


class _CarelessReporter(Reporter):
    """Walks away from a report that is pending."""

    def delete(self, poll: Call) -> None:
        """Leave it where it is."""


class AbandonedReport(AdsClient):
    """Asks for a report again without deleting the pending one."""

    reporter_class = _CarelessReporter


class _EqualPolicy(RetryPolicy):
    """Waits for everything alike."""

    def wait(self, attempt: Attempt | None, retry: int) -> float:
        if attempt is not None and attempt.kind is Kind.COSTLY:
            attempt = Attempt(Kind.READ, attempt.reply, attempt.error)
        return super().wait(attempt, retry)


class _UnimpressedLimiter(Limiter):
    """Lets no refused report slow down the next one."""

    def slow_down(self, lane: Lane, seconds: float) -> None:
        if not lane.quota.startswith("reporting."):
            super().slow_down(lane, seconds)


class HastyReports(AdsClient):
    """Backs off from throttled reports no longer than from a list."""

    policy_class = _EqualPolicy
    limiter_class = _UnimpressedLimiter


class _PlainSender(Sender):
    """Sends reports as plain JSON."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        headers = super().headers(call, token)
        if call.operation.id.startswith("reporting.") and "Content-Type" in headers:
            headers["Content-Type"] = "application/json"
        return headers


class PlainReports(AdsClient):
    """Asks for reports without naming the version."""

    sender_class = _PlainSender


MUTANTS = (
    Mutant("report-plain", "asks for reports as plain JSON", ("R01.version",), PlainReports),
    Mutant("report-425", "asks again for a report that is being made", ("R02.once",), Deaf425),
    Mutant(
        "report-hot-poll",
        "looks at a report twice a second",
        ("M03.calls", "R03.patient", "R03.spaced"),
        HotReportPoll,
    ),
    Mutant(
        "report-daily",
        "asks for one report a day of range",
        ("M03.calls", "R04.range"),
        DailyReports,
    ),
    Mutant("report-long", "repeats a range that was refused", ("R05.once",), LongRange),
    Mutant(
        "report-hasty",
        "backs off from throttled reports no longer than from lists",
        ("R06.slower",),
        HastyReports,
    ),
    Mutant(
        "report-dead-url", "repeats an expired address of a report", ("R07.fresh",), DeadReportUrl
    ),
    Mutant(
        "report-restless", "asks for a new report at every refresh", ("R09.daily",), RestlessReports
    ),
    Mutant("report-failed-poll", "polls a report that failed", ("R11.left",), FailedReportPoll),
    Mutant(
        "report-abandoned",
        "asks again without deleting the pending report",
        ("R12.deleted",),
        AbandonedReport,
    ),
)
