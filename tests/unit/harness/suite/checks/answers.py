"""Choose variations of the sample journals: one for each answer of a check that no other row has.

``python -m tests.unit.harness.suite.checks.answers`` adds them to ``variations.json``. The choice
knows no mutations of the checks: answers differ in their outcome, or in a sentence or note apart
from its numbers and names.
"""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from typing import Any

from tests.unit.harness.suite.checks.edges import JOURNALS
from tests.unit.harness.suite.checks.findings import FINDINGS, VARIED, of_variation, write_rows
from tests.unit.harness.suite.checks.variations import names

TRIED, MOST = 60, 8
"""Variations of a journal that are tried, and new rows for a check."""

OPERATION = re.compile(r"\b[a-z]{2,}(?:\.[A-Za-z]+)+\b")
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*(?:e-?\d+)?")


def shape(text: str) -> str:
    """Return a sentence without its numbers, its names and the plurals after numbers."""
    for pattern, word in ((r'"[^"]*"', '"_"'), (OPERATION, "_"), (NUMBER, "#")):
        text = re.sub(pattern, word, text)
    return re.sub(r"(# \w+?)(ies|es|s)?\b", r"\1", text)


def answers(found: dict[str, Any]) -> set[tuple[str, str]]:
    """Return the shapes of what a check said: its outcome with its sentence, and its notes."""
    return {(found["outcome"], shape(found["says"])), *(("", shape(one)) for one in found["rows"])}


def in_random_order(titles: Iterator[str]) -> list[str]:
    """Return the names in an order that no journal decides."""
    return sorted(titles, key=lambda title: sha256(title.encode()).digest())


def new_rows(check: str, known: set[tuple[str, str]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield variations of the journals of a check whose answer is not known yet."""
    titles = (
        f"{check} {status} {name}"
        for status, record in JOURNALS[check].items()
        for name in in_random_order(names(record))[:TRIED]
    )
    for title in in_random_order(titles):
        found = of_variation(*title.split(" ", 2))
        if not answers(found) <= known:
            known |= answers(found)
            yield title, found


def main() -> None:
    """Add the rows to the file."""
    kept = json.loads(VARIED.read_text("utf-8"))
    known: dict[str, set[tuple[str, str]]] = {check: set() for check in JOURNALS}
    for title, found in (json.loads(FINDINGS.read_text("utf-8")) | kept).items():
        known[title.split()[0]] |= answers(found)
    for check in JOURNALS:
        kept |= dict(islice(new_rows(check, known[check]), MOST))
    write_rows(VARIED, dict(sorted(kept.items())))


if __name__ == "__main__":
    main()
