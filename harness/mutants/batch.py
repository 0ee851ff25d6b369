"""Clients that are wrong in what they send again of a batch."""

from __future__ import annotations

from harness.client.client import AdsClient
from harness.client.writer import Batch, Writer
from harness.mutants.mutant import Mutant


class _WholesaleWriter(Writer):
    """Sends all of a batch again when any of it may pass on another try."""

    def to_resend(self, batch: Batch, places: list[int]) -> list[int]:
        return places if super().to_resend(batch, places) else []


class ResendBatch(AdsClient):
    """Repeats a whole batch for the sake of one throttled item."""

    writer_class = _WholesaleWriter


MUTANTS = (
    Mutant(
        "resend-batch",
        "sends a whole batch again for one throttled item",
        ("B01.only-failed",),
        ResendBatch,
    ),
)
