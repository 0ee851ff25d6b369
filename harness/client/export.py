"""Export: start the job, wait for it, fetch the file; several side by side up to the cap.

Knows the life of an export. Must not know retries or files. Source: guides/exports, get started
(documented): create, poll with the same media type, five of a kind in progress, each status read
gives a fresh address, good for one hour; the export itself is kept for a day.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from adsmock.harness.client.call import Call
from adsmock.harness.client.errors import AdsError, JobFailed, JobGone, JobTimedOut
from adsmock.harness.client.job_polling import COMPLETED, FAILED, Waiting, member

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Records = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Wish:
    """One export that somebody wants."""

    kind: str
    profile: str
    filters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Job:
    """A wish on its way: not started while ``poll`` is None; ``due`` is when to look at it."""

    wish: Wish
    due: float
    poll: Call | None = None
    gap: float = 0.0
    deadline: float = 0.0
    restarts: int = 0
    result: Records | AdsError | None = None

    @property
    def is_running(self) -> bool:
        """Say whether the service works on it."""
        return self.poll is not None and self.result is None


class ExportWaiter(Waiting[Job]):
    """Brings exports from wish to records."""

    def export(
        self, kind: str, profile: str, filters: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Return all records of a new export of ``kind`` (campaigns, adGroups, targets, ads).

        Raises:
            JobFailed: when the service says so, again after one new attempt.
            JobTimedOut: when our patience ends first.
            GaveUp: when no address gave the whole file.
        """
        (result,) = self.gather([Wish(kind, profile, filters or {})])
        if isinstance(result, AdsError):
            raise result
        return result

    def gather(self, wishes: Sequence[Wish]) -> list[Records | AdsError]:
        """Return for each wish its records or what went wrong, in order.

        No more of a kind are in progress at a time than the service lets.
        """
        jobs = [Job(wish, due=self._clock.now()) for wish in wishes]
        while open_jobs := [job for job in jobs if job.result is None]:
            ready = [job for job in open_jobs if job.is_running or self.may_start(job, open_jobs)]
            job = self.next_due(ready)
            try:
                self._step(job)
            except AdsError as trouble:
                job.result = trouble
        return [job.result for job in jobs if job.result is not None]

    def may_start(self, job: Job, jobs: Sequence[Job]) -> bool:
        """Say whether a slot of the job's kind is free."""
        running = Counter(one.wish.kind for one in jobs if one.is_running)
        cap = self._book.catalogue.by_name["exports"].extra["cap"]
        return running[job.wish.kind] < int(cap)

    def _step(self, job: Job) -> None:
        """Start the job, or look at it once and fetch its file when it is done."""
        if job.poll is None:
            self._start(job)
            return
        try:
            status = self._status(job.poll)
        except (JobFailed, JobGone) as trouble:
            self.restart(job, trouble)
            return
        if status["status"] == COMPLETED:
            job.result = self._fetch(status, job.poll)
        elif not self.look_later(job):
            raise JobTimedOut(
                f"{job.poll.path['exportId']} still runs after {self.patience.limit:.0f} s"
            )

    def _start(self, job: Job) -> None:
        wish = job.wish
        operation = self._book.operation(f"exports.{wish.kind}.create")
        region = self._sender.router.region_of(wish.profile)
        call = Call(operation, region, wish.profile, dict(wish.filters))
        self.started(job, call, self._sender.send(call).json)

    def started(self, job: Job, call: Call, made: Any) -> None:
        """Note that a job runs, and when to look at it."""
        poll = Call(
            self._book.operation("exports.get"),
            call.region,
            call.profile,
            path={"exportId": str(member(made, "exportId"))},
            # Each kind of export answers only to its own media type.
            accept=call.operation.reply,
        )
        self.watch(job, poll)

    def _status(self, poll: Call) -> dict[str, Any]:
        """Return the job as it is now; a status that we do not know counts as running."""
        job = self.shown(poll, poll.path["exportId"])
        if member(job, "status") == FAILED:
            raise JobFailed(f"{poll.path['exportId']}: {json.dumps(job.get('error'))}")
        return job

    def _fetch(self, job: dict[str, Any], poll: Call) -> Records:
        """Download, at a fresh address whenever the last one has died."""
        return self.download(job, poll, lambda last: self.renew(last, lambda: self._status(poll)))

    def renew(self, job: dict[str, Any], ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:  # noqa: ARG002 -- for variations
        """Return the job with an address that lives: asking for its status makes a new one."""
        return ask()
