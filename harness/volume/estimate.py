"""The estimate: demand, review of the call pattern, and the gaps that remain after it.

Source: WAF, fundamental component, estimate the API call volume accurately (documented).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from typing import Any

from msgspec.structs import replace

from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.volume.day import Burst, bursts
from adsmock.harness.volume.demand import DemandContext, reads_exports
from adsmock.harness.volume.feature import features, habits
from adsmock.harness.volume.plan import BEST, MINUTES, Pattern, VolumePlan

HOURS = 24
SECONDS = 60
QUARTER = 15
"""Minutes of one step in the course of a day."""

STRUCTURE_ADVICE = {
    "exports": "Read whole accounts by export; use lists for a few entities.",
    "lists": "Read these accounts by lists with full pages: they are small, and the polls of an "
    "export cost more.",
    "by size": "Read large accounts by export and small ones by lists with full pages.",
}


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """One operation in one region: calls per day and per hour (UTC), weight per day."""

    region: str
    operation: str
    quota: str
    calls: float
    weight: float
    hours: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class QuotaFit:
    """The busiest minute of a quota class: ``peak`` and ``rate`` in weights per second.

    ``share`` 1.0 is the whole rate. ``causes`` are the works in that minute with their parts,
    the largest first. ``course`` is the busiest minute of each quarter hour of the day (UTC).
    """

    region: str
    quota: str
    peak: float
    rate: float
    minute: int
    causes: tuple[tuple[str, float], ...]
    course: tuple[float, ...]

    @property
    def share(self) -> float:
        """The part of the rate that the busiest minute uses."""
        return self.peak / self.rate


@dataclass(frozen=True, slots=True)
class Volume:
    """A plan with one call pattern: the calls of a usual day, and the quota use of the event."""

    rows: tuple[EstimateRow, ...]
    fits: tuple[QuotaFit, ...]

    @property
    def calls(self) -> float:
        """All calls per day to the API and the token endpoint."""
        return sum(row.calls for row in self.rows if row.quota)

    @property
    def weight(self) -> float:
        """The quota weight of all calls per day."""
        return sum(row.weight for row in self.rows)


@dataclass(frozen=True, slots=True)
class HabitCost:
    """The cost of a habit: calls and weights per day that fixing it alone saves."""

    member: str
    present: Any
    best: Any
    saved: float
    saved_weight: float
    practice: str
    advice: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A quota class that stays too small after the review, and two remedies."""

    fit: QuotaFit
    stretch: float
    """Factor on the time over which the work of the busiest minute is spread."""
    rate: float
    """The rate to request instead, in weights per second."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The three stages of the framework."""

    plan: VolumePlan
    demand: Volume
    findings: tuple[HabitCost, ...]
    optimized: Volume
    gaps: tuple[Gap, ...]

    @property
    def assumed(self) -> tuple[str, ...]:
        """The quota classes in use whose rate the plan does not state, in order."""
        used = {fit.quota for volume in (self.demand, self.optimized) for fit in volume.fits}
        return tuple(sorted(used - self.plan.quotas.keys()))

    @property
    def fits(self) -> bool:
        """Whether the event, as called now, stays within the headroom."""
        return all(fit.share <= self.plan.headroom for fit in self.demand.fits)


def estimate(plan: VolumePlan, contract_set: ContractSet) -> Estimate:
    """Return the estimate of a plan."""
    demand = volume(plan, plan.pattern, contract_set)
    optimized = volume(plan, BEST, contract_set)
    gaps = tuple(
        Gap(fit, fit.share / plan.headroom, ceil(fit.peak / plan.headroom))
        for fit in optimized.fits
        if fit.share > plan.headroom
    )
    return Estimate(plan, demand, _review(plan, demand, contract_set), optimized, gaps)


def volume(plan: VolumePlan, pattern: Pattern, contract_set: ContractSet) -> Volume:
    """Return the volume of a plan with a call pattern."""
    rows = _rows(bursts(plan, pattern, contract_set))
    fits = _fits(bursts(plan, pattern, contract_set, event=True), _rates(plan, contract_set))
    return Volume(tuple(rows), tuple(fits))


