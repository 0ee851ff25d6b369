"""The baseline file: which checks it may contain."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from adsmock.contracts.suggest import did_you_mean
from adsmock.harness.config_file import Document, DocumentError
from adsmock.harness.config_file import read as read_document
from adsmock.harness.suite.case import Case, Severity
from adsmock.harness.suite.unlisted_checks import UNLISTED

FORM = "baseline"

_BREACH: dict[Severity, str | None] = {"MUST": "fail", "SHOULD": "warn", "INFO": None}
_OPEN = ("unproven", "inconclusive")


def read(path: Path, cases: Mapping[str, Case]) -> Document:
    """Return the baseline in a file.

    Raises:
        DocumentError: it does not fit its schema, or has an unknown, repeated or forbidden check.
        OSError: the file cannot be read.
    """
    document = read_document(path, FORM)
    for complaint in _complaints(document.values["expect"], cases):
        number, reason = complaint
        line = document.line_of(f"expect.{number}.check")
        raise DocumentError(path.name, f"line {line}: {reason}")
    return document


def _complaints(rows: list[dict[str, Any]], cases: Mapping[str, Case]) -> Iterator[tuple[int, str]]:
    """Yield the index of each wrong row, and the reason."""
    severities = {check.id: check.severity for case in cases.values() for check in case.checks}
    seen: set[str] = set()
    for number, row in enumerate(rows):
        name, wanted = row["check"], row["expect"]
        if name in UNLISTED:
            yield number, _never_listed(name, harm_of(name, "MUST"))
            continue
        if name not in severities:
            yield (
                number,
                f"unknown check {name!r}: {_known(name, severities)} See 'adsmock list'.",
            )
            continue
        harm = harm_of(name, severities[name])
        if harm:
            yield number, _never_listed(name, harm)
        allowed = (_BREACH[severities[name]], *_OPEN)
        if wanted not in allowed:
            words = " or ".join(f'"{word}"' for word in allowed if word)
            yield number, f"{name} is a {severities[name]} check: write expect = {words}"
        if name in seen:
            yield number, f"{name} is listed twice: remove one"
        seen.add(name)


def _known(name: str, checks: Collection[str]) -> str:
    """Return the checks of the case that a name begins with; else the nearest name."""
    case, _, _ = name.partition(".")
    own = [check for check in checks if check.startswith(f"{case}.")]
    return f"{case} has {', '.join(own)}." if own else did_you_mean(name, checks)


def _never_listed(check: str, harm: str | None) -> str:
    return f"{check} guards against {harm} and can never be listed: remove it"


def harm_of(check: str, severity: Severity) -> str | None:
    """Return the harm a check guards against if no baseline may accept it, else None."""
    case = check.partition(".")[0]
    if severity != "MUST":
        return None
    return next((harm for harm, cases in _never().items() if case in cases), None)


@cache
def _never() -> dict[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("never.toml").read_text("utf-8"))
