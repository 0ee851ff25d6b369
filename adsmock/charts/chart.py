"""A chart as data: what ``charts.js`` draws, and the table of the same numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader

from adsmock.charts.assets import FOLDER

TEMPLATE = "figure.html.jinja"


@dataclass(frozen=True, slots=True)
class Line:
    """One series: a value for each step.

    ``tone`` names its color and pattern in ``charts.css`` and ``charts.js``. Values of the kind
    ``stack`` are added on top of each other, a ``limit`` is a bound on them.
    """

    name: str
    tone: str
    values: tuple[float, ...]
    kind: Literal["stack", "line", "limit"] = "line"


@dataclass(frozen=True, slots=True)
class Band:
    """A named span of the horizontal axis; ``detail`` says more than fits into the chart."""

    name: str
    kind: Literal["phase", "fault", "outage"]
    begin: float
    end: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """The series of one choice, what they show in a sentence, and the highest value of the axis.

    Views of several charts with the same ``top`` have the same scale.
    """

    name: str
    lines: tuple[Line, ...]
    summary: str
    top: float


@dataclass(frozen=True, slots=True)
class Axis:
    """The horizontal axis: the begin of each step, and the end of the last one.

    ``kind`` is ``seconds`` of a run or ``clock`` (hours of a day). ``event`` is how many hours of
    an event the axis shows, 0 when it shows none.
    """

    kind: Literal["seconds", "clock"]
    at: tuple[float, ...]
    end: float
    event: float = 0.0

    def label(self, place: float) -> str:
        """Return a place on the axis in words."""
        if self.kind == "clock":
            minutes = round(place * 60)
            return f"{minutes // 60:02d}:{minutes % 60:02d}"
        return f"{place:g} s"

    def hour(self, place: float) -> str:
        """Return the hour of the event at a place."""
        return f"{place / self.end * self.event:.1f}"


@dataclass(frozen=True, slots=True)
class Chart:
    """One figure: a title, a unit, and at least one view of the same axis."""

    id: str
    title: str
    unit: str
    axis: Axis
    views: tuple[View, ...]
    bands: tuple[Band, ...] = ()
    note: str = ""
    choice: str = ""
    """What the views differ in, as the label of their list."""

    @property
    def columns(self) -> list[str]:
        """The heads of the first columns of the table."""
        first = "time (UTC)" if self.axis.kind == "clock" else "second"
        return [first, "hour of the event"] if self.axis.event else [first]

    def rows(self, view: View) -> list[list[str]]:
        """Return the rows of a view's table: the places on the axis, then the values."""
        return [
            [
                *([self.axis.label(at).removesuffix(" s")]),
                *([self.axis.hour(at)] if self.axis.event else []),
                *(f"{line.values[place]:,.1f}" for line in view.lines),
            ]
            for place, at in enumerate(self.axis.at)
        ]


def peak(axis: Axis, values: Sequence[float], unit: str) -> str:
    """Return the highest of the values in words, with its place."""
    highest = max(values, default=0.0)
    if not highest:
        return "none"
    where = axis.label(axis.at[list(values).index(highest)])
    place = f"second {where.removesuffix(' s')}" if axis.kind == "seconds" else where
    return f"at most {highest:,.3g} {unit}, at {place}"


def top(*stacks: Sequence[Sequence[float]]) -> float:
    """Return the highest sum of any step of any stack, at least 1."""
    sums = [sum(step) for stack in stacks for step in zip(*stack, strict=True)]
    return float(max(1.0, *sums))


def data(charts: Sequence[Chart]) -> str:
    """Return charts as JSON that can be the content of a ``script`` element."""
    text = json.dumps([_document(chart) for chart in charts], separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def figure(chart: Chart, *, has_table: bool = True) -> str:
    """Return the markup of a chart, with the table of its numbers; all texts are escaped."""
    loader = FileSystemLoader(FOLDER)
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template(TEMPLATE).render(chart=chart, has_table=has_table)


def _document(chart: Chart) -> dict[str, Any]:
    found = asdict(chart)
    for view in found["views"]:
        for line in view["lines"]:
            line["values"] = [round(value, 3) for value in line["values"]]
    return found
