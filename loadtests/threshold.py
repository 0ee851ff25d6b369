"""What a rehearsal must stay within, and whether it did.

Knows bounds and measured numbers. Must not know how anything was measured.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

FILE = Path(__file__).with_name("thresholds.toml")


@dataclass(frozen=True, slots=True)
class Threshold:
    """One bound on one measured number, from above or from below.

    ``each`` is a glob of operations, where the number exists for each of them. ``is_timed`` marks
    numbers that a busy machine can break.
    """

    measure: str
    unit: str
    why: str
    at_most: float | None = None
    at_least: float | None = None
    each: str | None = None
    is_timed: bool = False

    def __post_init__(self) -> None:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError(f"{self.measure}: state either at_most or at_least")
        self.holds(0.0)  # a bound that cannot be compared is found here, not after the run

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

    def names(self, measures: Mapping[str, float]) -> list[str]:
        """Return the measured numbers that this speaks of."""
        if self.each is None:
            return [self.measure]
        wanted = f"{self.measure}:{self.each}"
        return [name for name in measures if fnmatchcase(name, wanted)]


@dataclass(frozen=True, slots=True)
class Finding:
    """One bound beside the number that was measured."""

    name: str
    threshold: Threshold
    value: float
    holds: bool


def thresholds(file: Path = FILE) -> tuple[Threshold, ...]:
    """Return all bounds of a file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no TOML, has no rows, or a row states no bound, two, or something else.
    """
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8")).get("thresholds")
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is not TOML: {error}") from None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise ValueError("it has no [[thresholds]]")
    try:
        return tuple(Threshold(**row) for row in rows)
    except TypeError as error:
        raise ValueError(f"a row of thresholds: {error}") from None


def compare(measures: Mapping[str, float], bounds: tuple[Threshold, ...]) -> list[Finding]:
    """Return every bound with what was measured.

    Raises:
        KeyError: a bound speaks of something that nobody measured.
    """
    return [
        Finding(name, bound, measures[name], bound.holds(measures[name]))
        for bound in bounds
        for name in bound.names(measures)
    ]
