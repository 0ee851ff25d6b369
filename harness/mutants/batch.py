"""Mutants: what is sent again of a batch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from adsmock.contracts.loader import load
from adsmock.harness.client.api import Contract
from adsmock.harness.client.bid_check import BidCheck
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.multistatus import ItemError, Outcome, partition
from adsmock.harness.client.writer import Batch, Writer
from adsmock.harness.mutants.mutant import Mutant


class _ResendsAllWriter(Writer):
    """Sends a whole batch again when one of its items is retryable."""

    def to_resend(self, batch: Batch, places: list[int]) -> list[int]:
        return places if super().to_resend(batch, places) else []


class _UnknownErrorWriter(Writer):
    """Treats an unknown item error as a failure of the whole batch."""

    def to_resend(self, batch: Batch, places: list[int]) -> list[int]:
        known = load().item_errors
        errors = [error for place in places for error in batch.last[place].errors]
        is_unknown = any(error.kind not in known for error in errors)
        return places if is_unknown else super().to_resend(batch, places)


class UnknownFailsBatch(AdsClient):
    """Sends a whole batch again after an unknown item error."""

    writer_class = _UnknownErrorWriter


class ResendBatch(AdsClient):
    """Repeats a whole batch because of one throttled item."""

    writer_class = _ResendsAllWriter


class _NoResendWriter(Writer):
    """Treats every failed item as final."""

    def is_retryable(self, batch: Batch, outcome: Outcome) -> bool:
        del batch, outcome
        return False


class DropFailed(AdsClient):
    """Never sends a failed item again."""

    writer_class = _NoResendWriter


class _ResendsDoneWriter(Writer):
    """Sends a batch again when all of it has succeeded."""

    def _round(self, batch: Batch, places: list[int]) -> list[int]:
        again = super()._round(batch, places)
        if not again and len(places) == len(batch.items) and not _failures(batch):
            self._submit(batch, places)
        return again


class ResendDone(AdsClient):
    """Sends each successful batch twice."""

    writer_class = _ResendsDoneWriter


class _PositionalWriter(Writer):
    """Assigns the rows to the items by their order, errors first."""

    def read(self, document: Any, contract: Contract, count: int) -> list[Outcome]:
        read = partition(document, contract, count)
        failed = [outcome for outcome in read if not outcome.is_done]
        passed = [outcome for outcome in read if outcome.is_done]
        return [replace(one, index=place) for place, one in enumerate([*failed, *passed])]


class ByPosition(AdsClient):
    """Matches the rows of a 207 with its items by their order."""

    writer_class = _PositionalWriter


class _IgnoresErrorsWriter(Writer):
    """Treats every item of a 207 as done."""

    def read(self, document: Any, contract: Contract, count: int) -> list[Outcome]:
        read = super().read(document, contract, count)
        return [Outcome(one.index, id=one.id or "1", entity=one.entity) for one in read]


class IgnoresItemErrors(AdsClient):
    """Treats a 207 as a success."""

    writer_class = _IgnoresErrorsWriter


class _ResendsPermanentWriter(Writer):
    """Sends finally refused items again, as often as throttled ones."""

    def is_retryable(self, batch: Batch, outcome: Outcome) -> bool:
        return not outcome.is_done and not self.is_done_before(batch, outcome)


class _NoBidCheck(BidCheck):
    """Accepts every bid."""

    def bid_error(self, profile: str, item: Any) -> ItemError | None:
        del profile, item
        return None


class ResendPermanent(AdsClient):
    """Repeats items with a permanent error."""

    writer_class = _ResendsPermanentWriter
    bid_check_class = _NoBidCheck


SUBMISSIONS = 30
"""The most submissions of one batch, so that a run ends."""


class _UnlimitedWriter(Writer):
    """Counts no submissions, and treats unknown errors as transient."""

    def is_retryable(self, batch: Batch, outcome: Outcome) -> bool:
        known = load().item_errors
        unknown = any(error.kind not in known for error in outcome.errors)
        return unknown or super().is_retryable(batch, outcome)

    def _round(self, batch: Batch, places: list[int]) -> list[int]:
        again = places
        for _ in range(SUBMISSIONS):
            # A new chain for each submission, so that no chain counts the others.
            batch.chain = self._sender.open(batch.call)
            again = super()._round(batch, again)
            if not again:
                return again
        batch.settled.update({place: batch.last[place] for place in again if place in batch.last})
        return []


class ResendForever(AdsClient):
    """Submits failing items without a limit."""

    writer_class = _UnlimitedWriter


def _failures(batch: Batch) -> list[Outcome]:
    return [outcome for outcome in batch.settled.values() if not outcome.is_done]


MUTANTS = (
    Mutant(
        "resend-batch",
        "sends a whole batch again for one throttled item",
        (
            "B01.only-failed",
            "B03.index",
            "C03.once",
            "I13.doubled",
        ),
        ResendBatch,
    ),
    Mutant(
        "unknown-fails-batch",
        "sends a whole batch again after an unknown item error",
        ("B07.others",),
        UnknownFailsBatch,
    ),
    Mutant(
        "drop-failed",
        "never sends a throttled item of a batch again",
        ("B01.resubmits", "B03.resubmits", "C03.resubmits"),
        DropFailed,
    ),
    Mutant(
        "resend-done",
        "sends a batch again when all of it has succeeded",
        ("B05.once", "N06.once"),
        ResendDone,
    ),
    Mutant(
        "by-position",
        "matches the rows of a 207 with its items by their order",
        (
            "B01.only-failed",
            "B01.resubmits",
            "B03.index",
            "B03.resubmits",
            "C01.orphans",
            "C03.once",
            "C03.resubmits",
            "I12.lost",
            "I13.doubled",
            "x.claim",
        ),
        ByPosition,
    ),
    Mutant(
        "believes-207",
        "treats a 207 as a success of every item",
        (
            "B01.resubmits",
            "B03.resubmits",
            "B04.children",
            "C01.orphans",
            "C03.resubmits",
            "I12.lost",
            "x.claim",
        ),
        IgnoresItemErrors,
    ),
    Mutant(
        "resend-permanent",
        "sends items again that have a permanent error",
        ("B02.permanent", "L06.once"),
        ResendPermanent,
    ),
    Mutant(
        "resend-forever",
        "submits failing items of a batch without a limit, unknown errors too",
        ("B04.cap", "B06.cap", "B06.growth", "B07.cap"),
        ResendForever,
    ),
)
