"""SVG plots that scale with their figure: areas, lines and axis labels.

Labels are outside the SVG, so that their size stays constant on a phone; they have positions in
percent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 1000.0, 300.0

MARKS = 4
"""Approximate number of marks on an axis."""

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Mark:
    """A label on an axis and its position, in percent from left or bottom."""

    label: str
    place: float


@dataclass(frozen=True, slots=True)
class Band:
    """A named span of the time axis, in percent."""

    name: str
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve: an SVG ``path``, and its CSS class ``tone``."""

    tone: str
    path: str
    is_area: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """Curves, axis marks and time spans of one figure."""

    curves: tuple[Curve, ...]
    across: tuple[Mark, ...]
    up: tuple[Mark, ...]
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The lengths of both axes, and the width of a step."""

    seconds: float
    width: float
    top: float

    def x(self, seconds: float) -> float:
        """Return the x coordinate of a time."""
        return min(1.0, seconds / self.seconds) * WIDTH

    def y(self, value: float) -> float:
        """Return the y coordinate of a value."""
        return HEIGHT - min(1.0, value / self.top) * HEIGHT


def frame(seconds: float, width: float, rows: Sequence[Sequence[float]]) -> Frame:
    """Return axes that fit all rows; one step is ``width`` seconds."""
    highest = max((value for row in rows for value in row), default=0.0)
    return Frame(seconds, width, nice(highest))


def nice(highest: float) -> float:
    """Return a round upper end of an axis, at least ``highest``."""
    if highest <= 0:
        return 1.0
    unit = step_of(highest)
    return max(unit, ceil(highest / unit) * unit)


def step_of(highest: float) -> float:
    """Return a round distance between marks."""
    rough = highest / MARKS
    power = 10.0 ** floor(log10(rough))
    return next(step * power for step in STEPS if step * power >= rough * 0.999)


def stack(axes: Frame, rows: Sequence[tuple[str, Sequence[float]]]) -> tuple[Curve, ...]:
    """Return stacked areas, the first one at the bottom."""
    floor_of = [0.0] * max((len(values) for _tone, values in rows), default=0)
    curves = []
    for tone, values in rows:
        top = [low + value for low, value in zip(floor_of, values, strict=True)]
        if any(values):
            there = _steps(axes, top)
            back = _steps(axes, floor_of)[::-1]
            points = " L".join(f"{x:.1f} {y:.1f}" for x, y in there + back)
            curves.append(Curve(tone, f"M{points}Z", is_area=True))
        floor_of = top
    return tuple(curves)


def line(axes: Frame, tone: str, values: Sequence[float]) -> Curve:
    """Return a step line."""
    points = " L".join(f"{x:.1f} {y:.1f}" for x, y in _steps(axes, values))
    return Curve(tone, f"M{points}" if points else "")


def _steps(axes: Frame, values: Sequence[float]) -> list[tuple[float, float]]:
    points = []
    for place, value in enumerate(values):
        height = axes.y(value)
        points.append((axes.x(place * axes.width), height))
        points.append((axes.x((place + 1) * axes.width), height))
    return points


def across(axes: Frame) -> tuple[Mark, ...]:
    """Return the marks of the time axis."""
    step = step_of(axes.seconds)
    count = floor(axes.seconds / step + 1e-9)
    return tuple(
        Mark(_time(place * step, axes.seconds), place * step / axes.seconds * 100)
        for place in range(count + 1)
    )


def up(axes: Frame) -> tuple[Mark, ...]:
    """Return the marks of the value axis."""
    step = step_of(axes.top)
    count = round(axes.top / step)
    return tuple(
        Mark(f"{place * step:g}", place * step / axes.top * 100) for place in range(count + 1)
    )


def bands(axes: Frame, rows: Sequence[tuple[str, float, float]]) -> tuple[Band, ...]:
    """Return named time spans without those that begin after the end."""
    found = []
    for name, begin, end in rows:
        left, right = axes.x(begin) / WIDTH * 100, axes.x(end) / WIDTH * 100
        if right > left:
            found.append(Band(name, left, right - left))
    return tuple(found)


def _time(seconds: float, whole: float) -> str:
    if whole >= 3 * 3600:
        return f"{seconds / 3600:g} h"
    if whole >= 3 * 60:
        return f"{seconds / 60:g} min"
    return f"{seconds:g} s"
