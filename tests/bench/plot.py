"""The measurements of one benchmark run as one SVG: bars for rates, lines for growth."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

from tests.bench.growth import Line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 9.0
"""Inches."""

Bars = Sequence[tuple[str, float]]


def drawing(title: str, bars: dict[str, Bars], curves: Sequence[Line]) -> str:
    """Return the plot; ``bars`` are calls a second by kind of work and server."""
    import matplotlib as mpl  # noqa: PLC0415 -- half a second, for one drawing
    from matplotlib.figure import Figure  # noqa: PLC0415 -- as above

    variables = list(dict.fromkeys(curve.over for curve in curves))
    heights = [0.8 + 0.3 * len(rows) for rows in bars.values()] + [2.8] * len(variables) or [1.0]
    figure = Figure(figsize=(WIDTH, sum(heights) + 0.6), layout="constrained")
    figure.suptitle(title)
    grid = figure.subplots(len(heights), squeeze=False, height_ratios=heights)[:, 0]
    for axes, (kind, rows) in zip(grid, bars.items(), strict=False):
        _draw_bars(axes, kind, rows)
    for axes, variable in zip(grid[len(bars) :], variables, strict=False):
        _draw_curves(axes, variable, [curve for curve in curves if curve.over == variable])
    text = StringIO()
    with mpl.rc_context({"svg.fonttype": "none"}):  # text stays text
        figure.savefig(text, format="svg")
    return text.getvalue()


def _draw_bars(axes: Axes, kind: str, rows: Bars) -> None:
    ordered = sorted(rows, key=lambda row: row[1])
    names = [name for name, _ in ordered]
    colors = ["tab:orange" if name == "adsmock" else "tab:blue" for name in names]
    patches = axes.barh(names, [rate for _, rate in ordered], color=colors)
    axes.bar_label(patches, fmt="{:,.0f}", padding=4)
    axes.set_title(f"{kind}, calls per second", loc="left", fontsize="medium")
    axes.margins(x=0.15)


def _draw_curves(axes: Axes, variable: str, curves: Sequence[Line]) -> None:
    """Draw curves over a logarithmic axis; latency starts at zero."""
    for curve in curves:
        sizes, values = zip(*curve.points, strict=True)
        axes.plot(sizes, values, marker=".", label=curve.title)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel(variable)
    axes.set_ylabel("p50 latency, ms")
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize="small")
