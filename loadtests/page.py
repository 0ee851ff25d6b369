"""The report of a rehearsal as one HTML page that loads nothing and opens offline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adsmock.loadtests import plot
from adsmock.loadtests.plot import Plot
from adsmock.loadtests.report import Report, Status, cases, copy_counts, counted
from adsmock.loadtests.roles import ROLES
from adsmock.loadtests.series import PhaseSpan, Series
from adsmock.loadtests.verdict import operations

HERE = Path(__file__).parent
TEMPLATE, STYLE = "page.html.jinja", "page.css"

HEADLINES: dict[Status, tuple[str, str]] = {
    "within": ("Within the thresholds", "pass"),
    "missed": ("Thresholds missed", "fail"),
    "incomplete": ("Incomplete", "unsure"),
}
REGIONS = {"NA": "North America", "EU": "Europe", "FE": "Far East"}
TONES = {"PASS": "pass", "FAIL": "fail", "WARN": "fail"}
"""Colors of the suite's verdicts; all others are neutral."""
STACKED = ("accepted", "throttled", "failed")


@dataclass(frozen=True, slots=True)
class Figure:
    """One plot with its title, its legend (tone and word), and the rows of its table."""

    id: str
    title: str
    unit: str
    plot: Plot
    legend: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def write(report: Report, path: Path) -> None:
    """Write the page of a report."""
    path.write_text(render(report), encoding="utf-8")


def render(report: Report) -> str:
    """Return the page of a report as HTML."""
    # Values may come from a mock that someone else runs: escape all of them.
    loader = FileSystemLoader(HERE)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    headline, tone = HEADLINES[report.status]
    return environment.get_template(TEMPLATE).render(
        style=(HERE / STYLE).read_text(encoding="utf-8"),
        headline=headline,
        tone=tone,
        sentence=_sentence(report),
        limits=[(report.heading(each), each.why) for each in report.limits],
        is_carried=report.is_carried,
        gaps=report.gaps,
        bottleneck=str(report.bottleneck or ""),
        facts=_facts(report),
        figures=figures(report),
        findings=_findings(report.document()["findings"]),
        missed=[_finding(each) for each in report.document()["findings"] if not each["holds"]],
        cases=cases(report),
        tones=TONES,
        operations=operations(report.outcome.counters),
        work=[
            (role.title, report.outcome.counters.work(name), report.outcome.counters.waiting(name))
            for name, role in ROLES.items()
            if not report.outcome.has_own_work
        ],
        copies=copy_counts(report.outcome.counters),
        reconciliation=report.outcome.reconciliation,
        settings=report.settings,
        height=plot.HEIGHT,
        width=plot.WIDTH,
    )


def figures(report: Report) -> list[Figure]:
    """Return the plots: load by region, response times, waiting work."""
    course = report.series
    length = max(report.outcome.elapsed, 1.0)
    offered = [lines["offered"] for lines in course.regions.values()]
    axes = plot.frame(length, course.width, offered)
    found = [_load(region, course, axes) for region in course.regions]
    return [*found, _times(course, length), _queue(course, length)]


def _load(region: str, course: Series, axes: plot.Frame) -> Figure:
    lines = course.regions[region]
    curves = plot.stack(axes, [(name, lines[name]) for name in STACKED])
    named = [
        (each.name.removesuffix(f" in {region}"), each.begin, each.end)
        for each in course.phases
        if _is_about(each, region) and not each.name.startswith("event")
    ]
    drawn = Plot(
        (*curves, plot.line(axes, "offered", lines["offered"])),
        plot.across(axes),
        plot.up(axes),
        plot.bands(axes, named),
    )
    return Figure(
        id=f"load-{region.lower()}",
        title=f"{REGIONS.get(region, region)}: calls",
        unit="calls per second",
        plot=drawn,
        legend=(("offered", "offered"), *((name, name) for name in STACKED)),
        columns=("offered", *STACKED),
        rows=_table(course, [lines["offered"], *(lines[name] for name in STACKED)]),
    )


