"""What a rehearsal must stay within, and whether it did.

Knows bounds and measured numbers. Must not know how anything was measured.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("thresholds.toml")


@dataclass(frozen=True, slots=True)
class Threshold:
    """One bound on one measured number, from above or from below."""

    measure: str
    unit: str
    why: str
    at_most: float | None = None
    at_least: float | None = None

    def __post_init__(self) -> None:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError(f"{self.measure}: state either at_most or at_least")

    @property
    def bound(self) -> str:
        """The bound in words."""
        if self.at_most is not None:
            return f"at most {self.at_most:g} {self.unit}"
        return f"at least {self.at_least:g} {self.unit}"

    def holds(self, value: float) -> bool:
        """Say whether ``value`` is within the bound; the bound itself is."""
        if self.at_most is not None:
            return value <= self.at_most
        return self.at_least is not None and value >= self.at_least


@dataclass(frozen=True, slots=True)
class Finding:
    """One bound beside the number that was measured."""

    threshold: Threshold
    value: float
    holds: bool


@cache
def thresholds() -> tuple[Threshold, ...]:
    """Return all bounds.

    Raises:
        ValueError: a row states no bound, or two.
        TypeError: a row has an unknown or a missing member.
    """
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["thresholds"]
    return tuple(Threshold(**row) for row in rows)


def compare(measures: Mapping[str, float]) -> list[Finding]:
    """Return every bound with what was measured.

    Raises:
        KeyError: a bound speaks of something that nobody measured.
    """
    return [
        Finding(each, measures[each.measure], each.holds(measures[each.measure]))
        for each in thresholds()
    ]
