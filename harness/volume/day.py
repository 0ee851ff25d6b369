"""When the calls of a plan fall: bursts over the minutes of one day, UTC.

Knows time zones and cadences. Must not know quotas or what a step costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.volume import call_model
from adsmock.harness.volume.demand import Calls, Setting, calls, runs
from adsmock.harness.volume.feature import Feature, features
from adsmock.harness.volume.plan import MINUTES, Group, Pattern, VolumePlan, Work

TOKENS = "lwa.token"


@dataclass(frozen=True, slots=True)
class Burst:
    """Calls of one operation in one region, spread evenly from a minute on; ``weight`` is all."""

    region: str
    operation: str
    quota: str
    work: str
    start: int
    minutes: int
    calls: float
    weight: float

    def covers(self, minute: int) -> bool:
        """Say whether some of it falls into a minute of the day."""
        return (minute - self.start) % MINUTES < self.minutes


def bursts(
    plan: VolumePlan, pattern: Pattern, contract_set: ContractSet, *, event: bool = False
) -> list[Burst]:
    """Return all bursts of a plan's day; ``event`` takes the day of the event."""
    found = [
        burst
        for work in plan.work
        for feature in (features()[work.feature],)
        for group in _once(plan, work, feature)
        for burst in _of(Setting(plan, pattern, group, work, contract_set), feature, event=event)
    ]
    return found + list(_tokens(found, pattern, contract_set))


def _once(plan: VolumePlan, work: Work, feature: Feature) -> list[Group]:
    """Return the groups that a piece of work is done for; one a region where that is enough."""
    chosen = [group for group in plan.groups if group.name in work.groups]
    if feature.per == "advertiser":
        return chosen
    return list({group.region: group for group in chosen}.values())


def _of(setting: Setting, feature: Feature, *, event: bool) -> Iterator[Burst]:
    work, group, pattern = setting.work, setting.group, setting.pattern
    times = group.count if feature.per == "advertiser" else _repeats(pattern, group)
    factor = times * (work.event if event else 1.0) * (1.0 + pattern.resent)
    offset = utc_offset(group.timezone, setting.plan.day)
    for one in calls(feature, setting):
        for start in runs(work, pattern):
            yield Burst(
                region=group.region,
                operation=one.operation,
                quota=_quota(one, setting.contract_set),
                work=work.name,
                start=(start - offset) % MINUTES,
                minutes=work.spread,
                calls=one.count * factor,
                weight=one.count * one.weight * factor,
            )


def _repeats(pattern: Pattern, group: Group) -> int:
    """Return how often a region's profiles are read in one run: for each advertiser, or once."""
    return 1 if pattern.profiles_kept else group.count


def _quota(one: Calls, contract_set: ContractSet) -> str:
    operation = contract_set.operations.get(one.operation)
    return operation.quota if operation else ""


def utc_offset(timezone: str, day: str) -> int:
    """Return how many minutes a zone's clock is ahead of UTC at noon of a day."""
    noon = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=ZoneInfo(timezone))
    ahead = noon.utcoffset()
    assert ahead is not None, "a zone has an offset"
    return round(ahead.total_seconds() / 60)


def _tokens(found: list[Burst], pattern: Pattern, contract_set: ContractSet) -> Iterator[Burst]:
    """Give the tokens that the calls need: one a call, or one a period for all regions.

    It is asked for in the region whose call comes first.
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
