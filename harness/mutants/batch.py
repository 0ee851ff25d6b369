"""Mutants: what is sent again of a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from adsmock.contracts.loader import load
from adsmock.harness.client.api import Contract
from adsmock.harness.client.bid_check import BidCheck
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.multistatus import ItemError, Outcome, partition
from adsmock.harness.client.writer import Batch, Writer
from adsmock.harness.mutants.mutant import mutant


class _ResendsAllWriter(Writer):
    def to_resend(self, batch: Batch, places: list[int]) -> list[int]:
        return places if super().to_resend(batch, places) else []


class _UnknownErrorWriter(Writer):
    def to_resend(self, batch: Batch, places: list[int]) -> list[int]:
        known = load().item_errors
        errors = [error for place in places for error in batch.last[place].errors]
        is_unknown = any(error.kind not in known for error in errors)
        return places if is_unknown else super().to_resend(batch, places)


class _NoResendWriter(Writer):
    def is_retryable(self, batch: Batch, outcome: Outcome) -> bool:
        return False


class _CreatedOnlyClient(AdsClient):
    """Reports only the created items of a batch."""

    def create(
        self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]
    ) -> list[Outcome]:
        """Return the outcomes of the created items only."""
        return [each for each in super().create(resource, profile, items) if each.is_done]


class _ResendsDoneWriter(Writer):
    def _round(self, batch: Batch, places: list[int]) -> list[int]:
        again = super()._round(batch, places)
        if not again and len(places) == len(batch.items) and not _failures(batch):
            self._submit(batch, places)
        return again


class _PositionalWriter(Writer):
    """Assigns the rows to the items by their order, errors first."""

    def read(self, document: Any, contract: Contract, count: int) -> list[Outcome]:
        read = partition(document, contract, count)
        failed = [outcome for outcome in read if not outcome.is_done]
        passed = [outcome for outcome in read if outcome.is_done]
        return [replace(each, index=place) for place, each in enumerate([*failed, *passed])]


class _PositionalIdsWriter(Writer):
    """Matches errors by their index, but takes the n-th success row for the n-th item."""

    def read(self, document: Any, contract: Contract, count: int) -> list[Outcome]:
        read = partition(document, contract, count)
        answer = document.get(contract.envelope) if isinstance(document, dict) else None
        field = contract.identity.success if contract.identity else ""
        ids = [str(row.get(field)) for row in (answer or {}).get("success", ())]
        return [
            replace(each, id=ids[place] if place < len(ids) else None) if each.is_done else each
            for place, each in enumerate(read)
        ]


class _IgnoresRows(Writer):
    """Takes a 207 to one verb for a success of every item."""

    verb = ""

    def _submit(self, batch: Batch, places: list[int]) -> list[Outcome]:
        read = super()._submit(batch, places)
        is_deaf = batch.call.operation.verb == self.verb and batch.call.operation.id.startswith(
            "sp.keywords."
        )
        return [replace(each, errors=()) if is_deaf else each for each in read]


class _IgnoresUpdateRows(_IgnoresRows):
    verb = "update"


class _IgnoresArchiveRows(_IgnoresRows):
    verb = "archive"


class _FirstBatchWriter(Writer):
    """Takes the indexes of every 207 as places in the first batch."""

    def _submit(self, batch: Batch, places: list[int]) -> list[Outcome]:
        rows = super()._submit(batch, places)
        return [replace(row, index=place) for place, row in enumerate(rows)]

    def to_resend(self, batch: Batch, places: list[int]) -> list[int]:
        named = range(len(places))
        return [place for place in named if self.is_retryable(batch, batch.last[place])]


class _IgnoresErrorsWriter(Writer):
    def read(self, document: Any, contract: Contract, count: int) -> list[Outcome]:
        read = super().read(document, contract, count)
        return [Outcome(each.index, id=each.id or "1", entity=each.entity) for each in read]


class _ResendsPermanentWriter(Writer):
    def is_retryable(self, batch: Batch, outcome: Outcome) -> bool:
        return not outcome.is_done and not self.is_done_before(batch, outcome)


class _NoBidCheck(BidCheck):
    def bid_error(self, profile: str, item: Any) -> ItemError | None:
        return None


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


def _failures(batch: Batch) -> list[Outcome]:
    return [outcome for outcome in batch.settled.values() if not outcome.is_done]


MUTANTS = (
    mutant(
        "resend-batch",
        "sends a whole batch again for one throttled item",
        "B01.only-failed B03.index C03.once I13.archived I13.doubled",
        _ResendsAllWriter,
        cases="B09",
    ),
    mutant(
        "unknown-fails-batch",
        "sends a whole batch again after an unknown item error",
        "B07.others",
        _UnknownErrorWriter,
    ),
    mutant(
        "drop-failed",
        "never sends a throttled item of a batch again",
        "B01.resubmits B03.resubmits C03.resubmits",
        _NoResendWriter,
    ),
    mutant(
        "drops-silently",
        "reports only the created items of a batch, and drops the failed ones",
        "B01.resubmits B03.resubmits C03.resubmits I12.lost",
        _CreatedOnlyClient,
        _NoResendWriter,
    ),
    mutant(
        "resend-done",
        "sends a batch again when all of it has succeeded",
        "B05.once I13.archived I13.doubled N06.once",
        _ResendsDoneWriter,
    ),
    mutant(
        "by-position",
        "matches the rows of a 207 with its items by their order",
        "B01.only-failed B01.resubmits B03.index B03.resubmits B08.read C01.orphans C01.parents "
        "C03.once C03.resubmits I12.lost I13.doubled x.claim",
        _PositionalWriter,
    ),
    mutant(
        "ids-by-position",
        "takes the ids of created items by the place of their row, not by its index",
        "C01.parents",
        _PositionalIdsWriter,
    ),
    mutant(
        "ignores-update-rows",
        "reads no error rows in the 207 of an update of keywords",
        "B08.read I12.lost",
        _IgnoresUpdateRows,
    ),
    mutant(
        "ignores-archive-rows",
        "reads no error rows in the 207 of an archiving of keywords",
        "B09.read I12.lost",
        _IgnoresArchiveRows,
    ),
    mutant(
        "first-batch",
        "takes the indexes of every 207 as places in the first batch",
        "B03.index B03.resubmits",
        _FirstBatchWriter,
    ),
    mutant(
        "believes-207",
        "treats a 207 as a success of every item",
        "B01.resubmits B03.resubmits B04.children B08.read B09.read C01.orphans C03.resubmits "
        "I12.lost x.claim",
        _IgnoresErrorsWriter,
    ),
    mutant(
        "resend-permanent",
        "sends items again that have a permanent error",
        "B02.permanent L06.once",
        _ResendsPermanentWriter,
        _NoBidCheck,
    ),
    mutant(
        "resend-forever",
        "submits failing items of a batch without a limit, unknown errors too",
        "B04.cap B06.cap B06.growth B07.cap",
        _UnlimitedWriter,
    ),
)
