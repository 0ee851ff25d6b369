"""Time series of a rehearsal: counts by second, grouped into a limited number of steps."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from math import ceil

from adsmock.loadtests.counters import OUTCOMES, Counters, percentile
from adsmock.loadtests.injected import FaultSpan, Injected
from adsmock.loadtests.quota_use import Curves, Rates, quota_use
from adsmock.loadtests.shape import Shape
from adsmock.loadtests.verdict import Outcome

HOURS_SHOWN = 2
"""Length in hours from which a place in an event is given in hours, not in minutes."""

STEPS = 120
"""Largest number of points of a curve."""

LINES = ("offered", *OUTCOMES, "waiting", "arrived")


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A named phase of the event, in seconds of the run."""

    name: str
    begin: float
    end: float


@dataclass(slots=True)
class Series:
    """Curves over steps of ``width`` seconds.

    ``regions`` holds for each region: calls per second (``offered`` and its outcomes), work items
    that wait at the end of a step, and items that arrived per second. ``quotas`` holds the use of
    each quota by region. ``p50``, ``p95`` and ``p99`` are milliseconds of accepted calls, ``jobs``
    counts exports and reports in progress. ``hours`` is the length of the event, which takes
    ``duration`` seconds.
    """

    width: float
    at: list[float]
    regions: dict[str, Curves]
    p50: list[float]
    p95: list[float]
    p99: list[float]
    jobs: list[float]
    quotas: dict[str, dict[str, Curves]]
    hours: float
    duration: float
    phases: list[PhaseSpan] = field(default_factory=list)
    faults: list[FaultSpan] = field(default_factory=list)


NOTHING = Injected()


def series(
    outcome: Outcome, shape: Shape, quotas: Rates | None = None, injected: Injected = NOTHING
) -> Series:
    """Return the time series of a run."""
    seconds = max(1, ceil(outcome.elapsed))
    width = max(1, ceil(seconds / STEPS))
    steps = ceil(seconds / width)
    regions = {region: {line: [0.0] * steps for line in LINES} for region in shape.regions}
    _rates(outcome.counters, regions, width, steps)
    jobs = [0.0] * steps
    for region, lines in regions.items():
        lines["waiting"] = _seen(outcome.counters, "wait", width, steps, region)
        for step, value in enumerate(_seen(outcome.counters, "jobs", width, steps, region)):
            jobs[step] += value
    times = _times(outcome.counters, width)
    return Series(
        width=float(width),
        at=[float(step * width) for step in range(steps)],
        regions=regions,
        p50=[percentile(times[step], 0.5) for step in range(steps)],
        p95=[percentile(times[step], 0.95) for step in range(steps)],
        p99=[percentile(times[step], 0.99) for step in range(steps)],
        jobs=jobs,
        quotas=quota_use(outcome.counters, quotas or {}, injected, width=width, steps=steps),
        hours=shape.hours,
        duration=outcome.duration,
        phases=phases(shape, outcome.duration),
        faults=list(injected.faults),
    )


def phases(shape: Shape, duration: float) -> list[PhaseSpan]:
    """Return the phases of an event over ``duration`` seconds; those of one name become one."""
    scale = duration / shape.hours
    found: dict[str, PhaseSpan] = {}
    for each in sorted(shape.phases, key=lambda phase: phase.begin):
        known = found.setdefault(each.name, PhaseSpan(each.name, each.begin * scale, 0.0))
        found[each.name] = replace(known, end=max(known.end, each.end * scale))
    return list(found.values())


def _rates(
    counters: Counters, regions: dict[str, dict[str, list[float]]], width: int, steps: int
) -> None:
    for (second, region, _operation, result), times in counters.of("call"):
        lines = regions.get(str(region))
        if lines is None:
            continue
        step = min(int(second) // width, steps - 1)
        lines[str(result)][step] += times / width
        lines["offered"][step] += times / width
    for (second, region), times in counters.of("demand"):
        regions[str(region)]["arrived"][min(int(second) // width, steps - 1)] += times / width


def _seen(counters: Counters, kind: str, width: int, steps: int, region: str) -> list[float]:
    """Return the mean of each step for a value that is sampled once per second."""
    seen = [0.0] * steps
    samples: dict[int, dict[int, int]] = defaultdict(dict)
    for (second, where), times in counters.of(kind):
        step = int(second) // width
        if where == region and step < steps:
            samples[step][int(second)] = times
    last = 0.0
    for step in range(steps):
        if samples[step]:
            last = sum(samples[step].values()) / len(samples[step])
        seen[step] = last  # a process too busy to sample keeps its last value
    return seen


def _times(counters: Counters, width: int) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (second, value), times in counters.of("tick"):
        found[int(second) // width].append((int(value), times))
    return found
