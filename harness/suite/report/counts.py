"""The counts of a run in one line, alike in the badge and the terminal: checks, not cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def words(run: Mapping[str, Any]) -> str:
    """Return the passed MUST checks of those that apply, then what else a reader has to know."""
    checks = [check for case in run["cases"] for check in case["checks"]]
    musts = [check for check in checks if check["severity"] == "MUST"]
    absent = _count(musts, "N/A")
    known = sum((check["baseline"] or {}).get("standing") == "expected" for check in checks)
    counts = {
        "FAIL": _count(checks, "FAIL"),
        "WARN": _count(checks, "WARN"),
        "UNPROVEN": _count(checks, "UNPROVEN"),
        "INCONCLUSIVE": _count(checks, "INCONCLUSIVE"),
        "ERROR": _count(checks, "ERROR"),
        "N/A": _count(checks, "N/A"),
        "known": known,
    }
    parts = [f"{_count(musts, 'PASS')}/{len(musts) - absent} MUST"]
    return ", ".join([*parts, *(f"{count} {name}" for name, count in counts.items() if count)])


def _count(checks: list[Mapping[str, Any]], status: str) -> int:
    return sum(check["status"] == status for check in checks)
