"""badge.json: the verdict as a shields.io endpoint, for a partner's own page.

The badge says that the partner ran the suite: it does not certify anybody.
"""

from __future__ import annotations

from typing import Any

from adsmock.harness.suite.report import counts

COLORS = {
    "conformant": "brightgreen",
    "passed": "green",
    "as-expected": "yellowgreen",
    "outdated-baseline": "orange",
    "non-conformant": "red",
    "incomplete": "lightgrey",
    "error": "lightgrey",
    "nothing": "lightgrey",
}


def render(run: dict[str, Any]) -> dict[str, Any]:
    """Return the badge of a run."""
    scope = "selection" if run["verdict"] == "passed" else run["profile"]
    early = "stopped early" if run["stopped"] else ""
    facts = [early, counts.words(run), run["suite"]["version"], run["date"]]
    return {
        "schemaVersion": 1,
        "label": f"adsmock {scope}, self-tested",
        "message": " · ".join(fact for fact in facts if fact),
        "color": COLORS[run["verdict"]],
        "isError": run["verdict"] == "error",
    }
