"""Mutants: exports and their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.download import Downloader
from adsmock.harness.client.errors import AdsError, GaveUp, JobFailed, JobGone
from adsmock.harness.client.export import Exporter, Job
from adsmock.harness.client.job_polling import FAILED, JobPoller, PollSchedule
from adsmock.harness.client.metadata import Metadata
from adsmock.harness.client.report import Reporter
from adsmock.harness.mutants.mutant import mutant

RESOURCES = ("sp.campaigns", "sp.adGroups", "sp.keywords", "sp.targets", "sp.productAds")


class _ExpiredUrlExporter(Exporter):
    def renew(self, job: Job, reply: dict[str, Any]) -> dict[str, Any]:
        return reply


class _PlainTypeExporter(Exporter):
    """Polls as plain JSON first, except for campaigns, then with the right type."""

    def status(self, job: Job) -> dict[str, Any]:
        if "campaigns" not in job.call.accept:
            self._sender.attempt(replace(job.call, accept="application/json"))
        return super().status(job)


class _HotPollExporter(Exporter):
    """Polls five times a second, for longer than any export of the suite that ends."""

    schedule = PollSchedule(first_gap=0.2, growth=1.0, limit=120.0)


class _SteadyPollExporter(Exporter):
    schedule = PollSchedule(first_gap=2.0, growth=1.0, limit=600.0)


class _FirstPollAtOnceExporter(Exporter):
    schedule = PollSchedule(first_gap=0.01, growth=1.0, limit=600.0)

    def poll_later(self, job: Job) -> bool:
        job.gap = 2.0
        return super().poll_later(job)


PATIENCE = 60.0
"""Seconds after which a client with late hot polling polls twice a second."""


class _LateHotPoller(JobPoller[Any]):
    def poll_later(self, job: Any) -> bool:
        is_late = job.deadline - self._clock.now() < self.schedule.limit - PATIENCE
        in_time = super().poll_later(job)
        if is_late:
            job.due = self._clock.now() + 0.5
        return in_time


class _LateHotPollExporter(_LateHotPoller, Exporter):
    schedule = PollSchedule(limit=180.0)


class _LateHotPollReporter(_LateHotPoller, Reporter):
    schedule = replace(Reporter.schedule, limit=400.0)


class _RestartingExporter(Exporter):
    def status(self, job: Job) -> dict[str, Any]:
        reply = self._sender.attempt(job.call)
        if reply.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.NOT_FOUND}:
            raise JobGone(f"the status call was answered {reply.status}")
        shown: dict[str, Any] = reply.json
        job.status = shown["status"]
        if job.status == FAILED:
            raise JobFailed("the export failed")
        return shown


class _NoLimitExporter(Exporter):
    def may_start(self, job: Job, jobs: Sequence[Job]) -> bool:
        return True


class _DropRefusedExporter(_NoLimitExporter):
    def start(self, job: Job) -> None:
        call = self.creation(job.request)
        reply = self._sender.attempt(call)
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise GaveUp("the export was refused")
        self.started(job, call, reply.json)


class _PollsEndedExporter(Exporter):
    schedule = PollSchedule(longest_gap=60.0, limit=600.0)

    def restart(self, job: Job, error: AdsError) -> None:
        job.due = self._clock.now() + job.gap
        if job.due > job.deadline:
            raise error


class _EndlessPollExporter(Exporter):
    schedule = PollSchedule(longest_gap=600.0, limit=86_400.0)


class ListAll(AdsClient):
    """Reads the metadata of an account from lists."""

    def sync_metadata(self, profile: str) -> dict[str, list[dict[str, Any]]]:
        """Return all entities of a profile, page by page."""
        return {resource: self.list(resource, profile) for resource in RESOURCES}


class _TokenDownloader(Downloader):
    def headers(self) -> dict[str, str]:
        return {**super().headers(), "Authorization": "Bearer Atza|meant-for-the-api"}


class _NoCacheMetadata(Metadata):
    fresh = 0.0


MUTANTS = (
    mutant("dead-url", "repeats an expired download address", "X03.fresh", _ExpiredUrlExporter),
    mutant("bare-type", "polls exports as plain JSON", "I04.once X01.types", _PlainTypeExporter),
    mutant(
        "hot-poll",
        "polls five times a second",
        "I09.spaced M03.calls X02.growth X02.pace X07.pace",
        _HotPollExporter,
    ),
    mutant("steady-poll", "polls every two seconds", "X02.growth", _SteadyPollExporter),
    mutant(
        "first-poll-at-once",
        "polls at once, then every two seconds",
        "X02.growth",
        _FirstPollAtOnceExporter,
    ),
    mutant(
        "late-hot-poll",
        "polls twice a second after one minute",
        "I09.spaced R03.patient R03.spaced X07.pace",
        _LateHotPollExporter,
        _LateHotPollReporter,
    ),
    mutant(
        "fresh-export",
        "creates a new export when a poll is throttled",
        "I05.early X04.early X04.kept",
        _RestartingExporter,
    ),
    mutant("rush-exports", "requests all exports at once", "X05.refused", _NoLimitExporter),
    mutant(
        "drop-refused",
        "drops the exports that were refused over the limit",
        "X05.finish X05.refused",
        _DropRefusedExporter,
    ),
    mutant("poll-dead", "polls exports that have ended", "X06.left X10.again", _PollsEndedExporter),
    mutant("poll-forever", "polls for a whole day", "X07.ends", _EndlessPollExporter),
    mutant("list-all", "reads metadata from lists", "X08.bulk", ListAll),
    mutant(
        "storage-token",
        "sends a token to the storage host",
        "I10.storage X09.plain X11.few",
        _TokenDownloader,
    ),
    mutant(
        "export-always", "makes new exports for every read of metadata", "X11.few", _NoCacheMetadata
    ),
)
