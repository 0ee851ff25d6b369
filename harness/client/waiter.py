"""Export: start the job, wait for it, fetch the file.

Knows the life of an export and its signed, short-lived addresses. Must not know retries. Source:
guides/exports, get started (documented): create, poll with the same media type, download without
Ads headers, gunzip; each status read gives a fresh address, good for one hour.
"""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from harness.client.call import Book, Call
from harness.client.errors import (
    GaveUp,
    JobFailed,
    JobTimedOut,
    TransportError,
    UnreadableReply,
    UrlExpired,
    VersionGone,
)
from harness.client.retry.context import Kind, Lane
from harness.client.transport import Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.client.clock import Clock, Sleeper
    from harness.client.sender import Sender
    from harness.client.transport import Transport

COMPLETED = "COMPLETED"
FAILED = "FAILED"

ADDRESSES = 5
"""How many addresses one file is tried at (own choice)."""

_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to ask, and for how long. Seconds; the gaps grow by ``growth``.

    15 minutes are documented for 99 of 100 exports; the hour leaves room for a bad day.
    """

    first_gap: float = 5.0
    growth: float = 1.5
    longest_gap: float = 60.0
    limit: float = 3600.0


class ExportWaiter:
    """Brings one export from wish to records."""

    def __init__(
        self,
        book: Book,
        sender: Sender,
        *,
        transport: Transport,
        clock: Clock,
        sleeper: Sleeper,
        patience: Patience | None = None,
    ) -> None:
        self._book = book
        self._sender = sender
        self._transport = transport
        self._clock = clock
        self._sleeper = sleeper
        self._patience = patience or Patience()

    def export(
        self, kind: str, profile: str, filters: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Return all records of a new export of ``kind`` (campaigns, adGroups, targets, ads).

        Raises:
            JobFailed: when the service says so; the job is not asked about again.
            JobTimedOut: when our patience ends first.
            GaveUp: when no address gave the whole file.
        """
        operation = self._book.operation(f"exports.{kind}.create")
        region = self._sender.router.region_of(profile)
        start = Call(operation, region, profile, dict(filters or {}))
        job = self._sender.send(start).json
        poll = Call(
            self._book.operation("exports.get"),
            region,
            profile,
            path={"exportId": str(_member(job, "exportId"))},
            # Each kind of export answers only to its own media type.
            accept=operation.reply,
        )
        return self._fetch(self._await(poll), poll)

    def _await(self, poll: Call) -> dict[str, Any]:
        """Ask with growing gaps until the job ends; return its last status."""
        patience = self._patience
        deadline = self._clock.now() + patience.limit
        gap = patience.first_gap
        while self._clock.now() + gap <= deadline:
            self._sleeper.sleep(gap)
            job = self._status(poll)
            if job["status"] == COMPLETED:
                return job
            gap = min(gap * patience.growth, patience.longest_gap)
        raise JobTimedOut(f"{poll.path['exportId']} still runs after {patience.limit:.0f} s")

    def _status(self, poll: Call) -> dict[str, Any]:
        """Return the job as it is now; a status that we do not know counts as running."""
        try:
            job: dict[str, Any] = self._sender.send(poll).json
        except VersionGone as gone:
            raise JobFailed(f"{poll.path['exportId']} is no longer kept: {gone}") from gone
        if _member(job, "status") == FAILED:
            raise JobFailed(f"{poll.path['exportId']}: {json.dumps(job.get('error'))}")
        return job

    def _fetch(self, job: dict[str, Any], poll: Call) -> list[dict[str, Any]]:
        """Download, at a fresh address whenever the last one has died."""
        for address in range(ADDRESSES):
            if address > 1:
                self._sleeper.sleep(self._patience.first_gap)
            try:
                return self._download(str(_member(job, "url")), poll.region)
            except UrlExpired:
                job = self.renew(job, lambda: self._status(poll))
        raise GaveUp(f"{poll.path['exportId']}: {ADDRESSES} addresses died before the download")

    def renew(self, job: dict[str, Any], ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:  # noqa: ARG002 -- for variations
        """Return the job with an address that lives: asking for its status makes a new one."""
        return ask()

    def _download(self, url: str, region: str) -> list[dict[str, Any]]:
        """Return the records of the file at a signed address, complete or not at all."""
        # The address is its own permission: Ads headers there would hand our token to storage.
        request = Request("GET", url, {"Accept-Encoding": "identity"})
        chain = self._sender.retry.open(Kind.DOWNLOAD, Lane(region, "storage.get"))
        file = chain.run(lambda: _whole(self._transport.send(request)))
        try:
            records = file.json
        except ValueError:
            records = None
        if not isinstance(records, list):
            raise UnreadableReply("an export file must hold a JSON array")
        return records


def _whole(reply: Reply) -> Reply:
    """Return a download with its body unpacked; a short or damaged file is a broken transport."""
    packed_for_transfer = reply.headers.get("content-encoding", "identity") != "identity"
    if reply.status != HTTPStatus.OK or packed_for_transfer:
        return reply  # a refusal, or a file that the transport has unpacked and checked
    promised = reply.headers.get("content-length")
    if promised is not None and int(promised) != len(reply.body):
        raise TransportError("truncated", f"{len(reply.body)} of {promised} bytes came")
    if not reply.body.startswith(_GZIP_MAGIC):
        raise TransportError("truncated", "the file is no gzip file")
    try:
        return Reply(reply.status, reply.headers, gzip.decompress(reply.body))
    except (OSError, EOFError, zlib.error) as trouble:
        raise TransportError("truncated", f"gzip: {trouble}") from trouble


def _member(job: Any, name: str) -> Any:
    if not isinstance(job, dict) or not job.get(name):
        raise UnreadableReply(f"the export's status carries no {name}")
    return job[name]
