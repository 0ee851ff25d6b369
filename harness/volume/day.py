"""The times of a plan's calls: bursts over the minutes of one day, in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.volume import call_model
from adsmock.harness.volume.demand import Calls, DemandContext, calls, runs
from adsmock.harness.volume.feature import Feature, features
from adsmock.harness.volume.plan import MINUTES, AdvertiserGroup, Pattern, VolumePlan, Work

TOKENS = "lwa.token"


@dataclass(frozen=True, slots=True)
class Burst:
    """Calls of one operation in one region, spread evenly over ``minutes`` from ``start``.

    ``weight`` is the total of all calls.
    """

    region: str
    operation: str
    quota: str
    work: str
    start: int
    minutes: int
    calls: float
    weight: float

    def covers(self, minute: int) -> bool:
        """Return whether the burst includes a minute of the day."""
        return (minute - self.start) % MINUTES < self.minutes


def bursts(
    plan: VolumePlan, pattern: Pattern, contract_set: ContractSet, *, event: bool = False
) -> list[Burst]:
    """Return all bursts of a plan's day; ``event`` selects the day of the event."""
    found = [
        burst
        for work in plan.work
        for feature in (features()[work.feature],)
        for group in _once(plan, work, feature)
        for burst in _of(
            DemandContext(plan, pattern, group, work, contract_set), feature, event=event
        )
    ]
    return found + list(_tokens(found, pattern, contract_set))


def _once(plan: VolumePlan, work: Work, feature: Feature) -> list[AdvertiserGroup]:
    """Return the groups of a work; one per region where that is enough."""
    chosen = [group for group in plan.groups if group.name in work.groups]
    if feature.per == "advertiser":
        return chosen
    return list({group.region: group for group in chosen}.values())


def _of(context: DemandContext, feature: Feature, *, event: bool) -> Iterator[Burst]:
    work, group, pattern = context.work, context.group, context.pattern
    times = group.count if feature.per == "advertiser" else _repeats(pattern, group)
    factor = times * (work.event if event else 1.0) * (1.0 + pattern.resent)
    offset = utc_offset(group.timezone, context.plan.day)
    for call in calls(feature, context):
        for start in runs(work, pattern):
            yield Burst(
                region=group.region,
                operation=call.operation,
                quota=_quota(call, context.contract_set),
                work=work.name,
                start=(start - offset) % MINUTES,
                minutes=work.spread,
                calls=call.count * factor,
                weight=call.count * call.weight * factor,
            )


def _repeats(pattern: Pattern, group: AdvertiserGroup) -> int:
    """Return how often one run reads a region's profiles: once, or once per advertiser."""
    return 1 if pattern.profiles_kept else group.count


def _quota(each: Calls, contract_set: ContractSet) -> str:
    operation = contract_set.operations.get(each.operation)
    return operation.quota if operation else ""


def utc_offset(timezone: str, day: str) -> int:
    """Return a time zone's offset from UTC in minutes, at noon of a day."""
    noon = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=ZoneInfo(timezone))
    ahead = noon.utcoffset()
    assert ahead is not None, "a time zone has an offset"
    return round(ahead.total_seconds() / 60)


def _tokens(found: list[Burst], pattern: Pattern, contract_set: ContractSet) -> Iterator[Burst]:
    """Yield the token requests of the calls: one per call, or one per period for all regions.

    A period's token is requested in the region of its first call.
    """
    quota = contract_set.operations[TOKENS].quota
    own = [burst for burst in found if burst.quota]
    if pattern.token_minutes == 0:
        for each in own:
            yield replace(each, operation=TOKENS, quota=quota, weight=each.calls)
        return
    busy: dict[int, str] = {}
    for each in own:
        for at in range(each.minutes):
            busy.setdefault((each.start + at) % MINUTES, each.region)
    for minute in call_model.renewals(sorted(busy), pattern.token_minutes):
        yield Burst(busy[minute], TOKENS, quota, "tokens", minute, 1, 1.0, 1.0)
