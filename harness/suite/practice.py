"""The practices that cases come from, and which of them a case can see.

Knows ``practices.toml`` and the practice codes of cases. Must not know runs or verdicts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from adsmock.harness.suite.case import Case

COMPONENTS: Mapping[str, str] = {
    "I": "introduction",
    "F": "fundamental",
    "C": "campaign management",
    "N": "insights and recommendations",
    "R": "reporting",
    "S": "Marketing Stream",
    "A": "Marketing Cloud",
    "X": "rules beside the framework",
}
"""What the first letter of a practice id stands for."""


@dataclass(frozen=True, slots=True)
class Practice:
    """One practice: its code, what it says in short, the document it stands in.

    ``page`` is the path of the public document; ``unseen`` says what cannot be seen from the wire.
    """

    code: str
    title: str
    source: str
    page: str
    unseen: str

    @property
    def component(self) -> str:
        """Return the part of the framework it belongs to."""
        return COMPONENTS[self.code[0]]


@dataclass(frozen=True, slots=True)
class Covered:
    """A practice with the cases that judge it, in order of id."""

    practice: Practice
    cases: tuple[Case, ...]

    @property
    def is_accounted_for(self) -> bool:
        """Return whether a case judges it, or a reason says why none can."""
        return bool(self.cases or self.practice.unseen)


def framework() -> Mapping[str, Practice]:
    """Return the practices that coverage is measured by, in their order."""
    return _table()["framework"]


def find(code: str) -> Practice | None:
    """Return what a practice code of a case stands for, None for an unknown code."""
    table = _table()
    return table["framework"].get(code) or table["documents"].get(code)


def coverage(cases: Iterable[Case]) -> list[Covered]:
    """Return every practice of the framework with the cases that name it."""
    known = sorted(cases, key=lambda case: case.id)
    return [
        Covered(one, tuple(case for case in known if one.code in case.practice))
        for one in framework().values()
    ]


@cache
def _table() -> dict[str, dict[str, Practice]]:
    file = Path(__file__).with_name("practices.toml")
    document = tomllib.loads(file.read_text("utf-8"))
    sources = document["sources"]
    return {
        part: {
            code: Practice(
                code=code,
                title=row["title"],
                source=sources[row["source"]]["name"],
                page=sources[row["source"]]["page"],
                unseen=row.get("unseen", ""),
            )
            for code, row in document[part].items()
        }
        for part in ("framework", "documents")
    }
