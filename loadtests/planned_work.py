"""The work of a partner's own plan, as arrivals over the plan's day.

The plan is the file that ``adsmock estimate`` reads. A run of its work becomes items of a role:
changed bids and budgets go to the optimizer, new campaigns to the builder, lists to the reader,
exports to the exporter and reports to the reporter. Rates are those of the plan, in runs per
second: a day that is played faster has the plan's rates and fewer calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

import msgspec
from msgspec.structs import replace

from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.volume.day import utc_offset
from adsmock.harness.volume.demand import DemandContext, calls, runs
from adsmock.harness.volume.estimate import QuotaFit, estimate
from adsmock.harness.volume.feature import Feature, features
from adsmock.harness.volume.plan import MINUTES, AdvertiserGroup, VolumePlan, Work
from adsmock.loadtests.roles import ROLES
from adsmock.loadtests.shape import Phase, Shape

HOURS = 24

SHORT = 2.0
"""Minutes below which a length is given in seconds."""

PHASES = 12
"""Phases of the event."""

LEAD = 0.1
"""The part of the event before the peak begins."""

MOST_PROFILES = 24
"""Profiles that one group of advertisers gets: runs of its advertisers take turns on them."""

APART = 2.0
"""Profiles for each run that is in progress at the same time."""

MOST_CAMPAIGNS, MOST_KEYWORDS = 100, 500
"""Entities of one profile; a larger change is written in several rounds."""

QUOTAS = frozenset(
    {"sp.read", "sp.write", "exports.create", "exports.get", "profiles", "lwa"}
    | {"reporting.create", "reporting.get"}
)
"""The quota classes that the work of a plan uses."""

JOBS: Mapping[str, str] = {"reader": ".list", "exporter": ".create", "reporter": "reporting.create"}
"""The end of the operations that begin one item of a role."""


class Arrivals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Runs of one work for one group of advertisers.

    ``items`` arrive together, at one profile of the group. ``rates`` holds the runs per second in
    each minute of the day in UTC.
    """

    work: str
    role: str
    group: str
    region: str
    items: int
    rates: tuple[float, ...]

    def mean(self, begin: float, end: float) -> float:
        """Return the mean rate between two minutes of the day, which may have fractions."""
        first = min(MINUTES - 1, max(0, int(begin)))
        last = max(first + 1, min(MINUTES, ceil(end)))
        return sum(self.rates[first:last]) / (last - first)


