"""Clients that are wrong in what they do while a region is dark, and after it."""

from __future__ import annotations

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.multistatus import ItemError, Outcome
from adsmock.harness.client.retry.context import Attempt
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.client.writer import Batch, Writer
from adsmock.harness.mutants.mutant import Mutant
from adsmock.harness.mutants.region import is_dark

HAMMER = 0.3
"""Seconds between two blows: thirty in ten seconds."""

BLOWS = 70
"""After so many it tires, else its budget of retries would end the work before the dark does."""

REST = 60.0

HIDE = 500.0


def _is_dark(attempt: Attempt | None) -> bool:
    return attempt is not None and is_dark(attempt.reply)


class _HammeringPolicy(RetryPolicy):
    """Knocks three times a second at a door that is shut."""

    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        return _is_dark(attempt) or super().allows(attempt, retries)

    def wait(self, attempt: Attempt | None, retry: int) -> float:
        if _is_dark(attempt):
            return HAMMER if retry <= BLOWS else REST
        return super().wait(attempt, retry)


class Hammer(AdsClient):
    """Asks a dark region three times a second."""

    policy_class = _HammeringPolicy


class _HidingPolicy(RetryPolicy):
    """Comes back when everybody else has long gone home."""

    def wait(self, attempt: Attempt | None, retry: int) -> float:
        return HIDE if _is_dark(attempt) else super().wait(attempt, retry)


class LateReturn(AdsClient):
    """Waits more than eight minutes after a region was dark."""

    policy_class = _HidingPolicy


class _ForgettingWriter(Writer):
    """Drops what it is not sure of."""

    def recover(self, batch: Batch) -> list[int]:
        lost = ItemError("unknownOutcome")
        for place in batch.open:
            batch.settled[place] = Outcome(place, errors=(lost,))
        batch.uncertain.clear()
        return batch.open


class DropsWrites(AdsClient):
    """Drops every create whose answer is lost."""

    writer_class = _ForgettingWriter


class _RenamingWriter(Writer):
    """Gives a create another name when it is not sure of it."""

    def recover(self, batch: Batch) -> list[int]:
        items = list(batch.items)
        for place in sorted(batch.uncertain):
            if isinstance(items[place], dict) and "name" in items[place]:
                items[place] = {**items[place], "name": items[place]["name"] + " (2)"}
        batch.items = items
        batch.uncertain.clear()
        return batch.open


class RenamesWrites(AdsClient):
    """Sends a create again under another name after a lost answer."""

    writer_class = _RenamingWriter


MUTANTS = (
    Mutant(
        "hammer",
        "asks a dark region three times a second",
        ("E08.once", "O01.load", "O03.load"),
        Hammer,
    ),
    Mutant(
        "late-return",
        "waits eight minutes before it looks at a dark region again",
        ("O01.rto", "O03.rto"),
        LateReturn,
    ),
    Mutant(
        "drops-writes",
        "drops every create whose answer is lost",
        ("E07.known", "O01.rpo", "O02.rpo", "O03.rpo"),
        DropsWrites,
    ),
    Mutant(
        "renames-writes",
        "sends a create again under another name after a lost answer",
        (
            "E07.known",
            "E07.once",
            "N03.once",
            "N06.once",
            "O01.rpo",
            "O02.doubled",
            "O03.rpo",
            "x.claim",
        ),
        RenamesWrites,
    ),
)
