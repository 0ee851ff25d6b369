"""The baseline file: which checks may be listed, and how.

Knows cases, severities and what can never be accepted. Must not know verdicts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from adsmock.harness.config_file import Document, DocumentError
from adsmock.harness.config_file import read as read_document
from adsmock.harness.suite.case import Case, Severity

FORM = "baseline"

_BREACH: dict[Severity, str | None] = {"MUST": "fail", "SHOULD": "warn", "INFO": None}
_OPEN = ("unproven", "inconclusive")


def read(path: Path, cases: Mapping[str, Case]) -> Document:
    """Return the baseline in a file.

    Raises:
        DocumentError: not of its form, an unknown or repeated check, or one that can never be
            listed.
        OSError: the file cannot be read.
    """
    document = read_document(path, FORM)
    for complaint in _complaints(document.values["expect"], cases):
        number, reason = complaint
        line = document.line_of(f"expect.{number}.check")
        raise DocumentError(path.name, f"line {line}: {reason}")
    return document


def _complaints(rows: list[dict[str, Any]], cases: Mapping[str, Case]) -> Iterator[tuple[int, str]]:
    """Yield (index of the row, what is wrong with it)."""
    severities = {check.id: check.severity for case in cases.values() for check in case.checks}
    seen: set[str] = set()
    for number, row in enumerate(rows):
        name, wanted = row["check"], row["expect"]
        if name not in severities:
            yield number, f"no check is called {name}"
            continue
        harm = harm_of(name, severities[name])
        if harm:
            yield number, f"{name} guards against {harm}: it can never be listed"
        lawful = (_BREACH[severities[name]], *_OPEN)
        if wanted not in lawful:
            words = ", ".join(word for word in lawful if word)
            yield number, f"{name} is of level {severities[name]}: expect one of {words}"
        if name in seen:
            yield number, f"{name} is listed twice"
        seen.add(name)


def harm_of(check: str, severity: Severity) -> str | None:
    """Return what a check guards against when that can never be accepted, else None."""
    case = check.partition(".")[0]
    if severity != "MUST":
        return None
    return next((harm for harm, cases in _never().items() if case in cases), None)


@cache
def _never() -> dict[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("never.toml").read_text("utf-8"))
