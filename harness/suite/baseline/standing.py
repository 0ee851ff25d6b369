"""A run compared with its baseline: pure, since verdicts and the day come from the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adsmock.harness.suite.journal import DeclaredFile, RunMeta
from adsmock.harness.suite.verdict import (
    BaselineState,
    Expectation,
    RunVerdict,
    Status,
    Verdict,
    overall,
)

_OPEN: frozenset[Status] = frozenset({"UNPROVEN", "INCONCLUSIVE", "ERROR"})


def settle(run: RunVerdict) -> RunVerdict:
    """Return the run with its baseline's expectation of each check; unchanged without one."""
    meta = run.record.meta
    if meta.baseline is None:
        return run
    listing = meta.baseline
    rows = {
        row["check"]: row | {"place": _place(listing, number)}
        for number, row in enumerate(listing["values"]["expect"])
    }
    cases = tuple(
        replace(
            case,
            verdicts=tuple(_with_expectation(verdict, rows, meta) for verdict in case.verdicts),
        )
        for case in run.cases
    )
    return replace(run, cases=cases, word=overall(cases, run.record))


def _place(listing: DeclaredFile, number: int) -> str:
    """Return the line and file of a row; the file alone where its lines are unknown."""
    line = listing["lines"].get(f"expect.{number}")
    return f"line {line} of {listing['file']}" if line else listing["file"]


def _with_expectation(
    verdict: Verdict, rows: Mapping[str, Mapping[str, Any]], meta: RunMeta
) -> Verdict:
    row = rows.get(verdict.check)
    if row is None:
        return verdict
    until = row.get("until")
    is_past = bool(until and until < meta.date)
    standing = _standing(verdict.status, row["expect"].upper(), is_past)
    if meta.stopped and verdict.status in _OPEN:
        standing = "open"  # whatever the row lists: the run ended too early for an answer
    expected = Expectation(
        standing=standing,
        status=row["expect"].upper(),
        reason=row["reason"],
        issue=row.get("issue"),
        until=until,
        place=row["place"],
    )
    return replace(verdict, expectation=expected)


def _standing(found: Status, listed: Status, is_past: bool) -> BaselineState:
    """Return the standing of one row of a baseline.

    An undecided check neither confirms nor refutes its row: it counts as any other open check.
    """
    if found == listed:
        return "expired" if is_past else "expected"
    if found in _OPEN:
        return "open"
    return "unexpected" if found in {"FAIL", "WARN"} else "stale"
