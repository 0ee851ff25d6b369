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
from adsmock.harness.client.job_polling import FAILED, PollSchedule
from adsmock.harness.client.metadata import Metadata
from adsmock.harness.client.report import Job as ReportJob
from adsmock.harness.client.report import Reporter
from adsmock.harness.mutants.mutant import Mutant

RESOURCES = ("sp.campaigns", "sp.adGroups", "sp.keywords", "sp.targets", "sp.productAds")


class _ExpiredUrlExporter(Exporter):
    """Keeps the first address of a file."""

    def renew(self, job: Job, reply: dict[str, Any]) -> dict[str, Any]:
        del job
        return reply


class DeadUrl(AdsClient):
    """Requests the file from an expired address again and again."""

    exporter_class = _ExpiredUrlExporter


class _PlainTypeExporter(Exporter):
    """Polls as plain JSON first, except for campaigns, then with the right type."""

    def status(self, job: Job) -> dict[str, Any]:
        if "campaigns" not in job.call.accept:
            self._sender.attempt(replace(job.call, accept="application/json"))
        return super().status(job)


class BareType(AdsClient):
    """Polls exports without a version."""

    exporter_class = _PlainTypeExporter


class _HotPollExporter(Exporter):
    """Polls five times a second, for longer than any export of the suite that ends."""

    schedule = PollSchedule(first_gap=0.2, growth=1.0, limit=120.0)


class HotPoll(AdsClient):
    """Polls five times a second."""

    exporter_class = _HotPollExporter


class _SteadyPollExporter(Exporter):
    """Polls every two seconds."""

    schedule = PollSchedule(first_gap=2.0, growth=1.0, limit=600.0)


class SteadyPoll(AdsClient):
    """Polls at short intervals that do not grow."""

    exporter_class = _SteadyPollExporter


class _FirstPollAtOnceExporter(Exporter):
    """Polls at once, then every two seconds."""

    schedule = PollSchedule(first_gap=0.01, growth=1.0, limit=600.0)

    def poll_later(self, job: Job) -> bool:
        job.gap = 2.0
        return super().poll_later(job)


class FirstPollAtOnce(AdsClient):
    """Polls at once, then at short intervals that do not grow."""

    exporter_class = _FirstPollAtOnceExporter


PATIENCE = 60.0
"""Seconds after which a client with late hot polling polls twice a second."""


class _LateHotPollExporter(Exporter):
    """Polls patiently for one minute, then twice a second."""

    schedule = PollSchedule(limit=180.0)

    def poll_later(self, job: Job) -> bool:
        is_late = job.deadline - self._clock.now() < self.schedule.limit - PATIENCE
        in_time = super().poll_later(job)
        if is_late:
            job.due = self._clock.now() + 0.5
        return in_time


class _LateHotPollReporter(Reporter):
    """Polls patiently for one minute, then twice a second."""

    schedule = replace(Reporter.schedule, limit=400.0)

    def poll_later(self, job: ReportJob) -> bool:
        is_late = job.deadline - self._clock.now() < self.schedule.limit - PATIENCE
        in_time = super().poll_later(job)
        if is_late:
            job.due = self._clock.now() + 0.5
        return in_time


class LateHotPoll(AdsClient):
    """Polls patiently for one minute, then twice a second."""

    exporter_class = _LateHotPollExporter
    reporter_class = _LateHotPollReporter


class _RestartingExporter(Exporter):
    """Treats a throttled poll as the end of the export."""

    def status(self, job: Job) -> dict[str, Any]:
        reply = self._sender.attempt(job.call)
        if reply.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.NOT_FOUND}:
            raise JobGone(f"the status call was answered {reply.status}")
        shown: dict[str, Any] = reply.json
        job.status = shown["status"]
        if job.status == FAILED:
            raise JobFailed("the export failed")
        return shown


class FreshExport(AdsClient):
    """Creates a second export after one throttled poll."""

    exporter_class = _RestartingExporter


