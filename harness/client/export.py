"""Exports: start them, wait for them, download them, as many at a time as the service allows.

Source: guides/exports, get started (documented): poll with the same media type; five of a kind in
progress; each status reply has a fresh address, valid for an hour; an export is kept for a day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from . import job_polling
from .call import Call
from .errors import AdsError
from .job_polling import JobPoller, member

Records = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """One export to make. ``kind`` is campaigns, adGroups, targets or ads."""

    kind: str
    profile: str
    filters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Job(job_polling.Job):
    """An export on its way."""

    request: ExportRequest

    @property
    def is_running(self) -> bool:
        """Whether the service works on it."""
        return self.poll is not None and self.result is None


class Exporter(JobPoller[Job]):
    """Turns export requests into records."""

    reason_member: ClassVar[str] = "error"

    def export(self, kind: str, profile: str, filters: Mapping[str, Any] | None = None) -> Records:
        """Return all records of a new export.

        Raises:
            JobFailed: the service reports a failure, again after one restart.
            JobTimedOut: the export did not finish within ``schedule.limit``.
            GaveUp: no address gave the complete file.
        """
        (result,) = self.gather([ExportRequest(kind, profile, filters or {})])
        if isinstance(result, AdsError):
            raise result
        return result

    def gather(self, requests: Sequence[ExportRequest]) -> list[Records | AdsError]:
        """Return the records or the error of each request, in order."""
        jobs = [Job(due=self._clock.now(), request=request) for request in requests]
        while open_jobs := [job for job in jobs if job.result is None]:
            ready = [job for job in open_jobs if job.is_running or self.may_start(job, open_jobs)]
            job = self.next_due(ready)
            try:
                self.step(job)
            except AdsError as error:
                job.result = error
        return [job.result for job in jobs if job.result is not None]

    def may_start(self, job: Job, jobs: Sequence[Job]) -> bool:
        """Return whether the service has a free slot for the job's kind."""
        running = Counter(each.request.kind for each in jobs if each.is_running)
        return running[job.request.kind] < self._api.export_limit

    def start(self, job: Job) -> None:
        """Start the export."""
        call = self.creation(job.request)
        self.started(job, call, self._sender.send(call).json)

    def creation(self, request: ExportRequest) -> Call:
        """Return the call that starts an export."""
        operation = self._api.operation(f"exports.{request.kind}.create")
        region = self._sender.router.region_of(request.profile)
        return Call(operation, region, request.profile, dict(request.filters))

    def started(self, job: Job, call: Call, reply: Any) -> None:
        """Note that the export runs."""
        poll = Call(
            self._api.operation("exports.get"),
            call.region,
            call.profile,
            path={"exportId": str(member(reply, "exportId"))},
            # Each kind of export answers only to its own media type.
            accept=call.operation.reply,
        )
        self.watch(job, poll)
