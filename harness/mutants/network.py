"""Clients that are wrong in what they make of a lost answer."""

from __future__ import annotations

from http import HTTPStatus

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.download import Downloader
from adsmock.harness.client.errors import TransportError
from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.retry.chain import Retry
from adsmock.harness.client.transport import Reply, Request, Transport
from adsmock.harness.client.writer import Batch, Writer
from adsmock.harness.mutants.mutant import Mutant


class _BlindWriter(Writer):
    """Believes that a create without an answer was not done, whatever it hears later."""

    def recover(self, batch: Batch) -> list[int]:
        batch.uncertain.clear()
        return batch.open

    def is_done_before(self, batch: Batch, outcome: Outcome) -> bool:
        return batch.verb != "create" and super().is_done_before(batch, outcome)

    def is_retryable(self, batch: Batch, outcome: Outcome) -> bool:
        refused_twin = super().is_done_before(batch, outcome) and batch.verb == "create"
        return refused_twin or super().is_retryable(batch, outcome)


class BlindCreate(AdsClient):
    """Sends a create again after a lost answer, and again when told that it exists."""

    writer_class = _BlindWriter


class _CredulousTransport:
    """Hands on what came before a transfer was cut short."""

    def __init__(self, wire: Transport) -> None:
        self._wire = wire

    def send(self, request: Request) -> Reply:
        try:
            return self._wire.send(request)
        except TransportError as error:
            if error.kind != "truncated":
                raise
            return Reply(HTTPStatus.OK)


class _CredulousDownloader(Downloader):
    """Takes what came for the file."""

    def __init__(self, transport: Transport, retry: Retry) -> None:
        super().__init__(_CredulousTransport(transport), retry)

    def whole(self, reply: Reply) -> Reply:
        try:
            return super().whole(reply)
        except TransportError:
            return Reply(reply.status, {}, b"[]")


class ShortFile(AdsClient):
    """Takes a short or corrupt file for the whole one."""

    downloader_class = _CredulousDownloader


MUTANTS = (
    Mutant(
        "short-file",
        "takes a short or corrupt file for the whole one",
        ("N04.whole", "x.claim"),
        ShortFile,
    ),
    Mutant(
        "blind-create",
        "sends a create again after a lost answer, even when told that it exists",
        ("E07.once", "N03.once", "N06.once"),
        BlindCreate,
    ),
)
