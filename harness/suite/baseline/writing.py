"""A baseline as text: rows to paste after a failing run, and the file for the next run.

A row to paste has an empty reason, and no run accepts it until a person writes one. A row that
``update`` writes says that nobody has reviewed it, so that the next run accepts the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from adsmock.harness.config_file import DocumentError
from adsmock.harness.suite.baseline.listing import harm_of
from adsmock.harness.suite.journal import DeclaredFile
from adsmock.harness.suite.unlisted_checks import CLAIM
from adsmock.harness.suite.verdict import RunVerdict, Verdict

ACCEPTED_DAYS = 90
"""A quarter: long enough to plan the work, short enough to review it."""

ROWS_SHOWN = 3
"""Rows to paste that a run prints."""

UNREVIEWED = "added by --update-baseline: write the reason"
"""The reason of a row that no person has seen yet."""

_KEPT = frozenset({"expected", "expired", "open"})


@dataclass(frozen=True, slots=True)
class Change:
    """How many rows of a baseline an update added, removed and kept."""

    added: int
    removed: int
    kept: int


def template(run: RunVerdict) -> str:
    """Return rows to paste for checks that prevent exit code 0; empty when there is none.

    Failures come first. More than ``ROWS_SHOWN`` are counted. INCONCLUSIVE is no property of the
    program that a row could accept: see ``undecided``.
    """
    listed = (each for each in _failing(run) if each.status != "INCONCLUSIVE")
    failing = sorted(listed, key=lambda each: each.status not in {"FAIL", "WARN"})
    rows = [row for each in failing if (row := _new(each, run.record.meta.date))]
    barred = [
        f"# {each.check} guards against {harm} and can never be listed.\n"
        for each in failing
        if each.status == "FAIL" and (harm := harm_of(each.check, each.severity))
    ]
    more = len(rows) - ROWS_SHOWN
    rest = [f"# and {more} more: --baseline FILE --update-baseline writes all rows\n"]
    shown = [_text(row) for row in rows[:ROWS_SHOWN]]
    return "\n".join([*dict.fromkeys(barred), *shown, *(rest if more > 0 else [])])


def accepts_nothing(run: RunVerdict) -> bool:
    """Return whether the run has failures, and no baseline may list any of them."""
    failing = [each for each in _failing(run) if each.status != "INCONCLUSIVE"]
    return bool(failing) and not any(_new(each, run.record.meta.date) for each in failing)


def undecided(run: RunVerdict) -> list[str]:
    """Return the cases to run again: an INCONCLUSIVE check prevents exit code 0.

    An invariant is judged on the journals of other cases, so those are run again.
    """
    found = [each for each in _failing(run) if each.status == "INCONCLUSIVE"]
    checks = {each.check for each in found}
    again = {name for each in found for name in each.numbers.get("inconclusive", ())}
    again |= {
        one.case.id
        for one in run.cases
        if not one.case.every and checks & {each.check for each in one.verdicts}
    }
    return [one.case.id for one in run.cases if one.case.id in again]


def update(run: RunVerdict, path: Path, version: str) -> Change | None:
    """Write the baseline for the next run: passing checks removed, new ones marked as not reviewed.

    A run whose failures can never be listed makes no new file: an empty one looks like a success.
    Then the result is None.

    Raises:
        DocumentError: the file is not named ``*.toml``.
        OSError: it cannot be written.
    """
    if path.suffix != ".toml":
        raise DocumentError(path.name, "an updated baseline is written as TOML: name it *.toml")
    old = _rows(run.record.meta.baseline)
    found = {verdict.check: verdict for case in run.cases for verdict in case.verdicts}
    kept = [row for row in old if _keeps(found.get(row["check"]))]
    listed = {row["check"] for row in kept}
    reasons = {row["check"]: row["reason"] for row in old}
    added = [
        row | {"reason": reasons.get(row["check"]) or UNREVIEWED}
        for each in _failing(run)
        if each.check not in listed and (row := _new(each, run.record.meta.date))
    ]
    if not (kept or added or path.exists()) and accepts_nothing(run):
        return None
    head = f"suite = {_quoted(version)}\n" + ("" if kept or added else "expect = []\n")
    path.write_text("\n".join([head, *(_text(row) for row in [*kept, *added])]), "utf-8")
    return Change(added=len(added), removed=len(old) - len(kept), kept=len(kept))


def _rows(baseline: DeclaredFile | None) -> list[dict[str, Any]]:
    return baseline["values"].get("expect", []) if baseline else []


def _keeps(verdict: Verdict | None) -> bool:
    """Return whether a row stays: its check did not run, or fails as listed."""
    if verdict is None or verdict.expectation is None:
        return True
    return verdict.expectation.standing in _KEPT


def _failing(run: RunVerdict) -> Iterable[Verdict]:
    """Yield the checks that prevent exit code 0 and are not listed yet.

    A client without a single call gets none.
    """
    for case in () if run.hint else run.cases:
        for verdict in case.verdicts:
            is_news = verdict.standing in {None, "unexpected"}
            if is_news and verdict.keeps_from_passing(strict=run.record.meta.strict):
                yield verdict


def _new(verdict: Verdict, today: str) -> dict[str, Any] | None:
    """Return a row without a reason, None for a check that can never be listed."""
    if verdict.check == CLAIM or harm_of(verdict.check, verdict.severity):
        return None
    row: dict[str, Any] = {"check": verdict.check, "expect": verdict.status.lower(), "reason": ""}
    if today:
        last = date.fromisoformat(today) + timedelta(days=ACCEPTED_DAYS)
        row["until"] = last.isoformat()
    return row


def _text(row: dict[str, Any]) -> str:
    lines = [
        f"{key} = {row[key] if key == 'until' else _quoted(row[key])}"
        for key in ("check", "expect", "reason", "issue", "until")
        if key in row
    ]
    return "\n".join(["[[expect]]", *lines, ""])


def _quoted(text: str) -> str:
    """Return a text as a TOML string; JSON's escapes are valid in TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
