"""Mutants: behavior during and after the outage of a region."""

from __future__ import annotations

from adsmock.harness.client.multistatus import ItemError, Outcome
from adsmock.harness.client.retry.context import Attempt
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.client.writer import Batch, Writer
from adsmock.harness.mutants.mutant import mutant
from adsmock.harness.mutants.region import is_unavailable

PROBE_INTERVAL = 0.3
"""Seconds between two calls to an unavailable region."""

PROBES = 70
"""After so many calls it slows down, or its retry budget would end before the outage."""

LONG_WAIT = 60.0

LATE_RETURN = 500.0


def _is_unavailable(attempt: Attempt | None) -> bool:
    return attempt is not None and is_unavailable(attempt.reply)


class _FrequentProbePolicy(RetryPolicy):
    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        return _is_unavailable(attempt) or super().allows(attempt, retries)

    def wait(self, attempt: Attempt | None, retry: int) -> float:
        if _is_unavailable(attempt):
            return PROBE_INTERVAL if retry <= PROBES else LONG_WAIT
        return super().wait(attempt, retry)


class _LateReturnPolicy(RetryPolicy):
    def wait(self, attempt: Attempt | None, retry: int) -> float:
        return LATE_RETURN if _is_unavailable(attempt) else super().wait(attempt, retry)


class _DropsUncertainWriter(Writer):
    def recover(self, batch: Batch) -> list[int]:
        error = ItemError("unknownOutcome")
        for place in batch.open:
            batch.settled[place] = Outcome(place, errors=(error,))
        batch.uncertain.clear()
        return batch.open


class _RenamingWriter(Writer):
    def recover(self, batch: Batch) -> list[int]:
        items = list(batch.items)
        for place in sorted(batch.uncertain):
            if isinstance(items[place], dict) and "name" in items[place]:
                items[place] = {**items[place], "name": items[place]["name"] + " (2)"}
        batch.items = items
        batch.uncertain.clear()
        return batch.open


MUTANTS = (
    mutant(
        "hammer",
        "calls an unavailable region three times a second",
        "E08.once I06.bounded O01.load O03.load",
        _FrequentProbePolicy,
    ),
    mutant(
        "late-return",
        "waits eight minutes before it calls an unavailable region again",
        "O01.rto O03.rto",
        _LateReturnPolicy,
    ),
    mutant(
        "drops-writes",
        "drops every create with a lost reply",
        "E07.known O01.rpo O02.rpo O03.rpo",
        _DropsUncertainWriter,
    ),
    mutant(
        "renames-writes",
        "sends a create again under another name after a lost reply",
        "E07.known E07.once I12.lost I13.doubled N03.once N06.once O01.rpo O02.doubled "
        "O03.rpo x.claim",
        _RenamingWriter,
    ),
)
