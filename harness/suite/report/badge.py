"""badge.json: the verdict as a shields.io endpoint, for a partner's own page.

The badge says that the partner ran the suite: it does not certify anybody.
"""

from __future__ import annotations

from typing import Any

COLORS = {
    "conformant": "brightgreen",
    "passed": "green",
    "as-expected": "yellowgreen",
    "non-conformant": "red",
    "incomplete": "lightgrey",
    "error": "lightgrey",
    "nothing": "lightgrey",
}


def render(run: dict[str, Any]) -> dict[str, Any]:
    """Return the badge of a run."""
    checks = [check for case in run["cases"] for check in case["checks"]]
    musts = [check for check in checks if check["severity"] == "MUST"]
    absent = sum(check["status"] == "N/A" for check in musts)
    held = sum(check["status"] == "PASS" for check in musts)
    warned = sum(check["status"] == "WARN" for check in checks)
    known = sum((check["baseline"] or {}).get("standing") == "expected" for check in checks)
    words = [
        f"{held}/{len(musts) - absent} MUST",
        f"{warned} WARN" if warned else "",
        f"{absent} n/a" if absent else "",
        f"{known} known" if known else "",
    ]
    scope = "selection" if run["verdict"] == "passed" else run["profile"]
    facts = [", ".join(word for word in words if word), run["suite"]["version"], run["date"]]
    return {
        "schemaVersion": 1,
        "label": f"adsmock {scope}, self-tested",
        "message": " · ".join(fact for fact in facts if fact),
        "color": COLORS[run["verdict"]],
        "isError": run["verdict"] == "error",
    }