def _review(plan: VolumePlan, demand: Volume, contract_set: ContractSet) -> tuple[HabitCost, ...]:
    """Set each habit to its best value in turn, and calculate the savings."""
    found = []
    for member in Pattern.__struct_fields__:
        present, best = getattr(plan.pattern, member), getattr(BEST, member)
        if present == best:
            continue
        fixed = volume(plan, replace(plan.pattern, **{member: best}), contract_set)
        saved, lighter = demand.calls - fixed.calls, demand.weight - fixed.weight
        habit = habits()[member]
        if lighter <= 0:
            continue
        advice = habit.advice
        if member == "structure":
            best, advice = _structure(plan, contract_set)
            if best == present:  # it only costs more because of another habit
                continue
        found.append(HabitCost(member, present, best, saved, lighter, habit.practice, advice))
    return tuple(sorted(found, key=lambda each: -each.saved_weight))


def _structure(plan: VolumePlan, contract_set: ContractSet) -> tuple[str, str]:
    """Return how the accounts of a plan are read at the least cost, and the advice for it."""
    ways = {
        "exports" if reads_exports(feature.steps, context) else "lists"
        for work in plan.work
        for feature in (features()[work.feature],)
        if all(step.do == "structure" for step in feature.steps)
        for group in plan.groups
        if group.name in work.groups
        for context in (DemandContext(plan, BEST, group, work, contract_set),)
    }
    best = ways.pop() if len(ways) == 1 else "by size"
    return best, STRUCTURE_ADVICE[best]


def _rates(plan: VolumePlan, contract_set: ContractSet) -> dict[str, float]:
    return {name: quota.rate for name, quota in contract_set.quotas.items()} | dict(plan.quotas)


def _rows(found: list[Burst]) -> list[EstimateRow]:
    groups: dict[tuple[str, str, str], list[Burst]] = defaultdict(list)
    for burst in found:
        groups[burst.region, burst.operation, burst.quota].append(burst)
    return [
        EstimateRow(
            *key,
            calls=sum(burst.calls for burst in own),
            weight=sum(burst.weight for burst in own),
            hours=_hours(_by_minute([(burst, burst.calls) for burst in own])),
        )
        for key, own in sorted(groups.items())
    ]


def _fits(found: list[Burst], rates: dict[str, float]) -> list[QuotaFit]:
    groups: dict[tuple[str, str], list[Burst]] = defaultdict(list)
    for burst in found:
        if burst.quota:
            groups[burst.region, burst.quota].append(burst)
    return [_fit(*key, own, rates[key[1]]) for key, own in sorted(groups.items())]


def _fit(region: str, quota: str, own: list[Burst], rate: float) -> QuotaFit:
    line = _by_minute([(burst, burst.weight) for burst in own])
    minute = max(range(MINUTES), key=lambda at: line[at])
    causes: dict[str, float] = defaultdict(float)
    for burst in own:
        if burst.covers(minute):
            causes[burst.work] += burst.weight / burst.minutes
    total = sum(causes.values()) or 1.0
    parts = sorted(
        ((name, part / total) for name, part in causes.items()), key=lambda each: -each[1]
    )
    course = tuple(max(line[at : at + QUARTER]) / SECONDS for at in range(0, MINUTES, QUARTER))
    return QuotaFit(region, quota, line[minute] / SECONDS, rate, minute, tuple(parts), course)


def _by_minute(found: list[tuple[Burst, float]]) -> list[float]:
    """Return the amount per minute of the day; minutes after midnight count at its start."""
    steps = [0.0] * (2 * MINUTES + 1)
    for burst, amount in found:
        steps[burst.start] += amount / burst.minutes
        steps[burst.start + burst.minutes] -= amount / burst.minutes
    line = list(accumulate(steps))
    return [line[at] + line[at + MINUTES] for at in range(MINUTES)]


def _hours(line: list[float]) -> tuple[float, ...]:
    return tuple(sum(line[hour * 60 : hour * 60 + 60]) for hour in range(HOURS))
