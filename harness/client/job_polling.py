"""The life of a job, the same for exports and reports: start, poll, restart once, download."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from .api import Api
from .call import Call
from .clock import Clock, Sleeper
from .download import Downloader
from .errors import (
    AdsError,
    GaveUp,
    JobFailed,
    JobGone,
    JobTimedOut,
    UnreadableReply,
    UrlExpired,
    VersionGone,
)
from .sender import Sender

Records = list[dict[str, Any]]

COMPLETED = "COMPLETED"
FAILED = "FAILED"

URL_ATTEMPTS = 5
"""How many download addresses are tried for one file (own choice)."""

RESTARTS = 1
"""How often a job that failed or expired is started again (own choice)."""


@dataclass(frozen=True, slots=True)
class PollSchedule:
    """How often to poll a job, and for how long: seconds, with gaps that grow by ``growth``.

    99 of 100 exports end within 15 minutes (documented); the default limit leaves room.
    ``after_failure`` is the wait before a failed job is started again.
    """

    first_gap: float = 5.0
    growth: float = 1.5
    longest_gap: float = 60.0
    limit: float = 3600.0
    after_failure: float = 60.0


@dataclass(slots=True)
class Job:
    """A job from request to result; it is not started while ``poll`` is None.

    ``due`` is when to start or poll it next, in seconds since the epoch.
    """

    due: float
    poll: Call | None = None
    gap: float = 0.0
    deadline: float = 0.0
    restarts: int = 0
    status: str = ""
    result: Records | AdsError | None = None

    @property
    def call(self) -> Call:
        """The call that polls a started job."""
        assert self.poll is not None, "only a started job can be polled"
        return self.poll

    @property
    def id(self) -> str:
        """The id of a started job."""
        return ", ".join(self.call.path.values())


J = TypeVar("J", bound=Job)


class JobPoller(ABC, Generic[J]):
    """Base of everything that runs jobs; a subclass says how a job is started."""

    schedule = PollSchedule()
    completed: ClassVar[str] = COMPLETED
    failed: ClassVar[frozenset[str]] = frozenset({FAILED})
    reason_member: ClassVar[str]
    """The member of a status reply that says why a job failed."""

    def __init__(
        self,
        api: Api,
        sender: Sender,
        *,
        downloader: Downloader,
        clock: Clock,
        sleeper: Sleeper,
    ) -> None:
        self._api = api
        self._sender = sender
        self._downloader = downloader
        self._clock = clock
        self._sleeper = sleeper

    def next_due(self, jobs: Sequence[J]) -> J:
        """Wait until the first of the jobs is due, and return it."""
        job = min(jobs, key=lambda each: each.due)
        self._sleeper.sleep(max(0.0, job.due - self._clock.now()))
        return job

    def step(self, job: J) -> None:
        """Start the job, or poll it once and download its file when it is completed.

        Raises:
            AdsError: the job has failed for good.
        """
        if job.poll is None:
            self.start(job)
            return
        try:
            reply = self.status(job)
        except (JobFailed, JobGone) as error:
            self.restart(job, error)
            return
        if job.status == self.completed:
            job.result = self.download(job, reply)
        elif not self.poll_later(job):
            self.give_up(job)

    @abstractmethod
    def start(self, job: J) -> None:
        """Start the job and call ``watch``."""

    def watch(self, job: J, poll: Call) -> None:
        """Note that the job runs, and when to poll it first."""
        job.poll = poll
        job.gap = self.schedule.first_gap
        job.due = self._clock.now() + job.gap
        job.deadline = self._clock.now() + self.schedule.limit

    def poll_later(self, job: J) -> bool:
        """Put the next poll off by a longer gap; return False when that is after the deadline."""
        job.gap = min(job.gap * self.schedule.growth, self.schedule.longest_gap)
        job.due = self._clock.now() + job.gap
        return job.due <= job.deadline

    def restart(self, job: J, error: AdsError) -> None:
        """Start the job again, once: at once when it has expired, after a pause when it failed.

        Raises:
            AdsError: ``error``, when the job was restarted before.
        """
        if job.restarts == RESTARTS:
            raise error
        job.restarts += 1
        pause = self.schedule.after_failure if isinstance(error, JobFailed) else 0.0
        job.poll, job.due = None, self._clock.now() + pause

    def status(self, job: J) -> dict[str, Any]:
        """Return the status reply of the job; an unknown status counts as running.

        Raises:
            JobFailed: the service reports a failure.
            JobGone: the service no longer keeps the job.
        """
        try:
            reply: dict[str, Any] = self._sender.send(job.call).json
        except VersionGone as gone:
            raise JobGone(f"{job.id} is no longer kept: {gone}") from gone
        job.status = str(member(reply, "status"))
        if job.status in self.failed:
            raise JobFailed(f"{job.id}: {json.dumps(reply.get(self.reason_member))}")
        return reply

    def download(self, job: J, reply: dict[str, Any]) -> Records:
        """Return the records of the file, with a fresh address whenever one has expired.

        Raises:
            GaveUp: no address gave the complete file.
        """
        for attempt in range(URL_ATTEMPTS):
            if attempt > 1:
                self._sleeper.sleep(self.schedule.first_gap)
            try:
                return self._downloader.fetch(str(member(reply, "url")), job.call.region)
            except UrlExpired:
                reply = self.renew(job, reply)
        raise GaveUp(f"{job.id}: {URL_ATTEMPTS} addresses expired before the download")

    def renew(self, job: J, reply: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002 -- for subclasses
        """Return a status reply with a fresh address: each poll makes one."""
        return self.status(job)

    def give_up(self, job: J) -> None:
        """Leave a job that takes too long; raises JobTimedOut."""
        raise JobTimedOut(f"{job.id}: {job.status} after {self.schedule.limit:.0f} s")


def member(reply: Any, name: str) -> Any:
    """Return a member that a reply about a job must have; raises UnreadableReply without it."""
    if not isinstance(reply, dict) or not reply.get(name):
        raise UnreadableReply(f"the reply about a job has no {name}")
    return reply[name]
