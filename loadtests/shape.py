"""How many users there are, and how tight the quotas are, at any moment of an event.

Knows phases and the straight lines between their ends. Must not know Locust or the clock: the
caller says how far the event has gone.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from math import isclose
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("shapes.toml")


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of an event: its part of the duration, of the users and of the quotas."""

    name: str
    share: float
    start: float
    end: float
    pressure: float


@dataclass(frozen=True, slots=True)
class Moment:
    """What holds at one moment: the phase and the users of that moment."""

    phase: Phase
    users: int


@dataclass(frozen=True, slots=True)
class Shape:
    """An event as a row of phases; their shares add up to one."""

    name: str
    title: str
    phases: tuple[Phase, ...]

    def at(self, progress: float, largest: int) -> Moment:
        """Return what holds when ``progress`` (0 to 1) of the event is over.

        There is always at least one user: an event without users measures nothing.
        """
        begin = 0.0
        for phase in self.phases:
            if progress < begin + phase.share:
                return Moment(phase, _between(phase, (progress - begin) / phase.share, largest))
            begin += phase.share
        return Moment(self.phases[-1], _between(self.phases[-1], 1.0, largest))


def _between(phase: Phase, part: float, largest: int) -> int:
    return max(1, round((phase.start + (phase.end - phase.start) * part) * largest))


@cache
def shapes() -> dict[str, Shape]:
    """Return all shapes by name.

    Raises:
        ValueError: the shares of a shape do not add up to one, or a number is out of range.
    """
    return {name: parse(name, row) for name, row in _document()["shapes"].items()}


@cache
def quotas() -> dict[str, dict[str, float]]:
    """Return the stated quotas by class: ``rate`` a second and ``burst``, per client and region."""
    return dict(_document()["quotas"])


def parse(name: str, row: dict[str, Any]) -> Shape:
    """Return one shape from its row.

    Raises:
        ValueError: the shares do not add up to one, or a number is out of range.
        TypeError: a phase has an unknown or a missing member.
    """
    phases = tuple(Phase(**each) for each in row["phases"])
    if not isclose(sum(each.share for each in phases), 1.0):
        raise ValueError(f"{name}: the shares of the phases do not add up to 1")
    for each in phases:
        if not (each.share > 0 and 0 < each.pressure <= 1 and min(each.start, each.end) >= 0):
            raise ValueError(f"{name}, {each.name}: a number is out of range")
    return Shape(name, row["title"], phases)


def _document() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
