"""Clients that are wrong in how they ask for, await and fetch files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from adsmock.harness.client.call import Call
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.download import Downloader
from adsmock.harness.client.errors import AdsError, GaveUp, JobFailed, JobGone
from adsmock.harness.client.export import ExportWaiter, Job
from adsmock.harness.client.job_polling import FAILED, Patience
from adsmock.harness.client.metadata import Metadata
from adsmock.harness.mutants.mutant import Mutant

RESOURCES = ("sp.campaigns", "sp.adGroups", "sp.keywords", "sp.targets", "sp.productAds")


class _NostalgicWaiter(ExportWaiter):
    """Holds on to the first address of a file."""

    def renew(self, job: dict[str, Any], ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        del ask
        return job


class DeadUrl(AdsClient):
    """Asks an expired address for the file again and again."""

    waiter_class = _NostalgicWaiter


class _PlainWaiter(ExportWaiter):
    """Asks for plain JSON first, but for campaigns, and for the right type when refused."""

    def _status(self, poll: Call) -> dict[str, Any]:
        if "campaigns" not in poll.accept:
            self._sender.attempt(replace(poll, accept="application/json"))
        return super()._status(poll)


class BareType(AdsClient):
    """Names no version when it asks for the status of an export."""

    waiter_class = _PlainWaiter


class _NervousWaiter(ExportWaiter):
    """Asks five times a second, for longer than any export of the suite takes that ends."""

    patience = Patience(first_gap=0.2, growth=1.0, limit=120.0)


class HotPoll(AdsClient):
    """Polls without a pause worth the name."""

    waiter_class = _NervousWaiter


class _SteadyWaiter(ExportWaiter):
    """Asks every two seconds."""

    patience = Patience(first_gap=2.0, growth=1.0, limit=600.0)


class SteadyPoll(AdsClient):
    """Polls often, and as often at the end as at the start."""

    waiter_class = _SteadyWaiter


class _FickleWaiter(ExportWaiter):
    """Takes a throttled status call for the end of the export."""

    def _status(self, poll: Call) -> dict[str, Any]:
        reply = self._sender.attempt(poll)
        if reply.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.NOT_FOUND}:
            raise JobGone(f"the status call was answered {reply.status}")
        job: dict[str, Any] = reply.json
        if job["status"] == FAILED:
            raise JobFailed("the export failed")
        return job


class FreshExport(AdsClient):
    """Creates a second export because of one throttled status call."""

    waiter_class = _FickleWaiter


class _RushingWaiter(ExportWaiter):
    """Knows of no cap."""

    def may_start(self, job: Job, jobs: Sequence[Job]) -> bool:
        del job, jobs
        return True


class RushExports(AdsClient):
    """Asks for all exports at once and lets the service refuse them."""

    waiter_class = _RushingWaiter


class _ShruggingWaiter(_RushingWaiter):
    """Forgets what was refused."""

    def _start(self, job: Job) -> None:
        operation = self._book.operation(f"exports.{job.wish.kind}.create")
        region = self._sender.router.region_of(job.wish.profile)
        call = Call(operation, region, job.wish.profile, dict(job.wish.filters))
        reply = self._sender.attempt(call)
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise GaveUp("the export was refused")
        self.started(job, call, reply.json)


class DropRefused(AdsClient):
    """Drops the exports that were refused over the cap."""

    waiter_class = _ShruggingWaiter


class _LoyalWaiter(ExportWaiter):
    """Goes on asking for an export that failed or is gone."""

    patience = Patience(longest_gap=60.0, limit=600.0)

    def restart(self, job: Job, trouble: AdsError) -> None:
        job.due = self._clock.now() + job.gap
        if job.due > job.deadline:
            raise trouble


class PollDead(AdsClient):
    """Polls exports that cannot end any more."""

    waiter_class = _LoyalWaiter


class _EndlessWaiter(ExportWaiter):
    """Waits a whole day for an export."""

    patience = Patience(longest_gap=600.0, limit=86_400.0)


class PollForever(AdsClient):
    """Has no limit of its own for polling worth the name."""

    waiter_class = _EndlessWaiter


class ListAll(AdsClient):
    """Reads the metadata of an account from lists."""

    def sync_metadata(self, profile: str) -> dict[str, list[dict[str, Any]]]:
        """Return all entities of a profile, page by page."""
        return {resource: self.list(resource, profile) for resource in RESOURCES}


class _OpenDownloader(Downloader):
    """Sends a token wherever it goes."""

    def headers(self) -> dict[str, str]:
        return {**super().headers(), "Authorization": "Bearer Atza|meant-for-the-api"}


class StorageToken(AdsClient):
    """Sends a token to the storage host."""

    downloader_class = _OpenDownloader


class _ForgetfulMetadata(Metadata):
    """Keeps nothing."""

    fresh = 0.0


class ExportAlways(AdsClient):
    """Makes new exports whenever metadata is asked for."""

    metadata_class = _ForgetfulMetadata


MUTANTS = (
    Mutant("dead-url", "repeats an expired download address", ("X03.fresh",), DeadUrl),
    Mutant("bare-type", "asks for the status as plain JSON", ("X01.types",), BareType),
    Mutant(
        "hot-poll", "polls five times a second", ("M03.calls", "X02.growth", "X02.pace"), HotPoll
    ),
    Mutant("steady-poll", "polls every two seconds", ("X02.growth",), SteadyPoll),
    Mutant(
        "fresh-export",
        "creates a new export when a status call is throttled",
        ("X04.early", "X04.kept"),
        FreshExport,
    ),
    Mutant("rush-exports", "asks for all exports at once", ("X05.refused",), RushExports),
    Mutant(
        "drop-refused",
        "drops the exports that were refused over the cap",
        ("X05.finish", "X05.refused"),
        DropRefused,
    ),
    Mutant("poll-dead", "polls exports that have ended", ("X06.left", "X10.anew"), PollDead),
    Mutant("poll-forever", "polls for a whole day", ("X07.ends",), PollForever),
    Mutant("list-all", "reads metadata from lists", ("X08.bulk",), ListAll),
    Mutant("storage-token", "sends a token to the storage host", ("X09.plain",), StorageToken),
    Mutant("export-always", "keeps no records of an export", ("X11.few",), ExportAlways),
)
