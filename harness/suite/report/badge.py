"""badge.json: the verdict as an endpoint of shields, for a partner's own page.

Knows run.json's form. Must not know how a verdict was found. It says that the suite was run by
whoever shows it: nobody is certified by a badge.
"""

from __future__ import annotations

from typing import Any

COLOURS = {
    "conformant": "brightgreen",
    "passed": "green",
    "as-expected": "yellowgreen",
    "non-conformant": "red",
    "incomplete": "lightgrey",
    "error": "lightgrey",
    "nothing": "lightgrey",
}


def render(run: dict[str, Any]) -> dict[str, Any]:
    """Return the badge of a run in the form of run.json."""
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
        "color": COLOURS[run["verdict"]],
        "isError": run["verdict"] == "error",
    }
