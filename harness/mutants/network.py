"""Clients that are wrong in what they make of a lost answer."""

from __future__ import annotations

from harness.client.client import AdsClient
from harness.client.multistatus import Outcome
from harness.client.writer import Batch, Writer
from harness.mutants.mutant import Mutant


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


MUTANTS = (
    Mutant(
        "blind-create",
        "sends a create again after a lost answer, even when told that it exists",
        ("N03.once",),
        BlindCreate,
    ),
)
