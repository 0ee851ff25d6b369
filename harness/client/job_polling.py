"""What waiting for an export and waiting for a report have in common: looks, restarts, addresses.

Knows when to look at a job again, when to ask for it anew, and that addresses die. Must not know
how a job is started or what its status means; ``waiter`` and ``report`` do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from adsmock.harness.client.errors import (
    AdsError,
    GaveUp,
    JobFailed,
    JobGone,
    UnreadableReply,
    UrlExpired,
    VersionGone,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from adsmock.harness.client.call import Book, Call
    from adsmock.harness.client.clock import Clock, Sleeper
    from adsmock.harness.client.download import Downloader
    from adsmock.harness.client.sender import Sender

    Records = list[dict[str, Any]]

    class Awaited(Protocol):
        """A job on its way, as far as waiting is concerned: see ``waiter`` and ``report``."""

        due: float
        poll: Call | None
        gap: float
        deadline: float
        restarts: int


J = TypeVar("J", bound="Awaited")

COMPLETED = "COMPLETED"
FAILED = "FAILED"

ADDRESSES = 5
"""How many addresses one file is tried at (own choice)."""

RESTARTS = 1
"""How often a job that failed or is no longer kept is asked for anew (own choice)."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to ask, and for how long. Seconds; the gaps grow by ``growth``.

    15 minutes are documented for 99 of 100 exports; the hour leaves room for a bad day.
    ``after_failure`` is the wait before a job that failed is asked for anew.
    """

    first_gap: float = 5.0
    growth: float = 1.5
    longest_gap: float = 60.0
    limit: float = 3600.0
    after_failure: float = 60.0


class Waiting(Generic[J]):
    """The parts of one who waits for jobs, and the steps that all jobs share."""

    patience = Patience()

    def __init__(
        self,
        contract_set: Book,
        sender: Sender,
        *,
        downloader: Downloader,
        clock: Clock,
        sleeper: Sleeper,
    ) -> None:
        self._book = contract_set
        self._sender = sender
        self._downloader = downloader
        self._clock = clock
        self._sleeper = sleeper

    def next_due(self, jobs: Sequence[J]) -> J:
        """Return the job that is due first, once it is."""
        job = min(jobs, key=lambda one: one.due)
        self._sleeper.sleep(max(0.0, job.due - self._clock.now()))
        return job

    def watch(self, job: J, poll: Call) -> None:
        """Note that a job runs, and when to look at it."""
        job.poll = poll
        job.gap = self.patience.first_gap
        job.due = self._clock.now() + job.gap
        job.deadline = self._clock.now() + self.patience.limit

    def look_later(self, job: J) -> bool:
        """Put the next look off by a longer gap; say whether our patience still lasts then."""
        job.gap = min(job.gap * self.patience.growth, self.patience.longest_gap)
        job.due = self._clock.now() + job.gap
        return job.due <= job.deadline

    def restart(self, job: J, trouble: AdsError) -> None:
        """Ask for the job anew, once: at once when it is gone, after a pause when it failed.

        Raises:
            AdsError: the trouble, when it is not the first.
        """
        if job.restarts == RESTARTS:
            raise trouble
        job.restarts += 1
        pause = self.patience.after_failure if isinstance(trouble, JobFailed) else 0.0
        job.poll, job.due = None, self._clock.now() + pause

    def shown(self, poll: Call, name: str) -> dict[str, Any]:
        """Return what the service shows of the job ``name``.

        Raises:
            JobGone: it is no longer kept.
        """
        try:
            found: dict[str, Any] = self._sender.send(poll).json
        except VersionGone as gone:
            raise JobGone(f"{name} is no longer kept: {gone}") from gone
        return found

    def download(
        self, status: dict[str, Any], poll: Call, renew: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Records:
        """Return what the file holds; ``renew`` gives a fresh address when the last has died.

        Raises:
            GaveUp: when no address gave the whole file.
        """
        for address in range(ADDRESSES):
            if address > 1:
                self._sleeper.sleep(self.patience.first_gap)
            try:
                return self._downloader.fetch(str(member(status, "url")), poll.region)
            except UrlExpired:
                status = renew(status)
        named = ", ".join(poll.path.values())
        raise GaveUp(f"{named}: {ADDRESSES} addresses died before the download")


def member(shown: Any, name: str) -> Any:
    """Return a member that a reply about a job must have.

    Raises:
        UnreadableReply: it has none.
    """
    if not isinstance(shown, dict) or not shown.get(name):
        raise UnreadableReply(f"the job's status carries no {name}")
    return shown[name]
