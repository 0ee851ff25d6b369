"""Mutants: requesting, polling and abandoning reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from adsmock.harness.client.call import Call
from adsmock.harness.client.errors import AdsError, JobFailed, Refused
from adsmock.harness.client.job_polling import PollSchedule
from adsmock.harness.client.limiter import Limiter
from adsmock.harness.client.query import Query
from adsmock.harness.client.report import Job, Reporter
from adsmock.harness.client.retry.context import Attempt, Kind, RateLimitKey
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.client.sender import Sender
from adsmock.harness.mutants.mutant import mutant

TIMES = 3
"""How often a refused request is repeated."""

PAUSE = 2.0


class _RepeatsDuplicateReporter(Reporter):
    def duplicate(self, refusal: Refused, call: Call) -> str:
        error = refusal
        for _ in range(10 * TIMES):
            self._sleeper.sleep(PAUSE)
            try:
                return str(self._sender.send(call).json["reportId"])
            except Refused as again:
                error = again
        raise error


class _DailyReporter(Reporter):
    def parts(self, query: Query) -> list[Query]:
        return query.split(1)


class _OverlapReporter(Reporter):
    """Begins each report at the last day of the one before, and keeps the rows of both."""

    def parts(self, query: Query) -> list[Query]:
        most = self._api.report_type(query.report_type).days
        first, *later = query.split(most - 1)
        return [first, *(replace(one, first=one.first - timedelta(days=1)) for one in later)]


class _RepeatsRefusedRangeReporter(Reporter):
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


class _FrequentPollReporter(Reporter):
    schedule = PollSchedule(first_gap=0.5, growth=1.0, longest_gap=0.5, limit=600.0)


class _PollsFailedReporter(Reporter):
    def restart(self, job: Job, error: AdsError) -> None:
        if not isinstance(error, JobFailed) or job.restarts == TIMES:
            raise error
        job.restarts += 1
        job.due = self._clock.now() + job.gap


class _ExpiredUrlReporter(Reporter):
    def renew(self, job: Job, reply: dict[str, Any]) -> dict[str, Any]:
        return reply


class _NoCacheReporter(Reporter):
    def cached(self, query: Query) -> str | None:
        return None


class _OneReportReporter(Reporter):
    def cached(self, query: Query) -> str | None:
        return self._report_ids.get(query, (None,))[0]


class _NoDeleteReporter(Reporter):
    def delete(self, poll: Call) -> None:
        """Do nothing."""


class _SameBackoffPolicy(RetryPolicy):
    def wait(self, attempt: Attempt | None, retry: int) -> float:
        if attempt is not None and attempt.kind is Kind.COSTLY:
            attempt = Attempt(Kind.READ, attempt.reply, attempt.error)
        return super().wait(attempt, retry)


class _NoSlowDownLimiter(Limiter):
    def slow_down(self, limit_key: RateLimitKey, seconds: float) -> None:
        if not limit_key.quota.startswith("reporting."):
            super().slow_down(limit_key, seconds)


class _PlainReportSender(Sender):
    def headers(self, call: Call, token: str) -> dict[str, str]:
        headers = super().headers(call, token)
        if call.operation.id.startswith("reporting.") and "Content-Type" in headers:
            headers["Content-Type"] = "application/json"
        return headers


MUTANTS = (
    mutant("report-plain", "requests reports as plain JSON", "R01.version", _PlainReportSender),
    mutant(
        "report-425",
        "requests a report again that is in progress",
        "I06.bounded R02.once",
        _RepeatsDuplicateReporter,
    ),
    mutant(
        "report-hot-poll",
        "polls a report twice a second",
        "I09.spaced M03.calls R03.patient R03.spaced",
        _FrequentPollReporter,
    ),
    mutant(
        "report-daily",
        "requests one report for each day of a range",
        "M03.calls R04.range",
        _DailyReporter,
    ),
    mutant(
        "report-overlap",
        "counts the last day of each report of a long range twice",
        "x.claim",
        _OverlapReporter,
        cases="R04",
    ),
    mutant(
        "report-long",
        "repeats a range that was refused",
        "I04.once R05.once",
        _RepeatsRefusedRangeReporter,
    ),
    mutant(
        "report-short-backoff",
        "waits no longer after a throttled report than after a throttled list",
        "R06.slower",
        _SameBackoffPolicy,
        _NoSlowDownLimiter,
    ),
    mutant(
        "report-dead-url",
        "repeats an expired address of a report",
        "R07.fresh",
        _ExpiredUrlReporter,
    ),
    mutant(
        "report-restless", "requests a new report at every refresh", "R09.daily", _NoCacheReporter
    ),
    mutant(
        "report-for-good",
        "uses the first report of a range for good",
        "DY01.restated",
        _OneReportReporter,
    ),
    mutant("report-failed-poll", "polls a report that failed", "R11.left", _PollsFailedReporter),
    mutant(
        "report-abandoned",
        "requests a report again without deleting the pending one",
        "R12.deleted",
        _NoDeleteReporter,
    ),
)