def _is_about(phase: PhaseSpan, region: str) -> bool:
    """Return whether a phase belongs to a region; phases without a region belong to all."""
    return phase.name.endswith(region) or phase.name.rpartition(" ")[2] not in REGIONS


def _times(course: Series, length: float) -> Figure:
    axes = plot.frame(length, course.width, [course.p50, course.p95])
    curves = (plot.line(axes, "second", course.p95), plot.line(axes, "first", course.p50))
    return Figure(
        id="times",
        title="Response times of accepted calls",
        unit="milliseconds",
        plot=Plot(curves, plot.across(axes), plot.up(axes)),
        legend=(("second", "p95"), ("first", "p50")),
        columns=("p50", "p95"),
        rows=_table(course, [course.p50, course.p95]),
        note="Refusals are left out: they are fast and would lower the percentiles.",
    )


def _queue(course: Series, length: float) -> Figure:
    tones = ("first", "second", "third")
    rows = [lines["waiting"] for lines in course.regions.values()]
    axes = plot.frame(length, course.width, [*rows, course.jobs])
    drawn = [plot.line(axes, tone, values) for tone, values in zip(tones, rows, strict=False)]
    legend = [
        (tone, REGIONS.get(region, region))
        for tone, region in zip(tones, course.regions, strict=False)
    ]
    return Figure(
        id="queue",
        title="Waiting work",
        unit="items",
        plot=Plot(
            (*drawn, plot.line(axes, "offered", course.jobs)), plot.across(axes), plot.up(axes)
        ),
        legend=(*legend, ("offered", "exports and reports in progress")),
        columns=(*(word for _tone, word in legend), "jobs in progress"),
        rows=_table(course, [*rows, course.jobs]),
        note="Arrivals do not depend on answers: an integration that falls behind builds a queue.",
    )


def _table(course: Series, columns: Sequence[Sequence[float]]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (f"{at:g}", *(f"{column[place]:.1f}" for column in columns))
        for place, at in enumerate(course.at)
    )


def _sentence(report: Report) -> str:
    calls = report.outcome.counters.totals()
    total, minimum = sum(calls.values()), report.outcome.least
    return (
        f"{total:,} calls in {report.outcome.elapsed:.0f} s: {calls['accepted']:,} accepted, "
        f"{calls['throttled']:,} throttled ({report.measures['throttled_share']:.1%}), "
        f"{calls['failed']:,} failed. The same work needs {minimum:,} calls."
    )


def _facts(report: Report) -> list[tuple[str, str]]:
    settings, mock_load = report.settings, report.mock_load
    spent = ", ".join(f"{each['cpu']:.0%}" for each in report.outcome.processes)
    cpu = "unknown" if mock_load.cpu is None else f"{mock_load.cpu:.0%} of a core"
    return [
        ("event", f"{settings['shape']}: {settings['title']}"),
        ("users", _users(settings)),
        ("length", f"{settings['duration']:g} s, up to {settings['users']} users"),
        ("generator", f"{counted(settings['workers'])}, {spent or 'none'} of a core"),
        ("mock", cpu),
        ("seed", str(settings["seed"])),
    ]


def _users(settings: dict[str, Any]) -> str:
    """Return who worked; the code marks of the terminal's text are left out."""
    title = str(settings["behavior_title"]).replace("`", "")
    return title if "program" in settings else f"{settings['behavior']}: {title}"


def _findings(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the rows of the table; a reason that equals the one above is left out."""
    found: list[dict[str, str]] = []
    shown = ""
    for each in rows:
        found.append(_finding(each) | ({"why": ""} if each["why"] == shown else {}))
        shown = each["why"]
    return found


def _finding(each: dict[str, Any]) -> dict[str, str]:
    return {
        "name": each["name"],
        "value": f"{each['value']:.3g}",
        "bound": each["bound"],
        "tone": "pass" if each["holds"] else "fail",
        "word": "holds" if each["holds"] else "missed",
        "why": each["why"],
    }
