"""A plan's day, run by the reference client to check the estimate.

To this module the mock is a region like any other; the sleeper advances its time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from typing import Any

from msgspec.structs import replace

from adsmock.contracts import report_tables
from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.client import AdsClient, Branch, Sleeper
from adsmock.harness.volume import rehearsal_entities
from adsmock.harness.volume.day import utc_offset
from adsmock.harness.volume.demand import DemandContext, per_campaign, reads_exports, runs
from adsmock.harness.volume.feature import Step, features
from adsmock.harness.volume.plan import BEST, MINUTES, AdvertiserGroup, VolumePlan, Work

COLUMNS = ("impressions", "clicks", "cost")


@dataclass(slots=True)
class Advertiser:
    """One advertiser of a group: its profile and entities."""

    group: AdvertiserGroup
    profile: str
    entities: dict[str, list[dict[str, Any]]] = field(repr=False)
    rounds: int = 0


@dataclass(frozen=True, slots=True)
class RehearsalContext:
    """All inputs to a step."""

    plan: VolumePlan
    client: AdsClient
    contract_set: ContractSet
    advertiser: Advertiser
    work: Work


def small(plan: VolumePlan) -> VolumePlan:
    """Return the plan with one advertiser per group and the reference client's pattern."""
    groups = tuple(replace(group, count=1) for group in plan.groups)
    return replace(plan, groups=groups, pattern=BEST)


def rehearse(
    plan: VolumePlan,
    advertisers: Mapping[str, Advertiser],
    client: AdsClient,
    contract_set: ContractSet,
    sleeper: Sleeper,
) -> None:
    """Work through one day in order of time; actors by the name of their group.

    ``sleeper`` lets the client's own time pass.

    Raises:
        AdsError: the client could not do some of the work.
    """
    clock = client.clock
    begin = clock.now()
    for minute, work, name in _agenda(plan):
        sleeper.sleep(max(0.0, begin + minute * 60 - clock.now()))
        advertiser = advertisers[name]
        advertiser.rounds += 1
        context = RehearsalContext(plan, client, contract_set, advertiser, work)
        steps = features()[work.feature].steps
        if steps[0].do == "structure":
            _structure(steps, context)
            continue
        for step in steps:
            _STEPS[step.do](step, context)


def _agenda(plan: VolumePlan) -> list[tuple[int, Work, str]]:
    """Return what is due, by minute of the day in UTC."""
    due = []
    for work in plan.work:
        chosen = [group for group in plan.groups if group.name in work.groups]
        if features()[work.feature].per == "region":
            chosen = list({group.region: group for group in chosen}.values())
        for group in chosen:
            offset = utc_offset(group.timezone, plan.day)
            times = ((start - offset) % MINUTES for start in runs(work, plan.pattern))
            due += [(minute, work, group.name) for minute in times]
    return sorted(due, key=lambda each: each[0])


def _structure(steps: tuple[Step, ...], context: RehearsalContext) -> None:
    setting = DemandContext(
        context.plan,
        context.plan.pattern,
        context.advertiser.group,
        context.work,
        context.contract_set,
    )
    if reads_exports(steps, setting):
        for kind in dict.fromkeys(step.export for step in steps):
            context.client.export(kind, context.advertiser.profile)
        return
    for step in steps:
        context.client.list(step.resource, context.advertiser.profile)


def _profiles(step: Step, context: RehearsalContext) -> None:
    del step
    context.client.list_profiles(context.advertiser.group.region)


def _read_by_id(step: Step, context: RehearsalContext) -> None:
    contract = context.contract_set.by_name[step.resource]
    assert contract.identity is not None, "resources with a list filter have ids"
    chosen = _chosen(step, context, context.work.share)
    filters = {
        contract.identity.selector: {"include": [each[contract.identity.field] for each in chosen]},
        "includeExtendedDataFields": True,
    }
    if chosen:
        context.client.list(step.resource, context.advertiser.profile, filters)


def _change(step: Step, context: RehearsalContext) -> None:
    contract = context.contract_set.by_name[step.resource]
    assert contract.identity is not None, "resources with an update have ids"
    key = contract.identity.field
    amount = context.advertiser.rounds / 100
    items = [
        {key: each[key], **_new(each, amount)}
        for each in _chosen(step, context, context.work.share * context.work.changed)
    ]
    if items:
        context.client.update(step.resource, context.advertiser.profile, items)


def _new(entity: Mapping[str, Any], amount: float) -> dict[str, Any]:
    """Return a value that no earlier round wrote."""
    if "budget" in entity:
        return {
            "budget": {"budget": round(rehearsal_entities.DAILY + amount, 2), "budgetType": "DAILY"}
        }
    return {"bid": round(rehearsal_entities.BID + amount, 2)}


def _chosen(step: Step, context: RehearsalContext, share: float) -> list[dict[str, Any]]:
    held = context.advertiser.entities[step.resource]
    return held[: ceil(round(len(held) * share, 6))]


def _create(step: Step, context: RehearsalContext) -> None:
    """Create whole trees in the first step, which covers the following steps."""
    if step.count != "campaigns":
        return
    counts, round_ = context.advertiser.group.entities, context.advertiser.rounds
    groups = per_campaign(counts, "ad_groups")
    trees = [
        {
            **rehearsal_entities.campaign(f"Event {round_}.{number}"),
            "adGroups": [_branch(counts, groups, at, number) for at in range(groups)],
        }
        for number in range(context.work.campaigns)
    ]
    branches: list[Branch] = context.client.create_tree(context.advertiser.profile, trees)
    assert branches, "each tree has an outcome"


def _branch(counts: Mapping[str, int], groups: int, at: int, number: int) -> dict[str, Any]:
    """Return one ad group with its part of a campaign's entities."""

    def part(kind: str) -> range:
        whole = per_campaign(counts, kind)
        return range(at * whole // groups, (at + 1) * whole // groups)

    return {
        **rehearsal_entities.ad_group(at),
        "productAds": [rehearsal_entities.ad(number * MINUTES + each) for each in part("ads")],
        "keywords": [rehearsal_entities.keyword(each) for each in part("keywords")],
    }


def _report(step: Step, context: RehearsalContext) -> None:
    del step
    last = date.fromisoformat(context.plan.day) - timedelta(days=1 + context.advertiser.rounds % 7)
    first = last - timedelta(days=context.work.days - 1)
    types = report_tables.types()
    for name in context.work.types:
        args = {
            "reportTypeId": name,
            "startDate": first.isoformat(),
            "endDate": last.isoformat(),
            "columns": ["date", *COLUMNS],
            "groupBy": [next(iter(types[name]["groups"]))],
        }
        context.client.report(context.advertiser.profile, args)


_STEPS: dict[str, Callable[[Step, RehearsalContext], None]] = {
    "read": _read_by_id,
    "change": _change,
    "create": _create,
    "report": _report,
    "profiles": _profiles,
}
