"""Mutants: lost replies and incomplete files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any

from adsmock.harness.client.download import Downloader
from adsmock.harness.client.errors import TransportError
from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.natural_key import ReadBack
from adsmock.harness.client.pager import Pager
from adsmock.harness.client.retry.chain import Retry
from adsmock.harness.client.transport import Reply, Request, Transport
from adsmock.harness.client.writer import Batch, Writer
from adsmock.harness.mutants.mutant import mutant


class _BlindWriter(Writer):
    def recover(self, batch: Batch) -> list[int]:
        batch.uncertain.clear()
        return batch.open

    def is_done_before(self, batch: Batch, outcome: Outcome) -> bool:
        return batch.verb != "create" and super().is_done_before(batch, outcome)

    def is_retryable(self, batch: Batch, outcome: Outcome) -> bool:
        is_duplicate = super().is_done_before(batch, outcome) and batch.verb == "create"
        return is_duplicate or super().is_retryable(batch, outcome)


class _FirstPagePager(Pager):
    """Reads only the first page of a whole list."""

    def pages(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Iterator[dict[str, Any]]:
        del filters, page_size
        return islice(super().pages(resource, profile, {}, page_size=100), 1)


class _FirstPageWriter(Writer):
    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._readback = ReadBack(self._api, _FirstPagePager(self._api, self._sender))


class _TruncatedTransport:
    """Accepts a transfer that was cut."""

    def __init__(self, wire: Transport) -> None:
        self._wire = wire

    def send(self, request: Request) -> Reply:
        try:
            return self._wire.send(request)
        except TransportError as error:
            if error.kind != "truncated":
                raise
            return Reply(HTTPStatus.OK)


class _CorruptFileDownloader(Downloader):
    """Accepts a file that cannot be read; the transport notices a short one."""

    def whole(self, reply: Reply) -> Reply:
        try:
            return super().whole(reply)
        except TransportError:
            return Reply(reply.status, {}, b"[]")


class _ShortFileDownloader(_CorruptFileDownloader):
    def __init__(self, transport: Transport, retry: Retry) -> None:
        super().__init__(_TruncatedTransport(transport), retry)


MUTANTS = (
    mutant(
        "corrupt-file",
        "accepts a file that cannot be decompressed",
        "N04.whole",
        _CorruptFileDownloader,
    ),
    mutant(
        "short-file",
        "accepts an incomplete or damaged file",
        "I12.lost N04.whole x.claim",
        _ShortFileDownloader,
    ),
    mutant(
        "blind-create",
        "sends a create again after a lost reply, even after a duplicate error",
        "E07.once I13.doubled N03.once N06.once",
        _BlindWriter,
        cases="N06",
    ),
    mutant(
        "first-page-look",
        "looks for a create without an answer on the first page of the list alone",
        "I13.doubled N06.once",
        _FirstPageWriter,
    ),
)
