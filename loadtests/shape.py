"""The load on an integration in each region, at any moment of an event.

Phases give levels over hours, with straight lines between them. The caller passes the progress
of the event.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import msgspec

from adsmock.contracts.bounded_file import CONFIGURATION_BYTES, BoundError, parse_toml, read_text
from adsmock.contracts.loader import load
from adsmock.contracts.suggest import did_you_mean
from adsmock.harness.structs import MismatchError, convert

FOLDER = Path(__file__).with_name("shapes")
QUOTAS = Path(__file__).with_name("quotas.toml")


class _Quota(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Calls per second, and calls at once."""

    rate: Annotated[float, msgspec.Meta(gt=0, le=100_000)]
    burst: Annotated[float, msgspec.Meta(ge=1, le=100_000)]


class Phase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One phase of an event in some regions. Hours from the start; levels from 0 to 1."""

    name: str
    regions: tuple[str, ...]
    begin: float
    end: float
    start_level: float
    end_level: float

    def level(self, hour: float) -> float:
        """Return the level at ``hour``, which is within the phase."""
        rise = self.end_level - self.start_level
        return self.start_level + rise * (hour - self.begin) / (self.end - self.begin)


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event of ``hours`` hours. The mock plays ``scenario`` over the same time."""

    name: str
    title: str
    hours: float
    phases: tuple[Phase, ...]
    scenario: str | None = None

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions of its phases, in order."""
        return tuple(dict.fromkeys(region for phase in self.phases for region in phase.regions))

    def at(self, progress: float) -> dict[str, Phase]:
        """Return the phase of each region at ``progress`` (0 to 1).

        Where phases overlap, the highest level counts; regions without a phase are absent.
        """
        hour = min(max(progress, 0.0), 1.0) * self.hours
        found: dict[str, Phase] = {}
        for phase in self.phases:
            if not (phase.begin <= hour < phase.end or hour == phase.end == self.hours):
                continue
            for region in phase.regions:
                other = found.get(region)
                if other is None or phase.level(hour) > other.level(hour):
                    found[region] = phase
        return found

    def level(self, region: str, progress: float) -> float:
        """Return the load of a region as a part of its largest load."""
        phase = self.at(progress).get(region)
        return phase.level(min(max(progress, 0.0), 1.0) * self.hours) if phase else 0.0

    def users(self, progress: float, largest: int, fewest: int) -> int:
        """Return the number of users that the busiest region needs."""
        top = max(self.level(region, progress) for region in self.regions)
        return max(fewest, round(top * largest))

    def phase(self, progress: float) -> str:
        """Return the name of the phase with the highest level."""
        phases = self.at(progress)
        hour = min(max(progress, 0.0), 1.0) * self.hours
        return max(phases.values(), key=lambda phase: phase.level(hour)).name if phases else "-"


@cache
def shapes() -> dict[str, Shape]:
    """Return all shapes by name.

    Raises:
        ValueError: a file does not fit, a number is out of range, or hours have no phase.
    """
    files = sorted(FOLDER.glob("*.toml"))
    return {
        path.stem: parse(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
        for path in files
    }


NO_QUOTA = (
    "names no quota class: expected one row for each that you observed, such as "
    '"sp.write" = { rate = 2, burst = 4 }. Leave --quotas out to use the estimates'
)


def quotas(file: Path = QUOTAS) -> dict[str, dict[str, float]]:
    """Return the stated quotas by class, per client and region: ``rate`` per second, ``burst``.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not TOML, names no class or an unknown one, or a number does not fit.
    """
    try:
        rows = parse_toml(read_text(file, CONFIGURATION_BYTES))
    except BoundError as error:
        raise ValueError(f"is {error}") from None
    if not rows:
        raise ValueError(NO_QUOTA)
    known = load().quotas
    for name in rows.keys() - known.keys():
        raise ValueError(f"unknown quota class {name!r}: {did_you_mean(name, known)}")
    return {name: msgspec.to_builtins(_quota(name, row)) for name, row in rows.items()}


def _quota(name: str, row: Any) -> _Quota:
    try:
        return convert(row, _Quota)
    except MismatchError as error:
        raise ValueError(f"{name}: {error}") from None


def parse(name: str, document: dict[str, Any]) -> Shape:
    """Return the shape in a document.

    Raises:
        ValueError: a member is unknown or missing, a number is out of range, or hours have no
            phase.
    """
    try:
        shape = convert(document | {"name": name}, Shape)
    except MismatchError as error:
        raise ValueError(f"{name}: {error}") from None
    for phase in shape.phases:
        levels = (phase.start_level, phase.end_level)
        if not 0 <= phase.begin < phase.end <= shape.hours:
            raise ValueError(f"{name}, {phase.name}: expected 0 <= begin < end <= hours")
        if not 0 <= min(levels) <= max(levels) <= 1:
            raise ValueError(f"{name}, {phase.name}: expected levels from 0 to 1")
    _check_coverage(shape)
    return shape


def _check_coverage(shape: Shape) -> None:
    reached = 0.0
    for phase in sorted(shape.phases, key=lambda each: each.begin):
        if phase.begin > reached:
            raise ValueError(
                f"{shape.name}: no phase covers hours {reached:g} to {phase.begin:g}: add one"
            )
        reached = max(reached, phase.end)
    if reached < shape.hours:
        raise ValueError(f"{shape.name}: no phase covers the hours from {reached:g}: add one")
