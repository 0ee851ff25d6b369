"""The summary of a run in Markdown, as a CI job shows it."""

from __future__ import annotations

from typing import Any

_ORDER = ("FAIL", "ERROR", "WARN", "INCONCLUSIVE", "UNPROVEN")
_MARKS = {"FAIL": "❌", "ERROR": "❌", "WARN": "⚠️", "INCONCLUSIVE": "❔", "UNPROVEN": "❔"}
_MOST = 50
"""Rows of the table; the report has all."""


def summary(run: dict[str, Any] | None, code: int) -> str:
    """Return the summary of a record ``run.json``; None is a suite that did not run."""
    if run is None:
        return (
            "## adsmock\n\nThe suite did not run: `adsmock conform` ended with exit code "
            f"{code}. The log of the step says why.\n"
        )
    counts = ", ".join(f"{count} {status}" for status, count in run["counts"].items() if count)
    cases = f"{len(run['cases'])} cases of the profile `{run['profile']}`, seed {run['seed']}"
    lines = [f"## adsmock: {run['verdict']}", "", f"{cases}: {counts}."]
    if run.get("stopped"):
        lines += ["", _text(run["stopped"])]
    if run.get("hint"):
        lines += ["", _text(run["hint"])]
    rows = [
        (check["status"], case, check)
        for status in _ORDER
        for case in run["cases"]
        for check in case["checks"]
        if check["status"] == status
    ]
    if rows:
        lines += ["", "| | Case | Check | What happened |", "|---|---|---|---|"]
        lines += [_row(*row) for row in rows[:_MOST]]
    if len(rows) > _MOST:
        lines += ["", f"{len(rows) - _MOST} more are in the report."]
    return "\n".join([*lines, ""])


def _row(status: str, case: dict[str, Any], check: dict[str, Any]) -> str:
    name = f"{case['id']}: {_text(case['title'])}"
    what = _text(check["sentence"])
    return f"| {_MARKS[status]} {status} | {name} | `{check['id']}` | {what} |"


def _text(value: Any) -> str:
    return " ".join(str(value).replace("|", "\\|").split())
