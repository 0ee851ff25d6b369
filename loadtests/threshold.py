"""Thresholds of a rehearsal, and whether it stayed within them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from adsmock.contracts.bounded_file import CONFIGURATION_BYTES, BoundError, parse_toml, read_text
from adsmock.harness.structs import convert

FILE = Path(__file__).with_name("thresholds.toml")


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One bound on one measured number, from above or from below.

    ``each`` is a glob of operations, for numbers that exist per operation. ``is_timed`` marks
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
            raise ValueError(f"{self.measure}: expected either at_most or at_least")

    @property
    def bound(self) -> str:
        """The bound in words."""
        if self.at_most is not None:
            return f"at most {self.at_most:g} {self.unit}"
        return f"at least {self.at_least:g} {self.unit}"

    def holds(self, value: float) -> bool:
        """Return whether ``value`` is within the bound, which is inclusive."""
        if self.at_most is not None:
            return value <= self.at_most
        return self.at_least is not None and value >= self.at_least

    def names(self, measures: Mapping[str, float]) -> list[str]:
        """Return the names of the measured numbers that this bounds."""
        if self.each is None:
            return [self.measure]
        wanted = f"{self.measure}:{self.each}"
        return [name for name in measures if fnmatchcase(name, wanted)]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    thresholds: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One bound with the measured number."""

    name: str
    threshold: Threshold
    value: float
    holds: bool


def thresholds(file: Path = FILE) -> tuple[Threshold, ...]:
    """Return all thresholds in a file.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not TOML, has no thresholds, or a threshold does not fit.
    """
    try:
        found = convert(parse_toml(read_text(file, CONFIGURATION_BYTES)), _File).thresholds
    except BoundError as error:
        raise ValueError(f"is {error}") from None
    if not found:
        raise ValueError("has no [[thresholds]]: add at least one")
    return found


def compare(measures: Mapping[str, float], bounds: tuple[Threshold, ...]) -> list[Finding]:
    """Return every bound with its measured number; a number that was not measured has none."""
    return [
        Finding(name, bound, measures[name], bound.holds(measures[name]))
        for bound in bounds
        for name in bound.names(measures)
        if name in measures
    ]
