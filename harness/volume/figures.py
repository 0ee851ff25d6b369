"""The charts of an estimate: calls by hour, and the use of each quota on the day of the event."""

from __future__ import annotations

from typing import Any

from adsmock.charts.chart import Axis, Chart, Line, View, peak, top

STAGES = {"demand": "now", "optimized": "after the review"}

HOURS = Axis("clock", tuple(float(hour) for hour in range(24)), 24.0)
QUARTERS = Axis("clock", tuple(quarter / 4 for quarter in range(96)), 24.0)

FAMILIES = ("reads", "writes", "exports", "reports", "profiles", "tokens")
_OPERATIONS = {
    "lwa": "tokens",
    "profiles": "profiles",
    "exports": "exports",
    "reporting": "reports",
}

PEAKS = "Each step is the busiest minute of a quarter hour on the day of the event."


def charts(document: dict[str, Any]) -> list[Chart]:
    """Return the charts of an estimate: for each region, calls now and later, then quotas."""
    regions = sorted({row["region"] for row in document["demand"]["rows"]})
    return [chart for region in regions for chart in _region(document, region)]


def _region(document: dict[str, Any], region: str) -> list[Chart]:
    hours = {stage: _by_family(document, stage, region) for stage in STAGES}
    used = [name for name in FAMILIES if any(any(rows[name]) for rows in hours.values())]
    highest = top(*([rows[name] for name in used] for rows in hours.values()))
    found = [
        _calls(region, stage, {name: rows[name] for name in used}, highest)
        for stage, rows in hours.items()
    ]
    return [*found, _quotas(document, region)]


def _calls(region: str, stage: str, rows: dict[str, list[float]], highest: float) -> Chart:
    lines = tuple(Line(name, name, tuple(values), "stack") for name, values in rows.items())
    sums = [sum(step) for step in zip(*rows.values(), strict=True)]
    title = f"{region}: calls {STAGES[stage]}"
    said = f"{title}: {sum(sums):,.0f} a day; {peak(HOURS, sums, 'an hour')}."
    unit = f"calls per hour, {sum(sums):,.0f} on a usual day"
    view = View("by hour", lines, said, highest)
    return Chart(f"calls-{region.lower()}-{stage}", title, unit, HOURS, (view,))


def _quotas(document: dict[str, Any], region: str) -> Chart:
    fits = {
        stage: {fit["quota"]: fit for fit in document[stage]["fits"] if fit["region"] == region}
        for stage in STAGES
    }
    names = sorted(
        {name for stage in fits.values() for name in stage},
        key=lambda name: -max(stage[name]["share"] for stage in fits.values() if name in stage),
    )
    views = tuple(_quota(name, fits, region, document["headroom"]) for name in names)
    return Chart(
        f"quota-{region.lower()}",
        f"{region}: quota on the day of the event",
        "weight of calls per second",
        QUARTERS,
        views,
        note=PEAKS,
        choice="quota class",
    )


def _quota(name: str, fits: dict[str, dict[str, Any]], region: str, headroom: float) -> View:
    nothing = (0.0,) * len(QUARTERS.at)
    tones = dict(zip(STAGES, ("first", "second"), strict=True))
    lines = tuple(
        Line(
            title,
            tones[stage],
            tuple(fits[stage][name]["course"]) if name in fits[stage] else nothing,
        )
        for stage, title in STAGES.items()
    )
    rate = next(stage[name]["rate"] for stage in fits.values() if name in stage)
    limits = (
        Line("quota", "limit", (rate,) * len(nothing), "limit"),
        Line(f"{headroom:.0%} of it", "third", (rate * headroom,) * len(nothing), "limit"),
    )
    said = "; ".join(f"{each.name} {peak(QUARTERS, each.values, 'per second')}" for each in lines)
    summary = f"{region}, {name}: {said}; the quota is {rate:g} per second."
    return View(
        name, (*lines, *limits), summary, top(*([each.values] for each in (*lines, *limits)))
    )


def _by_family(document: dict[str, Any], stage: str, region: str) -> dict[str, list[float]]:
    found = {name: [0.0] * len(HOURS.at) for name in FAMILIES}
    for row in document[stage]["rows"]:
        if row["region"] == region and row["quota"]:
            sums = found[_family(row["operation"])]
            for hour, calls in enumerate(row["hours"]):
                sums[hour] += calls
    return found


def _family(operation: str) -> str:
    first = operation.partition(".")[0]
    if first in _OPERATIONS:
        return _OPERATIONS[first]
    return "reads" if operation.endswith((".list", ".get")) else "writes"
