"""The practices that cases come from, and which of them a case can judge."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from msgspec import Struct

from adsmock.harness.structs import convert
from adsmock.harness.suite.case import Case

COMPONENTS: Mapping[str, str] = {
    "I": "introduction",
    "F": "fundamental",
    "C": "campaign management",
    "N": "insights and recommendations",
    "R": "reporting",
    "S": "Marketing Stream",
    "A": "Marketing Cloud",
    "X": "rules outside the framework",
}
"""The part of the framework by the first letter of a practice code."""


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """A document: its name, and the path of its public page."""

    name: str
    page: str


class _Entry(Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    source: str
    unseen: str = ""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    sources: dict[str, Source]
    documents: dict[str, _Entry]
    framework: dict[str, _Entry]


@dataclass(frozen=True, slots=True)
class Practice:
    """One practice: its code, a short title, and the document it comes from.

    ``unseen`` says what of it leaves no trace on the wire.
    """

    code: str
    title: str
    source: Source
    unseen: str

    @property
    def component(self) -> str:
        """Return the part of the framework it belongs to."""
        return COMPONENTS[self.code[0]]


@dataclass(frozen=True, slots=True)
class Coverage:
    """A practice with the cases that judge it, in order of id."""

    practice: Practice
    cases: tuple[Case, ...]

    @property
    def is_accounted_for(self) -> bool:
        """Return whether a case judges it, or a reason explains why none can."""
        return bool(self.cases or self.practice.unseen)


def framework() -> Mapping[str, Practice]:
    """Return the practices that coverage is measured by, in their order."""
    return _practices()[0]


def find(code: str) -> Practice | None:
    """Return the practice with a code, None for an unknown code."""
    framework, documents = _practices()
    return framework.get(code) or documents.get(code)


def coverage(cases: Iterable[Case]) -> list[Coverage]:
    """Return every practice of the framework with the cases that name it."""
    known = sorted(cases, key=lambda case: case.id)
    return [
        Coverage(each, tuple(case for case in known if each.code in case.practice))
        for each in framework().values()
    ]


@cache
def _practices() -> tuple[dict[str, Practice], dict[str, Practice]]:
    """Return the practices of the framework, and those of the documents around it."""
    path = Path(__file__).with_name("practices.toml")
    file = convert(tomllib.loads(path.read_text("utf-8")), _File)

    def by_code(entries: Mapping[str, _Entry]) -> dict[str, Practice]:
        return {
            code: Practice(code, entry.title, file.sources[entry.source], entry.unseen)
            for code, entry in entries.items()
        }

    return by_code(file.framework), by_code(file.documents)
