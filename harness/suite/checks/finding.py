"""What a judge function found: whether the claim holds, the evidence, the numbers, a sentence.

Knows nothing of severities: whether a breach is a FAIL or a WARN is the judge's business.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from adsmock.harness.suite.journal import Entry

Outcome = Literal["holds", "broken", "unproven", "inconclusive"]


@dataclass(frozen=True, slots=True)
class Row:
    """One journal entry as evidence; ``allowed_from`` is its earliest lawful arrival."""

    seq: int
    note: str
    allowed_from: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one judge function."""

    outcome: Outcome
    sentence: str
    rows: tuple[Row, ...] = ()
    numbers: dict[str, Any] = field(default_factory=dict)


def holds(sentence: str, rows: Iterable[Row] = (), **numbers: Any) -> Finding:
    """Return that the claim was kept."""
    return Finding("holds", sentence, tuple(rows), numbers)


def broken(sentence: str, rows: Iterable[Row], **numbers: Any) -> Finding:
    """Return that the claim was broken, with the entries that show it."""
    return Finding("broken", sentence, tuple(rows), numbers)


def unproven(sentence: str, **numbers: Any) -> Finding:
    """Return that there was no chance to keep or break the claim."""
    return Finding("unproven", sentence, (), numbers)


def inconclusive(sentence: str, **numbers: Any) -> Finding:
    """Return that the journal does not hold what is needed to decide."""
    return Finding("inconclusive", sentence, (), numbers)


def row(entry: Entry, note: str, allowed_from: float | None = None) -> Row:
    """Return an entry as evidence."""
    return Row(entry.seq, note, allowed_from)


def rows(entries: Iterable[Entry], note: str) -> tuple[Row, ...]:
    """Return entries as evidence of one thing."""
    return tuple(Row(entry.seq, note) for entry in entries)


def quote(names: Iterable[str], most: int = 3) -> str:
    """Return names in quotes, the first few of them."""
    listed = list(dict.fromkeys(names))
    text = ", ".join(f'"{name}"' for name in listed[:most])
    return text if len(listed) <= most else f"{text} and {len(listed) - most} more"


HARD_Y = ("ry", "ty")
"""How nouns end whose plural ends in ``ies``: retry, entity. Not day, delay."""


def counted(number: int, thing: str) -> str:
    """Return a number with its noun: ``1 call``, ``3 calls``, ``3 batches``, ``3 retries``."""
    if number == 1:
        return f"{number} {thing}"
    if thing.endswith(("ch", "s")):
        return f"{number} {thing}es"
    return f"{number} {thing[:-1]}ies" if thing.endswith(HARD_Y) else f"{number} {thing}s"
