"""The estimate as one self-contained HTML page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

WIDTH, HEIGHT, TOP, BASE = 720, 204, 30, 170
"""The plot's size; a line of text fits above ``TOP`` and below ``BASE``."""

HOURS = 24
_FAMILIES = {"lwa": "tokens", "profiles": "profiles", "exports": "exports", "reporting": "reports"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One segment of an hour's stacked bar, in plot units."""

    x: float
    y: float
    width: float
    height: float
    family: str
    says: str


@dataclass(frozen=True, slots=True)
class Plot:
    """The hours of one region in one stage; ``top`` is the value at the plot's full height."""

    region: str
    bars: tuple[Bar, ...]
    top: float
    total: float


def render(document: dict[str, Any]) -> str:
    """Return the page of an estimate."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    regions = sorted({row["region"] for row in document["demand"]["rows"]})
    pairs = [
        tuple(_plot(document, stage, region, _top(document, region)) for stage in _STAGES)
        for region in regions
    ]
    template = environment.get_template("page.html.jinja")
    return template.render(
        found=document, pairs=pairs, width=WIDTH, height=HEIGHT, top=TOP, base=BASE
    )


_STAGES = ("demand", "optimized")


def _rows(document: dict[str, Any], stage: str, region: str) -> list[dict[str, Any]]:
    rows = document[stage]["rows"]
    return [row for row in rows if row["region"] == region and row["quota"]]


def _top(document: dict[str, Any], region: str) -> float:
    """Return the calls of the busiest hour of both stages, which share one scale."""
    sums = [
        sum(row["hours"][hour] for row in _rows(document, stage, region))
        for stage in _STAGES
        for hour in range(HOURS)
    ]
    return float(max(*sums, 1.0))


def _plot(document: dict[str, Any], stage: str, region: str, top: float) -> Plot:
    rows = _rows(document, stage, region)
    step = WIDTH / HOURS
    bars = []
    for hour in range(HOURS):
        y = float(BASE)
        for family, calls in _by_family(rows, hour).items():
            height = calls / top * (BASE - TOP)
            y -= height
            says = f"{hour:02d}:00 UTC · {family} · {calls:,.0f} calls"
            bars.append(Bar(hour * step + 2, round(y, 2), step - 4, round(height, 2), family, says))
    return Plot(region, tuple(bars), top, sum(row["calls"] for row in rows))


def _by_family(rows: list[dict[str, Any]], hour: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in rows:
        family = _family(row["operation"])
        found[family] = found.get(family, 0.0) + row["hours"][hour]
    return {family: calls for family, calls in sorted(found.items()) if calls}


def _family(operation: str) -> str:
    first = operation.partition(".")[0]
    if first in _FAMILIES:
        return _FAMILIES[first]
    return "reads" if operation.endswith((".list", ".get")) else "writes"
