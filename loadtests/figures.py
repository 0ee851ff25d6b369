"""The charts of a rehearsal: calls and quotas by region, response times, waiting work."""

from __future__ import annotations

from adsmock.charts.chart import Axis, Band, Chart, Line, View, peak, top
from adsmock.loadtests.counters import OUTCOMES
from adsmock.loadtests.injected import OUTAGE, FaultSpan
from adsmock.loadtests.quota_use import CEILING, Curves
from adsmock.loadtests.series import HOURS_SHOWN, PhaseSpan, Series

REGIONS = {"NA": "North America", "EU": "Europe", "FE": "Far East"}
TONES = ("first", "second", "third")

PER_SECOND = "per second"

QUEUE = "queue"
"""The chart of the waiting work."""

OF_DELIVERIES = "stream-"
"""Prefix of the faults on deliveries of Marketing Stream, which no call meets."""

BURSTS = (
    "The ceiling is the rate at which a quota refills; it falls while other clients use a part. "
    "A burst may exceed it for a moment."
)


def charts(course: Series) -> list[Chart]:
    """Return all charts of a run."""
    axis = _axis(course)
    totals = [_stack(lines) for lines in course.regions.values()]
    highest = top(*totals)
    found = []
    for region in course.regions:
        bands = _bands(course, region)
        found.append(_calls(course, axis, region, bands, highest))
        if course.quotas.get(region):
            found.append(_quota(course, axis, region, bands))
    return [*found, _times(course, axis), _queue(course, axis)]


def _axis(course: Series) -> Axis:
    end = course.at[-1] + course.width
    shown = (
        course.hours if course.hours >= HOURS_SHOWN else 0.0
    )  # minutes have the names of phases alone
    return Axis("seconds", tuple(course.at), end, shown * end / course.duration)


def _stack(curves: Curves) -> list[list[float]]:
    return [curves[name] for name in OUTCOMES]


def _outcomes(curves: Curves) -> tuple[Line, ...]:
    return tuple(Line(name, name, tuple(curves[name]), "stack") for name in OUTCOMES)


def _calls(
    course: Series, axis: Axis, region: str, bands: tuple[Band, ...], highest: float
) -> Chart:
    curves = course.regions[region]
    totals = ", ".join(f"{sum(curves[name]) * course.width:,.0f} {name}" for name in OUTCOMES)
    title = f"{REGIONS.get(region, region)}: calls"
    said = f"{title}: {totals}; {peak(axis, curves['offered'], PER_SECOND)}."
    view = View("all calls", _outcomes(curves), said, highest)
    return Chart(f"load-{region.lower()}", title, "calls per second", axis, (view,), bands)


def _quota(course: Series, axis: Axis, region: str, bands: tuple[Band, ...]) -> Chart:
    classes = course.quotas[region]
    tightest = sorted(classes, key=lambda name: _pressure(classes[name]), reverse=True)
    title = f"{REGIONS.get(region, region)}: quota"
    views = tuple(_class_view(axis, title, name, classes[name]) for name in tightest)
    return Chart(
        f"quota-{region.lower()}",
        title,
        "weight of calls per second",
        axis,
        views,
        bands,
        note=BURSTS,
        choice="quota class",
    )


def _pressure(curves: Curves) -> tuple[float, float]:
    """Return what orders quotas: how much was refused, then the largest used part."""
    steps = zip(*_stack(curves), curves[CEILING], strict=True)
    used = max((sum(parts) / ceiling for *parts, ceiling in steps), default=0.0)
    return sum(curves["throttled"]), used


def _class_view(axis: Axis, title: str, name: str, curves: Curves) -> View:
    offered = [sum(step) for step in zip(*_stack(curves), strict=True)]
    ceiling = Line("ceiling", "limit", tuple(curves[CEILING]), "limit")
    said = (
        f"{title} {name}: {peak(axis, offered, PER_SECOND)}; the ceiling is "
        f"{min(curves[CEILING]):.3g} to {max(curves[CEILING]):.3g} {PER_SECOND}."
    )
    highest = top(_stack(curves), [curves[CEILING]])
    return View(name, (*_outcomes(curves), ceiling), said, highest)


def _bands(course: Series, region: str) -> tuple[Band, ...]:
    end = course.at[-1] + course.width
    phases = [
        Band(each.name.removesuffix(f" in {region}"), "phase", each.begin, min(each.end, end))
        for each in course.phases
        if _is_about(each, region) and each.begin < end
    ]
    faults = [
        _fault(each, end)
        for each in course.faults
        if each.is_about(region) and each.begin < end and not each.kind.startswith(OF_DELIVERIES)
    ]
    # The part of the event between its named phases needs no name.
    return tuple(each for each in (*phases, *faults) if not each.name.startswith("event"))


def _fault(span: FaultSpan, end: float) -> Band:
    return Band(
        span.name,
        "outage" if span.kind == OUTAGE else "fault",
        span.begin,
        min(span.end, end),
        f"{span.begin:,.1f} to {span.end:,.1f} s, rule {span.rule}",
    )


def _is_about(phase: PhaseSpan, region: str) -> bool:
    """Return whether a phase belongs to a region; phases without a region belong to all."""
    return phase.name.endswith(region) or phase.name.rpartition(" ")[2] not in REGIONS


def _times(course: Series, axis: Axis) -> Chart:
    lines = (
        Line("p50", "first", tuple(course.p50)),
        Line("p95", "second", tuple(course.p95)),
        Line("p99", "third", tuple(course.p99)),
    )
    title = "Response times of accepted calls"
    view = _lines_view("percentiles", title, axis, lines, "ms")
    note = "Refusals are left out: they are fast and would lower the percentiles."
    return Chart("times", title, "milliseconds", axis, (view,), note=note)


def _queue(course: Series, axis: Axis) -> Chart:
    lines = (
        *(
            Line(REGIONS.get(region, region), tone, tuple(curves["waiting"]))
            for tone, (region, curves) in zip(TONES, course.regions.items(), strict=False)
        ),
        Line("exports and reports in progress", "fourth", tuple(course.jobs)),
    )
    title = "Waiting work"
    view = _lines_view("items", title, axis, lines, "items")
    note = "Arrivals do not depend on answers: an integration that falls behind builds a queue."
    return Chart(QUEUE, title, "items", axis, (view,), note=note)


def _lines_view(name: str, title: str, axis: Axis, lines: tuple[Line, ...], unit: str) -> View:
    said = "; ".join(f"{each.name} {peak(axis, each.values, unit)}" for each in lines)
    return View(name, lines, f"{title}: {said}.", top(*([each.values] for each in lines)))
