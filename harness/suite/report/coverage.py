"""coverage.csv: every practice of the framework with its cases, or why no case can judge it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

from adsmock.harness.suite.case import Case
from adsmock.harness.suite.practice import Coverage, coverage

HEADINGS = ("practice", "component", "title", "cases", "statuses", "unseen")

NOT_RUN = "-"
"""The status of a case that the run did not contain."""


def render(cases: Iterable[Case], run: Mapping[str, Any] | None = None) -> str:
    """Return the table as CSV; with a run, the status of each case in it."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    found = {case["id"]: case["status"] for case in run["cases"]} if run else None
    for row in coverage(cases):
        writer.writerow(_row(row, found))
    return text.getvalue()


def _row(row: Coverage, found: Mapping[str, str] | None) -> tuple[str, ...]:
    one = row.practice
    ids = [case.id for case in row.cases]
    statuses = [] if found is None else [found.get(name, NOT_RUN) for name in ids]
    return one.code, one.component, one.title, " ".join(ids), " ".join(statuses), one.unseen
