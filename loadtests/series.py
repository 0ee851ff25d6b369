"""The course of a rehearsal: counts by second, put into at most so many steps.

Pure. Knows arithmetic on the tally. Must not know how it is drawn.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import ceil

from adsmock.loadtests.counters import OUTCOMES, Counters, percentile
from adsmock.loadtests.shape import Shape
from adsmock.loadtests.verdict import Outcome

STEPS = 120
"""Points of a curve: more than a page is wide enough to show apart."""

LINES = ("offered", *OUTCOMES, "waiting", "arrived")


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A named part of the event, in seconds of the run."""

    name: str
    begin: float
    end: float


@dataclass(slots=True)
class Series:
    """Curves over steps of ``width`` seconds.

    ``regions`` holds for each region calls a second (``offered`` and its outcomes), pieces of work
    that wait at the end of a step, and those that arrived in a second. ``p50`` and ``p95`` are
    milliseconds of accepted calls, ``jobs`` exports and reports under way.
    """

    width: float
    at: list[float]
    regions: dict[str, dict[str, list[float]]]
    p50: list[float]
    p95: list[float]
    jobs: list[float]
    phases: list[PhaseSpan] = field(default_factory=list)


def series(outcome: Outcome, shape: Shape) -> Series:
    """Return the course of a run."""
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
        jobs=jobs,
        phases=phases(shape, outcome.duration),
    )


def phases(shape: Shape, duration: float) -> list[PhaseSpan]:
    """Return the named parts of an event over ``duration`` seconds."""
    scale = duration / shape.hours
    return [PhaseSpan(row.name, row.begin * scale, row.end * scale) for row in shape.rows]


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
    """Return what was seen in each step of something that is looked at once a second."""
    seen = [0.0] * steps
    looks: dict[int, dict[int, int]] = defaultdict(dict)
    for (second, where), times in counters.of(kind):
        step = int(second) // width
        if where == region and step < steps:
            looks[step][int(second)] = times
    last = 0.0
    for step in range(steps):
        if looks[step]:
            last = sum(looks[step].values()) / len(looks[step])
        seen[step] = last  # a process too busy to look leaves what it saw before
    return seen


def _times(counters: Counters, width: int) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (second, value), times in counters.of("tick"):
        found[int(second) // width].append((int(value), times))
    return found
