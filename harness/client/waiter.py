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

from harness.client.call import Book, Call
from harness.client.download import Downloader
from harness.client.errors import (
    AdsError,
    GaveUp,
    JobFailed,
    JobGone,
    JobTimedOut,
    UnreadableReply,
    UrlExpired,
    VersionGone,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from harness.client.clock import Clock, Sleeper
    from harness.client.sender import Sender

    Records = list[dict[str, Any]]

COMPLETED = "COMPLETED"
FAILED = "FAILED"

ADDRESSES = 5
"""How many addresses one file is tried at (own choice)."""

RESTARTS = 1
"""How often an export that failed or is no longer kept is asked for anew (own choice)."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to ask, and for how long. Seconds; the gaps grow by ``growth``.

    15 minutes are documented for 99 of 100 exports; the hour leaves room for a bad day.
    ``after_failure`` is the wait before an export that failed is asked for anew.
    """

    first_gap: float = 5.0
    growth: float = 1.5
    longest_gap: float = 60.0
    limit: float = 3600.0
    after_failure: float = 60.0


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


class ExportWaiter:
    """Brings exports from wish to records."""

    patience = Patience()

    def __init__(
        self,
        book: Book,
        sender: Sender,
        *,
        downloader: Downloader,
        clock: Clock,
        sleeper: Sleeper,
    ) -> None:
        self._book = book
        self._sender = sender
        self._downloader = downloader
        self._clock = clock
        self._sleeper = sleeper

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
            job = min(ready, key=lambda one: one.due)
            self._sleeper.sleep(max(0.0, job.due - self._clock.now()))
            try:
                self._step(job)
            except AdsError as trouble:
                job.result = trouble
        return [job.result for job in jobs if job.result is not None]

    def may_start(self, job: Job, jobs: Sequence[Job]) -> bool:
        """Say whether a slot of the job's kind is free."""
        running = Counter(one.wish.kind for one in jobs if one.is_running)
        cap = self._book.catalogue.contracts["exports"].extra["cap"]
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
            return
        job.gap = min(job.gap * self.patience.growth, self.patience.longest_gap)
        job.due = self._clock.now() + job.gap
        if job.due > job.deadline:
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
        job.poll = Call(
            self._book.operation("exports.get"),
            call.region,
            call.profile,
            path={"exportId": str(_member(made, "exportId"))},
            # Each kind of export answers only to its own media type.
            accept=call.operation.reply,
        )
        job.gap = self.patience.first_gap
        job.due = self._clock.now() + job.gap
        job.deadline = self._clock.now() + self.patience.limit

    def restart(self, job: Job, trouble: AdsError) -> None:
        """Ask for the export anew, once: at once when it is gone, after a pause when it failed.

        Raises:
            AdsError: the trouble, when it is not the first.
        """
        if job.restarts == RESTARTS:
            raise trouble
        job.restarts += 1
        pause = self.patience.after_failure if isinstance(trouble, JobFailed) else 0.0
        job.poll, job.due = None, self._clock.now() + pause

    def _status(self, poll: Call) -> dict[str, Any]:
        """Return the job as it is now; a status that we do not know counts as running."""
        try:
            job: dict[str, Any] = self._sender.send(poll).json
        except VersionGone as gone:
            raise JobGone(f"{poll.path['exportId']} is no longer kept: {gone}") from gone
        if _member(job, "status") == FAILED:
            raise JobFailed(f"{poll.path['exportId']}: {json.dumps(job.get('error'))}")
        return job

    def _fetch(self, job: dict[str, Any], poll: Call) -> Records:
        """Download, at a fresh address whenever the last one has died."""
        for address in range(ADDRESSES):
            if address > 1:
                self._sleeper.sleep(self.patience.first_gap)
            try:
                return self._downloader.fetch(str(_member(job, "url")), poll.region)
            except UrlExpired:
                job = self.renew(job, lambda: self._status(poll))
        raise GaveUp(f"{poll.path['exportId']}: {ADDRESSES} addresses died before the download")

    def renew(self, job: dict[str, Any], ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:  # noqa: ARG002 -- for variations
        """Return the job with an address that lives: asking for its status makes a new one."""
        return ask()


def _member(job: Any, name: str) -> Any:
    if not isinstance(job, dict) or not job.get(name):
        raise UnreadableReply(f"the export's status carries no {name}")
    return job[name]
