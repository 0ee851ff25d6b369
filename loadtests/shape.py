"""How much is asked of an integration, in each region, at any moment of an event.

Knows levels over hours, and the straight lines between them. Must not know Locust or the clock:
the caller says how far the event has gone.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("shapes")
MEMBERS = {"name", "regions", "from", "until", "start", "end"}
QUOTAS = Path(__file__).with_name("quotas.toml")


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of an event in some regions. Hours from the start; levels from 0 to 1."""

    name: str
    regions: tuple[str, ...]
    begin: float
    end: float
    first: float
    last: float

    def level(self, hour: float) -> float:
        """Return the level at ``hour``, which lies within the row."""
        return self.first + (self.last - self.first) * (hour - self.begin) / (self.end - self.begin)


@dataclass(frozen=True, slots=True)
class Shape:
    """An event of so many hours. ``scenario`` is played at the service over the same time."""

    name: str
    title: str
    hours: float
    rows: tuple[Phase, ...]
    scenario: str | None = None

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions it speaks of, in the order of its rows."""
        return tuple(dict.fromkeys(region for row in self.rows for region in row.regions))

    def at(self, progress: float) -> dict[str, Phase]:
        """Return the row that counts in each region when ``progress`` (0 to 1) is over.

        Where rows overlap, the highest level counts; regions where nothing goes on are absent.
        """
        hour = min(max(progress, 0.0), 1.0) * self.hours
        found: dict[str, Phase] = {}
        for row in self.rows:
            if not (row.begin <= hour < row.end or hour == row.end == self.hours):
                continue
            for region in row.regions:
                other = found.get(region)
                if other is None or row.level(hour) > other.level(hour):
                    found[region] = row
        return found

    def level(self, region: str, progress: float) -> float:
        """Return the part of the largest load that a region has then."""
        row = self.at(progress).get(region)
        return row.level(min(max(progress, 0.0), 1.0) * self.hours) if row else 0.0

    def users(self, progress: float, largest: int, fewest: int) -> int:
        """Return the users of that moment: as many as the busiest region needs."""
        top = max(self.level(region, progress) for region in self.regions)
        return max(fewest, round(top * largest))

    def phase(self, progress: float) -> str:
        """Return the name of what counts most at that moment."""
        rows = self.at(progress)
        hour = min(max(progress, 0.0), 1.0) * self.hours
        return max(rows.values(), key=lambda row: row.level(hour)).name if rows else "-"


@cache
def shapes() -> dict[str, Shape]:
    """Return all shapes by name.

    Raises:
        ValueError: a number is out of range, or a part of the event has no row.
        KeyError: a row lacks a member.
    """
    files = sorted(FOLDER.glob("*.toml"))
    return {
        path.stem: parse(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
        for path in files
    }


@cache
def quotas() -> dict[str, dict[str, float]]:
    """Return the stated quotas by class: ``rate`` a second and ``burst``, per client and region."""
    return dict(tomllib.loads(QUOTAS.read_text(encoding="utf-8")))


def parse(name: str, document: dict[str, Any]) -> Shape:
    """Return one shape from its file.

    Raises:
        ValueError: a number is out of range, or a part of the event has no row.
    """
    rows = tuple(_row(each) for each in document["rows"])
    shape = Shape(name, document["title"], float(document["hours"]), rows, document.get("scenario"))
    for row in rows:
        if not (0 <= row.begin < row.end <= shape.hours and min(row.first, row.last) >= 0):
            raise ValueError(f"{name}, {row.name}: a number is out of range")
        if max(row.first, row.last) > 1:
            raise ValueError(f"{name}, {row.name}: a level is a part of the largest load")
    reached = 0.0
    for row in sorted(rows, key=lambda row: row.begin):
        if row.begin > reached:
            raise ValueError(f"{name}: nothing goes on from hour {reached:g} to {row.begin:g}")
        reached = max(reached, row.end)
    if reached < shape.hours:
        raise ValueError(f"{name}: nothing goes on from hour {reached:g}")
    return shape


def _row(each: dict[str, Any]) -> Phase:
    if each.keys() != MEMBERS:
        raise ValueError(f"{each.get('name')}: a row has {', '.join(sorted(MEMBERS))}")
    return Phase(
        each["name"],
        tuple(each["regions"]),
        float(each["from"]),
        float(each["until"]),
        float(each["start"]),
        float(each["end"]),
    )
