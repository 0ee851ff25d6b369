"""Reports: split a query into the ranges that one report may have, start, poll and download them.

Sources: WAF, reporting and analytics (documented: use the range of 31 days, keep ids, no
duplicates, delete what is pending before asking again, back off harder on creates);
guides/reporting/v3 (documented: up to three hours, spaced polls, once or twice a day).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, ClassVar

from . import job_polling
from .api import Api
from .call import Call
from .errors import AdsError, Refused
from .job_polling import JobPoller, PollSchedule, member
from .query import Query

Records = list[dict[str, Any]]

PENDING = "PENDING"

FRESH = 12 * 3600.0
"""Seconds for which a finished report is used again: two a day. Source: reporting v3, FAQ."""

_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(slots=True, kw_only=True)
class Job(job_polling.Job):
    """A report on its way."""

    query: Query


class Reporter(JobPoller[Job]):
    """Turns queries into report rows."""

    schedule = PollSchedule(first_gap=10.0, limit=3 * 3600.0, after_failure=300.0)
    reason_member: ClassVar[str] = "failureReason"

    def __init__(self, api: Api, sender: Any, **parts: Any) -> None:
        super().__init__(api, sender, **parts)
        self._report_ids: dict[Query, tuple[str, float]] = {}
        """Report ids by query, with the time when they were requested."""

    def report(self, query: Query) -> Records:
        """Return the rows of a query, from as many reports as its days need.

        Raises:
            Refused: the service refuses a part of the query.
            JobFailed: the service reports a failure, again after one restart.
            JobTimedOut: the report did not finish in time; a pending one is deleted first.
            GaveUp: no address gave the complete file.
        """
        return self.reports([query], 0.0)[0]

    def reports(self, queries: Sequence[Query], within: float) -> list[Records]:
        """Return the rows of each query; their creation is spread over ``within`` seconds.

        Raises the first error that ``report`` would raise for one of the queries.
        """
        now = self._clock.now()
        groups = [[Job(due=now, query=part) for part in self.parts(query)] for query in queries]
        jobs = [job for group in groups for job in group]
        for place, job in enumerate(jobs):
            job.due = now + self.slot(place, within / len(jobs))
        while open_jobs := [job for job in jobs if job.result is None]:
            self.step(self.next_due(open_jobs))
        return [[row for job in group for row in _rows(job)] for group in groups]

    def slot(self, place: int, pause: float) -> float:
        """Return when the report at ``place`` is to be created, in seconds from the start."""
        return place * pause

    def parts(self, query: Query) -> list[Query]:
        """Return the query split into ranges that one report may have, the oldest first."""
        return query.split(self._api.report_type(query.report_type).days)

    def start(self, job: Job) -> None:
        """Start the report, or poll one that answers the same query."""
        cached = self.cached(job.query)
        report = cached or self.create(job.query)
        operation = self._api.operation("reporting.get")
        region = self._sender.router.region_of(job.query.profile)
        self.watch(job, Call(operation, region, job.query.profile, path={"reportId": report}))
        if cached:
            job.due = self._clock.now()
        else:
            self._report_ids[job.query] = (report, self._clock.now())

    def cached(self, query: Query) -> str | None:
        """Return the id of a fresh report that answers the query."""
        report, requested = self._report_ids.get(query, ("", 0.0))
        return report if report and self._clock.now() - requested < FRESH else None

    def create(self, query: Query) -> str:
        """Request a report and return its id, or that of an equal one that is in progress."""
        ad_product = self._api.report_type(query.report_type).ad_product
        call = Call(
            self._api.operation("reporting.create"),
            self._sender.router.region_of(query.profile),
            query.profile,
            query.body(ad_product),
            costly=True,
        )
        try:
            reply = self._sender.send(call).json
        except Refused as refusal:
            if refusal.status != HTTPStatus.TOO_EARLY:
                raise
            return self.duplicate(refusal, call)
        return str(member(reply, "reportId"))

    def duplicate(self, refusal: Refused, call: Call) -> str:  # noqa: ARG002 -- for subclasses
        """Return the id of the report that a 425 names."""
        named = _ID.search(refusal.message)
        if named is None:
            raise refusal
        return named.group()

    def restart(self, job: Job, error: AdsError) -> None:
        """Forget the report and start it again, unless it was restarted before."""
        self._report_ids.pop(job.query, None)
        super().restart(job, error)

    def give_up(self, job: Job) -> None:
        """Leave a report that takes too long; delete it first while it is pending.

        Raises:
            JobTimedOut: always.
        """
        if job.status == PENDING:
            self._report_ids.pop(job.query, None)
            self.delete(job.call)
        super().give_up(job)

    def delete(self, poll: Call) -> None:
        """Delete a pending report, so that the same one can be requested again."""
        self._sender.send(replace(poll, operation=self._api.operation("reporting.delete")))


def _rows(job: Job) -> Records:
    assert isinstance(job.result, list), "errors are raised"
    return job.result
