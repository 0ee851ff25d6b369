"""What a partner declared of their integration, read from the record of a case.

Knows sections and members of the manifest. Must not know files or checks. What is declared tunes
limits that are the partner's to choose; it never loosens what the wire contract demands.
"""

from __future__ import annotations

from typing import Any

from harness.suite.journal import CaseView

WORKERS = 1
"""How many workers an integration has that declared nothing."""


def workers(view: CaseView) -> int:
    """Return how many workers may be at work at once."""
    return max(1, int(number(view, ("workers",), WORKERS)))


def number(view: CaseView, path: tuple[str, ...], default: float) -> float:
    """Return the declared number at ``path``, or the default where none was declared."""
    value: Any = getattr(view.record, "manifest", None)
    for member in path:
        value = value.get(member) if isinstance(value, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    return float(value)
