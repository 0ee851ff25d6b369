"""The result of a judge function: an outcome, one sentence, evidence and numbers.

A finding has no severity: the judge decides whether a breach is FAIL or WARN.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from adsmock.harness.suite.journal import Entry

Outcome = Literal["holds", "broken", "unproven", "inconclusive"]


_CALL = re.compile(r"\bcall (\d+)\b")

_QUOTED = re.compile(r'"[^"]*"')

_GAP = re.compile(
    r"^\s|\s$|[,:;(]$"
    r"|\b(?:a|after|and|at|but|by|for|from|in|is|of|or|than|the|to|was|were|with)$"
    r"|\s[,;.](?:\s|$)|\(\)|\b(?:None|nan|inf)\b"
)
"""What a sentence with a missing value looks like: cut off, a gap before a comma, ``None``."""


class SentenceError(ValueError):
    """A sentence with a missing value: an error of the suite, never of the client."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One journal entry as evidence; ``allowed_from`` is its earliest compliant arrival.

    ``case`` names the case of the entry where an invariant was judged on many; else it is empty.
    """

    seq: int
    note: str
    allowed_from: float | None = None
    case: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one judge function.

    Raises:
        SentenceError: the sentence lacks a value, or is empty.
    """

    outcome: Outcome
    sentence: str
    rows: tuple[Evidence, ...] = ()
    numbers: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a sentence that lacks a value; quoted texts are the client's and may be odd."""
        text = _QUOTED.sub('""', self.sentence)
        if not text or _GAP.search(text):
            raise SentenceError(f"a value is missing in the sentence {self.sentence!r}")


def holds(sentence: str, rows: Iterable[Evidence] = (), **numbers: Any) -> Finding:
    """Return that the client followed the rule."""
    return Finding("holds", sentence, tuple(rows), numbers)


def broken(
    sentence: str, rows: Iterable[Evidence], about: Entry | None = None, /, **numbers: Any
) -> Finding:
    """Return that the client broke the rule, with the entries that show it.

    Reports quote the last entry: ``about``, else the call that the sentence names by number, else
    the one whose note the sentence contains, else the last of ``rows``.
    """
    found = tuple(rows)
    last = _named(sentence, found, about)
    ordered = (*(each for each in found if each is not last), last) if last else found
    return Finding("broken", sentence, ordered, numbers)


def _named(sentence: str, found: tuple[Evidence, ...], about: Entry | None) -> Evidence | None:
    """Return the entry that a sentence is about, None when it names none."""
    number = about.seq if about else next(map(int, _CALL.findall(sentence)), None)
    numbered = [each for each in found if each.seq == number]
    if numbered:
        return numbered[-1]
    notes = {each.note for each in found}
    return next((each for each in found if len(notes) > 1 and each.note in sentence), None)


def unproven(sentence: str, **numbers: Any) -> Finding:
    """Return that the client had no chance to follow or break the rule."""
    return Finding("unproven", sentence, (), numbers)


def suspected(sentence: str, **numbers: Any) -> Finding:
    """Return that too few calls look like a breach: an invariant is UNPROVEN then, not N/A."""
    return unproven(sentence, suspected=True, **numbers)


def inconclusive(sentence: str, **numbers: Any) -> Finding:
    """Return that the journal does not contain what is needed to decide."""
    return Finding("inconclusive", sentence, (), numbers)


def row(entry: Entry, note: str, allowed_from: float | None = None) -> Evidence:
    """Return an entry as evidence."""
    return Evidence(entry.seq, note, allowed_from)


def rows(entries: Iterable[Entry], note: str) -> tuple[Evidence, ...]:
    """Return entries as evidence of one thing."""
    return tuple(Evidence(entry.seq, note) for entry in entries)


def quote(names: Iterable[str], most: int = 3) -> str:
    """Return the first names in double quotes, and how many more there are."""
    listed = list(dict.fromkeys(names))
    text = ", ".join('"' + name.replace('"', "'") + '"' for name in listed[:most])
    return text if len(listed) <= most else f"{text} and {len(listed) - most} more"


_PLURAL_IES = ("ry", "ty")
"""Endings of nouns with a plural in ``ies``: retry, entity. Not day, delay."""


def counted(number: int, thing: str) -> str:
    """Return a number with its noun: ``1 call``, ``3 calls``, ``3 batches``, ``3 retries``."""
    if number == 1:
        return f"{number} {thing}"
    if thing.endswith(("ch", "s")):
        return f"{number} {thing}es"
    return f"{number} {thing[:-1]}ies" if thing.endswith(_PLURAL_IES) else f"{number} {thing}s"
