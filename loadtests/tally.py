"""What the users did and what they ran into, as plain numbers.

Knows counting. Must not know Locust, HTTP libraries or the clock.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

THROTTLED = 429


def is_accepted(status: int) -> bool:
    """Say whether a status means that the service did what was asked; 207 counts."""
    return 200 <= status < 400  # noqa: PLR2004 -- the classes of HTTP statuses


@dataclass(slots=True)
class Tally:
    """Counts of one generator process, by operation id."""

    accepted: Counter[str] = field(default_factory=Counter)
    throttled: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    """Failed calls by operation and status; status 0 is a broken connection."""
    downloads: int = 0
    turns: int = 0
    latest: float = 0.0
    """The worst delay of a turn behind its schedule, in seconds: what a closed loop would hide."""

    def called(self, operation: str, status: int) -> None:
        """Count one finished call."""
        if is_accepted(status):
            self.accepted[operation] += 1
        elif status == THROTTLED:
            self.throttled[operation] += 1
        else:
            self.failed[operation] += 1
            self.statuses[f"{operation} {status}"] += 1

    def turned(self, late: float) -> None:
        """Count one turn and how late it began."""
        self.turns += 1
        self.latest = max(self.latest, late)

    def totals(self) -> dict[str, int]:
        """Return the calls by outcome."""
        return {
            "accepted": self.accepted.total(),
            "throttled": self.throttled.total(),
            "failed": self.failed.total(),
        }

    def rows(self) -> dict[str, dict[str, Any]]:
        """Return the outcomes of each operation."""
        names = sorted(self.accepted.keys() | self.throttled.keys() | self.failed.keys())
        return {
            name: {
                "accepted": self.accepted[name],
                "throttled": self.throttled[name],
                "failed": self.failed[name],
            }
            for name in names
        }
