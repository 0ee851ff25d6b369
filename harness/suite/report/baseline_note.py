"""A baseline's expectation of a check, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WRONG = frozenset({"expired", "stale", "unexpected"})
"""Standings that make a run fail by themselves."""


def remark(row: Mapping[str, Any] | None) -> str:
    """Return the words for one check, empty when the baseline does not name it."""
    if row is None:
        return ""
    listed, reason = row["status"], row["reason"]
    words = {
        "expected": f"expected: {reason}",
        "expired": f"was expected until {row['until']}: {reason}",
        "stale": f"stale: the baseline expects {listed}; remove the row at {row['place']}",
        "unexpected": f"the baseline expects {listed}",
        "open": f"the baseline expects {listed}; not decided in this run",
    }
    return words[row["standing"]]


def stale(run: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each row whose check passes: what to remove, and where."""
    return [
        f"{check['id']} {'passes' if check['status'] == 'PASS' else 'is ' + check['status']}; "
        f"remove its row at {check['baseline']['place']}"
        for case in run.get("cases", ())
        for check in case.get("checks", ())
        if (check.get("baseline") or {}).get("standing") == "stale"
    ]


def tally(run: Mapping[str, Any]) -> dict[str, int]:
    """Return the number of baseline rows by standing in a run."""
    counts: dict[str, int] = {}
    for case in run.get("cases", ()):
        for check in case.get("checks", ()):
            row = check.get("baseline")
            if row:
                counts[row["standing"]] = counts.get(row["standing"], 0) + 1
    return counts
