"""What a baseline says of a check, in words.

Knows the member ``baseline`` of a check in run.json. Must not know where the words are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WRONG = frozenset({"expired", "stale", "unexpected"})
"""Standings that break a run by themselves."""


def remark(row: Mapping[str, Any] | None) -> str:
    """Return the words for one check, empty when the baseline does not name it."""
    if row is None:
        return ""
    listed, reason = row["status"], row["reason"]
    words = {
        "expected": f"expected: {reason}",
        "expired": f"expected until {row['until']}, which is past: {reason}",
        "stale": f"stale: the baseline expects {listed}; take it out",
        "unexpected": f"the baseline expects {listed}",
        "open": f"the baseline expects {listed}: not decided this time",
    }
    return words[row["standing"]]


def tally(run: Mapping[str, Any]) -> dict[str, int]:
    """Return how many rows of the baseline stand how in a run in the form of run.json."""
    counts: dict[str, int] = {}
    for case in run.get("cases", ()):
        for check in case.get("checks", ()):
            row = check.get("baseline")
            if row:
                counts[row["standing"]] = counts.get(row["standing"], 0) + 1
    return counts
