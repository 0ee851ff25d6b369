"""Report: cut the wish to what one request may hold, start it, wait for it, fetch the rows.

Knows the life of a report and that its id is worth keeping. Must not know retries or files.
Sources: WAF, reporting and analytics (documented: use the range of 31 days, keep ids, no
duplicates, take back what is pending before asking again, back off harder on creates);
guides/reporting/v3 (documented: up to three hours, spaced polls, once or twice a day).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from adsmock.contracts import report_tables
from adsmock.harness.client.call import Book, Call
from adsmock.harness.client.errors import AdsError, JobFailed, JobGone, JobTimedOut, Misuse, Refused
from adsmock.harness.client.job_polling import COMPLETED, FAILED, Patience, Waiting, member
from adsmock.harness.client.query import Query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Records = list[dict[str, Any]]

PENDING = "PENDING"

FRESH = 12 * 3600.0
"""Seconds for which a finished report serves: two a day of a kind. Source: reporting v3, FAQ."""

_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(slots=True)
class Job:
    """One request on its way: not started while ``poll`` is None; ``due`` is when to look."""

    query: Query
    due: float
    poll: Call | None = None
    gap: float = 0.0
    deadline: float = 0.0
    restarts: int = 0
    status: str = ""
    rows: Records | None = None


class Reporter(Waiting[Job]):
    """Brings reports from wish to rows."""

    patience = Patience(first_gap=10.0, limit=3 * 3600.0, after_failure=300.0)

    def __init__(self, contract_set: Book, sender: Any, **parts: Any) -> None:
        super().__init__(contract_set, sender, **parts)
        self._kept: dict[Query, tuple[str, float]] = {}
        """Report ids by what they answer, with the time they were asked for."""

    def report(self, query: Query) -> Records:
        """Return the rows of a query, from as many reports as its days need.

        Raises:
            Refused: when a part of it is not lawful.
            JobFailed: when the service says so, again after one new attempt.
            JobTimedOut: when our patience ends first; what is pending then is taken back.
            GaveUp: when no address gave the whole file.
        """
        return self.reports([query], 0.0)[0]

    def reports(self, queries: Sequence[Query], within: float) -> list[Records]:
        """Return the rows of each query; their creation is spread over ``within`` seconds.

        Raises what ``report`` raises, for the first query that meets it.
        """
        now = self._clock.now()
        wanted = [[Job(part, due=now) for part in self.parts(query)] for query in queries]
        jobs = [job for parts in wanted for job in parts]
        for place, job in enumerate(jobs):
            job.due = now + self.slot(place, within / len(jobs))
        self._work_off(jobs)
        return [[row for job in parts for row in job.rows or ()] for parts in wanted]

    def slot(self, place: int, pause: float) -> float:
        """Return when the creation at ``place`` is due, in seconds from the start."""
        return place * pause

    def _work_off(self, jobs: Sequence[Job]) -> None:
        while waiting := [job for job in jobs if job.rows is None]:
            self._step(self.next_due(waiting))

    def parts(self, query: Query) -> list[Query]:
        """Return the query cut into ranges that one request may have, the oldest first."""
        return query.cut(int(self._type(query)["range"]))

    def _type(self, query: Query) -> Mapping[str, Any]:
        types = report_tables.types()
        if query.report_type not in types:
            raise Misuse(f"unknown report type {query.report_type}")
        row: Mapping[str, Any] = types[query.report_type]
        return row

    def _step(self, job: Job) -> None:
        """Start the job, or look at it once and fetch its rows when it is done."""
        if job.poll is None:
            self._start(job)
            return
        try:
            status = self._status(job)
        except (JobFailed, JobGone) as trouble:
            self.restart(job, trouble)
            return
        if status["status"] == COMPLETED:
            job.rows = self.download(status, job.poll, lambda last: self.renew(last, job))
        elif not self.look_later(job):
            self.give_up(job)

    def _start(self, job: Job) -> None:
        held = self.held(job.query)
        report = held or self._create(job.query)
        self._look_at(job, report)
        if held:
            job.due = self._clock.now()
        else:
            self._kept[job.query] = (report, self._clock.now())

    def _look_at(self, job: Job, report: str) -> None:
        query = job.query
        region = self._sender.router.region_of(query.profile)
        operation = self._book.operation("reporting.get")
        self.watch(job, Call(operation, region, query.profile, path={"reportId": report}))

    def held(self, query: Query) -> str | None:
        """Return the id of a report that answers the query and is still fresh."""
        report, asked = self._kept.get(query, ("", 0.0))
        return report if report and self._clock.now() - asked < FRESH else None

    def _create(self, query: Query) -> str:
        """Ask for a report; when an equal one is under way, take that one's id."""
        operation = self._book.operation("reporting.create")
        region = self._sender.router.region_of(query.profile)
        call = Call(
            operation,
            region,
            query.profile,
            query.body(self._type(query)["adProduct"]),
            costly=True,
        )
        try:
            made = self._sender.send(call).json
        except Refused as refusal:
            if refusal.status != HTTPStatus.TOO_EARLY:
                raise
            return self.duplicate(refusal, call)
        return str(member(made, "reportId"))

    def duplicate(self, refusal: Refused, call: Call) -> str:  # noqa: ARG002 -- for variations
        """Return the id of the report that a 425 names."""
        named = _ID.search(refusal.message)
        if named is None:
            raise refusal
        return named.group()

    def restart(self, job: Job, trouble: AdsError) -> None:
        """Forget the report, and ask for it anew as long as that has not been done before."""
        self._kept.pop(job.query, None)
        super().restart(job, trouble)

    def give_up(self, job: Job) -> None:
        """Leave a report that takes too long; one that is pending is taken back first.

        Raises:
            JobTimedOut: always.
        """
        assert job.poll is not None, "only a started job can take too long"
        report = job.poll.path["reportId"]
        if job.status == PENDING:
            self._kept.pop(job.query, None)
            self.take_back(job.poll)
        raise JobTimedOut(f"{report} still {job.status} after {self.patience.limit:.0f} s")

    def take_back(self, poll: Call) -> None:
        """Delete a pending report, so that the same one can be asked for again."""
        self._sender.send(replace(poll, operation=self._book.operation("reporting.delete")))

    def _status(self, job: Job) -> dict[str, Any]:
        """Return the report as it is now; a status that we do not know counts as running."""
        assert job.poll is not None, "only a started job has a status"
        report = job.poll.path["reportId"]
        seen = self.shown(job.poll, report)
        job.status = str(member(seen, "status"))
        if job.status == FAILED:
            raise JobFailed(f"{report}: {json.dumps(seen.get('failureReason'))}")
        return seen

    def renew(self, status: dict[str, Any], job: Job) -> dict[str, Any]:  # noqa: ARG002 -- for variations
        """Return the status with an address that lives: asking for it makes a new one."""
        return self._status(job)