class _NoLimitExporter(Exporter):
    """Ignores the limit of exports in progress."""

    def may_start(self, job: Job, jobs: Sequence[Job]) -> bool:
        del job, jobs
        return True


class RushExports(AdsClient):
    """Requests all exports at once."""

    exporter_class = _NoLimitExporter


class _DropRefusedExporter(_NoLimitExporter):
    """Drops refused exports."""

    def start(self, job: Job) -> None:
        call = self.creation(job.request)
        reply = self._sender.attempt(call)
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise GaveUp("the export was refused")
        self.started(job, call, reply.json)


class DropRefused(AdsClient):
    """Drops the exports that were refused over the limit."""

    exporter_class = _DropRefusedExporter


class _PollsEndedExporter(Exporter):
    """Continues to poll an export that failed or expired."""

    schedule = PollSchedule(longest_gap=60.0, limit=600.0)

    def restart(self, job: Job, error: AdsError) -> None:
        job.due = self._clock.now() + job.gap
        if job.due > job.deadline:
            raise error


class PollDead(AdsClient):
    """Polls exports that have ended."""

    exporter_class = _PollsEndedExporter


class _EndlessPollExporter(Exporter):
    """Waits a whole day for an export."""

    schedule = PollSchedule(longest_gap=600.0, limit=86_400.0)


class PollForever(AdsClient):
    """Polls for a whole day."""

    exporter_class = _EndlessPollExporter


class ListAll(AdsClient):
    """Reads the metadata of an account from lists."""

    def sync_metadata(self, profile: str) -> dict[str, list[dict[str, Any]]]:
        """Return all entities of a profile, page by page."""
        return {resource: self.list(resource, profile) for resource in RESOURCES}


class _TokenDownloader(Downloader):
    """Sends a token with downloads."""

    def headers(self) -> dict[str, str]:
        return {**super().headers(), "Authorization": "Bearer Atza|meant-for-the-api"}


class StorageToken(AdsClient):
    """Sends a token to the storage host."""

    downloader_class = _TokenDownloader


class _NoCacheMetadata(Metadata):
    """Keeps no records."""

    fresh = 0.0


class ExportAlways(AdsClient):
    """Makes new exports for every read of metadata."""

    metadata_class = _NoCacheMetadata


MUTANTS = (
    Mutant("dead-url", "repeats an expired download address", ("X03.fresh",), DeadUrl),
    Mutant("bare-type", "polls exports as plain JSON", ("X01.types",), BareType),
    Mutant(
        "hot-poll",
        "polls five times a second",
        ("I09.spaced", "M03.calls", "X02.growth", "X02.pace", "X07.pace"),
        HotPoll,
    ),
    Mutant("steady-poll", "polls every two seconds", ("X02.growth",), SteadyPoll),
    Mutant(
        "first-poll-at-once",
        "polls at once, then every two seconds",
        ("X02.growth",),
        FirstPollAtOnce,
    ),
    Mutant(
        "late-hot-poll",
        "polls twice a second after one minute",
        ("R03.patient", "R03.spaced", "X07.pace"),
        LateHotPoll,
    ),
    Mutant(
        "fresh-export",
        "creates a new export when a poll is throttled",
        (
            "I05.early",
            "X04.early",
            "X04.kept",
        ),
        FreshExport,
    ),
    Mutant("rush-exports", "requests all exports at once", ("X05.refused",), RushExports),
    Mutant(
        "drop-refused",
        "drops the exports that were refused over the limit",
        ("X05.finish", "X05.refused"),
        DropRefused,
    ),
    Mutant("poll-dead", "polls exports that have ended", ("X06.left", "X10.again"), PollDead),
    Mutant("poll-forever", "polls for a whole day", ("X07.ends",), PollForever),
    Mutant("list-all", "reads metadata from lists", ("X08.bulk",), ListAll),
    Mutant(
        "storage-token",
        "sends a token to the storage host",
        (
            "I10.storage",
            "X09.plain",
        ),
        StorageToken,
    ),
    Mutant(
        "export-always", "makes new exports for every read of metadata", ("X11.few",), ExportAlways
    ),
)
