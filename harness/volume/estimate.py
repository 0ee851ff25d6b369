"""The estimate: demand, review of the calling pattern, what is left to do after it.

Knows the three stages of the framework. Must not know files or how they are shown. Source: WAF,
fundamental component, estimate the API call volume accurately (documented).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from itertools import accumulate
from math import ceil
from typing import Any

from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.volume.day import Burst, bursts
from adsmock.harness.volume.feature import habits
from adsmock.harness.volume.plan import BEST, MINUTES, Pattern, VolumePlan

HOURS = 24
SECONDS = 60


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """One operation in one region: calls a day and by the hour (UTC), weight a day."""

    region: str
    operation: str
    quota: str
    calls: float
    weight: float
    hours: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How the busiest minute of a quota class fits: ``peak`` and ``rate`` in weights a second.

    ``share`` 1.0 is all of the rate. ``causes`` are the pieces of work in that minute, with
    their part of it, the largest first.
    """

    region: str
    quota: str
    peak: float
    rate: float
    minute: int
    causes: tuple[tuple[str, float], ...]

    @property
    def share(self) -> float:
        """The part of the rate that the busiest minute takes."""
        return self.peak / self.rate


@dataclass(frozen=True, slots=True)
class Volume:
    """What a pattern of calling makes of a plan: an ordinary day, and how it fits on the event."""

    rows: tuple[EstimateRow, ...]
    fits: tuple[Fit, ...]

    @property
    def calls(self) -> float:
        """All calls of a day to the API and the token endpoint."""
        return sum(row.calls for row in self.rows if row.quota)

    @property
    def weight(self) -> float:
        """What they cost in their quotas."""
        return sum(row.weight for row in self.rows)


@dataclass(frozen=True, slots=True)
class Finding:
    """A habit that costs: calls and weights a day that mending it alone would save."""

    member: str
    present: Any
    best: Any
    saved: float
    saved_weight: float
    practice: str
    advice: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A quota class that is too small even then, and what would make the work fit."""

    fit: Fit
    stretch: float
    """How many times as long the work of the busiest minute must be spread."""
    rate: float
    """The rate to ask for instead."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The three stages."""

    plan: VolumePlan
    demand: Volume
    findings: tuple[Finding, ...]
    optimised: Volume
    gaps: tuple[Gap, ...]

    @property
    def fits(self) -> bool:
        """Say whether the plan as it is called now stays within the headroom on the event."""
        return all(fit.share <= self.plan.headroom for fit in self.demand.fits)


def estimate(plan: VolumePlan, contract_set: ContractSet) -> Estimate:
    """Return the estimate of a plan."""
    demand = volume(plan, plan.pattern, contract_set)
    optimised = volume(plan, BEST, contract_set)
    gaps = tuple(
        Gap(fit, fit.share / plan.headroom, ceil(fit.peak / plan.headroom))
        for fit in optimised.fits
        if fit.share > plan.headroom
    )
    return Estimate(plan, demand, _review(plan, demand, contract_set), optimised, gaps)


def volume(plan: VolumePlan, pattern: Pattern, contract_set: ContractSet) -> Volume:
    """Return what a pattern makes of a plan."""
    rows = _rows(bursts(plan, pattern, contract_set))
    fits = _fits(bursts(plan, pattern, contract_set, event=True), _rates(plan, contract_set))
    return Volume(tuple(rows), tuple(fits))


def _review(plan: VolumePlan, demand: Volume, contract_set: ContractSet) -> tuple[Finding, ...]:
    """Set one habit after the other to the best there is, and reckon what that saves."""
    found = []
    for member in fields(Pattern):
        present, best = (getattr(one, member.name) for one in (plan.pattern, BEST))
        if present == best:
            continue
        mended = volume(plan, replace(plan.pattern, **{member.name: best}), contract_set)
        saved, lighter = demand.calls - mended.calls, demand.weight - mended.weight
        habit = habits()[member.name]
        if lighter > 0:
            finding = Finding(
                member.name, present, best, saved, lighter, habit.practice, habit.advice
            )
            found.append(finding)
    return tuple(sorted(found, key=lambda one: -one.saved_weight))


def _rates(plan: VolumePlan, contract_set: ContractSet) -> dict[str, float]:
    return {name: quota.rate for name, quota in contract_set.quotas.items()} | dict(plan.quotas)


def _rows(found: list[Burst]) -> list[EstimateRow]:
    shelves: dict[tuple[str, str, str], list[Burst]] = defaultdict(list)
    for burst in found:
        shelves[burst.region, burst.operation, burst.quota].append(burst)
    return [
        EstimateRow(
            *key,
            calls=sum(burst.calls for burst in own),
            weight=sum(burst.weight for burst in own),
            hours=_hours(_by_minute([(burst, burst.calls) for burst in own])),
        )
        for key, own in sorted(shelves.items())
    ]


def _fits(found: list[Burst], rates: dict[str, float]) -> list[Fit]:
    shelves: dict[tuple[str, str], list[Burst]] = defaultdict(list)
    for burst in found:
        if burst.quota:
            shelves[burst.region, burst.quota].append(burst)
    return [_fit(*key, own, rates[key[1]]) for key, own in sorted(shelves.items())]


def _fit(region: str, quota: str, own: list[Burst], rate: float) -> Fit:
    line = _by_minute([(burst, burst.weight) for burst in own])
    minute = max(range(MINUTES), key=lambda at: line[at])
    causes: dict[str, float] = defaultdict(float)
    for burst in own:
        if burst.covers(minute):
            causes[burst.work] += burst.weight / burst.minutes
    total = sum(causes.values()) or 1.0
    parts = sorted(((name, part / total) for name, part in causes.items()), key=lambda one: -one[1])
    return Fit(region, quota, line[minute] / SECONDS, rate, minute, tuple(parts))


def _by_minute(found: list[tuple[Burst, float]]) -> list[float]:
    """Return what falls into each minute of the day; what passes midnight falls into its start."""
    steps = [0.0] * (2 * MINUTES + 1)
    for burst, amount in found:
        steps[burst.start] += amount / burst.minutes
        steps[burst.start + burst.minutes] -= amount / burst.minutes
    line = list(accumulate(steps))
    return [line[at] + line[at + MINUTES] for at in range(MINUTES)]


def _hours(line: list[float]) -> tuple[float, ...]:
    return tuple(sum(line[hour * 60 : hour * 60 + 60]) for hour in range(HOURS))
