"""How a baseline stands against what was found, and what the run comes to then.

Knows verdicts and the day of the run, both from the record: pure. Must not know files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adsmock.harness.suite.verdict import Expectation, RunVerdict, Standing, Status, Verdict, sum_up

_OPEN: frozenset[Status] = frozenset({"UNPROVEN", "INCONCLUSIVE", "ERROR"})


def settle(run: RunVerdict) -> RunVerdict:
    """Return the run with what its own baseline says of each check; unchanged without one."""
    meta = run.record.meta
    if meta.baseline is None:
        return run
    rows = {row["check"]: row for row in meta.baseline["values"]["expect"]}
    cases = tuple(
        replace(case, verdicts=tuple(_beside(one, rows, meta.date) for one in case.verdicts))
        for case in run.cases
    )
    return replace(run, cases=cases, word=sum_up(cases, run.record))


def _beside(verdict: Verdict, rows: Mapping[str, Mapping[str, Any]], today: str) -> Verdict:
    row = rows.get(verdict.check)
    if row is None:
        return verdict
    until = row.get("until")
    expected = Expectation(
        standing=_standing(verdict.status, row["expect"].upper(), bool(until and until < today)),
        status=row["expect"].upper(),
        reason=row["reason"],
        issue=row.get("issue"),
        until=until,
    )
    return replace(verdict, expectation=expected)


def _standing(found: Status, listed: Status, is_past: bool) -> Standing:
    """Return how one row of a baseline stands.

    What could not be decided says nothing about a listed breach: it counts as any other open
    check does.
    """
    if found == listed:
        return "expired" if is_past else "expected"
    if found in _OPEN:
        return "open"
    return "unexpected" if found in {"FAIL", "WARN"} else "stale"