class Advertisers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The profiles of one group, and the entities of each."""

    group: str
    region: str
    profiles: int
    campaigns: int
    keywords: int


class PlannedWork(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The work of a plan, ``scale`` times as much as the plan says.

    The event is ``minutes`` minutes of the plan's day, from the minute ``begin`` on, in UTC.
    """

    name: str
    arrivals: tuple[Arrivals, ...]
    advertisers: tuple[Advertisers, ...]
    scale: float = 1.0
    begin: float = 0.0
    minutes: float = MINUTES

    def rate(self, arrivals: Arrivals, begin: float, end: float) -> float:
        """Return the runs per second between two parts of the event, from 0 to 1."""
        first, last = (self.begin + part * self.minutes for part in (begin, end))
        return arrivals.mean(first, last) * self.scale

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions with advertisers."""
        return tuple(dict.fromkeys(each.region for each in self.advertisers))

    @property
    def shape(self) -> Shape:
        """The event as a shape: phases of the same length, levels by region."""
        lines = {
            region: [
                sum(
                    each.items * self.rate(each, place / PHASES, (place + 1) / PHASES)
                    for each in self.arrivals
                    if each.region == region
                )
                for place in range(PHASES)
            ]
            for region in self.regions
        }
        hours = self.minutes / 60
        phases = tuple(
            Phase(
                name=clock_time(self.begin + self.minutes * place / PHASES),
                regions=(region,),
                begin=hours * place / PHASES,
                end=hours * (place + 1) / PHASES,
                start_level=value / (max(line) or 1.0),
                end_level=value / (max(line) or 1.0),
            )
            for region, line in lines.items()
            for place, value in enumerate(line)
        )
        return Shape("plan", f"{self.length} of the plan {self.name!r}", hours, phases)

    @property
    def length(self) -> str:
        """The length of the event in words."""
        if self.minutes == MINUTES:
            return "the day"
        is_short = self.minutes < SHORT
        whole = f"{self.minutes * 60:.0f} s" if is_short else f"{self.minutes:.3g} minutes"
        return f"{whole} at the peak"


def clock_time(minute: float) -> str:
    """Return a minute of the day as a time."""
    at = int(minute) % MINUTES
    return f"{at // 60:02d}:{at % 60:02d} UTC"


@dataclass(frozen=True, slots=True)
class PlanFit:
    """Whether a plan's busiest minute fits its tightest quota.

    ``share`` is the part of the rate that it uses, ``headroom`` the part that may be used, ``hour``
    the time of the day in UTC. ``causes`` are the works in that minute.
    """

    plan: str
    scale: float
    quota: str
    region: str
    share: float
    headroom: float
    hour: float
    causes: tuple[str, ...]

    @property
    def used(self) -> float:
        """The part of what may be used, from 0; above 1 the plan does not fit."""
        return self.share / self.headroom

    @property
    def possible(self) -> float:
        """The factor on the plan at which it just fits."""
        return self.scale / self.used if self.used else float("inf")

    def __str__(self) -> str:
        fits = "it fits" if self.used <= 1 else "it does NOT fit"
        times = "" if self.scale == 1.0 else f" at {self.scale:.3g} times its work"
        return (
            f"plan {self.plan!r}{times}: its peak needs {self.share:.0%} of {self.quota} in "
            f"{self.region}, at {clock_time(self.hour * 60)} ({', '.join(self.causes)}); "
            f"{self.headroom:.0%} may be used: {fits}"
        )


def plan_fit(plan: VolumePlan, scale: float, contract_set: ContractSet) -> PlanFit | None:
    """Return the tightest quota of a plan; None when it makes no call."""
    fits = estimate(plan, contract_set).demand.fits
    if not fits:
        return None
    tight: QuotaFit = max(fits, key=lambda fit: fit.share)
    return PlanFit(
        plan=plan.name,
        scale=scale,
        quota=tight.quota,
        region=tight.region,
        share=tight.share * scale,
        headroom=plan.headroom,
        hour=tight.minute / 60,
        causes=tuple(name for name, _part in tight.causes[:2]),
    )


def planned_work(
    plan: VolumePlan, contract_set: ContractSet, scale: float = 1.0, seconds: float | None = None
) -> PlannedWork:
    """Return the arrivals of a plan, as on the day of the event.

    The event is the whole day, or the time around the peak of the plan that lasts ``seconds``.
    """
    arrivals = tuple(
        found
        for work in plan.work
        for group in plan.groups
        if group.name in work.groups
        for found in _arrivals(DemandContext(plan, plan.pattern, group, work, contract_set))
    )
    advertisers = tuple(_advertisers(group, arrivals, scale) for group in plan.groups)
    work = PlannedWork(plan.name, arrivals, advertisers, scale)
    fit = plan_fit(plan, scale, contract_set)
    if seconds is None or fit is None:
        return work
    minutes = min(MINUTES, seconds / 60)
    begin = min(MINUTES - minutes, max(0.0, fit.hour * 60 - LEAD * minutes))
    return replace(work, begin=begin, minutes=minutes)


def quotas_of(
    plan: VolumePlan, observed: Mapping[str, Mapping[str, float]], contract_set: ContractSet
) -> dict[str, dict[str, float]]:
    """Return the quotas of a run: observed ones first, then those of the plan, then estimates."""
    found = {
        name: {"rate": float(quota.rate), "burst": float(quota.burst)}
        for name, quota in contract_set.quotas.items()
        if name in QUOTAS
    }
    for name, rate in plan.quotas.items():
        if name not in found or found[name]["rate"] != rate:
            found[name] = {"rate": rate, "burst": max(1.0, 2 * rate)}
    return found | {name: dict(quota) for name, quota in observed.items()}


def with_rates(plan: VolumePlan, quotas: Mapping[str, Mapping[str, float]]) -> VolumePlan:
    """Return the plan with the rates of a run, so that its estimate is about the same quotas."""
    return replace(plan, quotas={name: quota["rate"] for name, quota in quotas.items()})


def _advertisers(
    group: AdvertiserGroup, arrivals: tuple[Arrivals, ...], scale: float
) -> Advertisers:
    """Return as many profiles as keep runs apart, so that no two of them share a call."""
    own = [each for each in arrivals if each.group == group.name]
    together = max(
        (max(each.rates) * (ROLES[each.role].gather + ROLES[each.role].job) for each in own),
        default=0.0,
    )
    changes = [each.items for each in own if each.role == "optimizer"]
    return Advertisers(
        group.name,
        group.region,
        max(1, min(group.count, MOST_PROFILES, ceil(together * scale * APART))),
        max(1, min(group.entities.get("campaigns", 0), MOST_CAMPAIGNS)),
        max(1, min(max(changes, default=1), MOST_KEYWORDS)),
    )


def _arrivals(context: DemandContext) -> Iterator[Arrivals]:
    """Yield the arrivals of one work for one group."""
    feature, group = features()[context.work.feature], context.group
    for role, items, times in _items(feature, context):
        if items and times:
            rates = _rates(context.work, group, context.plan, times)
            yield Arrivals(context.work.name, role, group.name, group.region, items, rates)


def _items(feature: Feature, context: DemandContext) -> Iterator[tuple[str, int, int]]:
    """Yield role, items that arrive together, and how many times, for one run."""
    kinds = {step.do for step in feature.steps}
    if "change" in kinds:
        part = 1.0 if context.pattern.unchanged else context.work.changed
        changed = sum(ceil(context.touched(step) * part) for step in feature.steps)
        yield "optimizer", changed, 1
        return
    if "create" in kinds:
        yield "builder", context.work.campaigns, 1
        return
    found = calls(feature, context)
    for role, end in JOBS.items():
        if role == "exporter" and "report" in kinds:
            continue
        yield role, 1, sum(each.count for each in found if each.operation.endswith(end))


def _rates(work: Work, group: AdvertiserGroup, plan: VolumePlan, times: int) -> tuple[float, ...]:
    """Return the runs per second in each minute of the day."""
    rates = [0.0] * MINUTES
    offset = utc_offset(group.timezone, plan.day)
    each = group.count * work.event * times / (work.spread * 60)
    for start in runs(work, plan.pattern):
        for minute in range(work.spread):
            rates[(start - offset + minute) % MINUTES] += each
    return tuple(rates)
