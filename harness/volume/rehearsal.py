"""A day of a plan, worked through by the reference client: the estimate put to the test.

Knows plans, features and the client's verbs. Must not know the mock: to this module it is a region
like any other, whose time passes as its sleeper says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import ceil
from typing import Any

from adsmock.contracts import report_tables
from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.client import AdsClient, Branch, Sleeper
from adsmock.harness.volume import rehearsal_entities
from adsmock.harness.volume.day import utc_offset
from adsmock.harness.volume.demand import Setting, per_campaign, reads_exports, runs
from adsmock.harness.volume.feature import Step, features
from adsmock.harness.volume.plan import BEST, MINUTES, Group, VolumePlan, Work

COLUMNS = ("impressions", "clicks", "cost")


@dataclass(slots=True)
class Actor:
    """One advertiser of a group: its profile and what it holds."""

    group: Group
    profile: str
    stock: dict[str, list[dict[str, Any]]] = field(repr=False)
    rounds: int = 0


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a step is worked off with."""

    plan: VolumePlan
    client: AdsClient
    contract_set: ContractSet
    actor: Actor
    work: Work


def small(plan: VolumePlan) -> VolumePlan:
    """Return the plan with one advertiser of each group, called as the reference client calls."""
    groups = tuple(replace(group, count=1) for group in plan.groups)
    return replace(plan, groups=groups, pattern=BEST)


def rehearse(
    plan: VolumePlan,
    actors: Mapping[str, Actor],
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
        actor = actors[name]
        actor.rounds += 1
        scene = Scene(plan, client, contract_set, actor, work)
        steps = features()[work.feature].steps
        if steps[0].do == "structure":
            _structure(steps, scene)
            continue
        for step in steps:
            _STEPS[step.do](step, scene)


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
    return sorted(due, key=lambda one: one[0])


def _structure(steps: tuple[Step, ...], scene: Scene) -> None:
    setting = Setting(
        scene.plan, scene.plan.pattern, scene.actor.group, scene.work, scene.contract_set
    )
    if reads_exports(steps, setting):
        for kind in dict.fromkeys(step.export for step in steps):
            scene.client.export(kind, scene.actor.profile)
        return
    for step in steps:
        scene.client.list(step.resource, scene.actor.profile)


def _profiles(step: Step, scene: Scene) -> None:
    del step
    scene.client.list_profiles(scene.actor.group.region)


def _look(step: Step, scene: Scene) -> None:
    contract = scene.contract_set.by_name[step.resource]
    assert contract.identity is not None, "what is looked at has an id"
    chosen = _chosen(step, scene, scene.work.share)
    filters = {
        contract.identity.selector: {"include": [one[contract.identity.field] for one in chosen]},
        "includeExtendedDataFields": True,
    }
    if chosen:
        scene.client.list(step.resource, scene.actor.profile, filters)


def _change(step: Step, scene: Scene) -> None:
    contract = scene.contract_set.by_name[step.resource]
    assert contract.identity is not None, "what is changed has an id"
    key = contract.identity.field
    amount = scene.actor.rounds / 100
    items = [
        {key: one[key], **_new(one, amount)}
        for one in _chosen(step, scene, scene.work.share * scene.work.changed)
    ]
    if items:
        scene.client.update(step.resource, scene.actor.profile, items)


def _new(entity: Mapping[str, Any], amount: float) -> dict[str, Any]:
    """Return a value that has not been written before, in the round of this amount."""
    if "budget" in entity:
        return {
            "budget": {"budget": round(rehearsal_entities.DAILY + amount, 2), "budgetType": "DAILY"}
        }
    return {"bid": round(rehearsal_entities.BID + amount, 2)}


def _chosen(step: Step, scene: Scene, share: float) -> list[dict[str, Any]]:
    held = scene.actor.stock[step.resource]
    return held[: ceil(round(len(held) * share, 6))]


def _create(step: Step, scene: Scene) -> None:
    """Create whole trees at the first step; the steps below it are then done."""
    if step.count != "campaigns":
        return
    counts, round_ = scene.actor.group.entities, scene.actor.rounds
    groups = per_campaign(counts, "ad_groups")
    trees = [
        {
            **rehearsal_entities.campaign(f"Event {round_}.{number}"),
            "adGroups": [_branch(counts, groups, at, number) for at in range(groups)],
        }
        for number in range(scene.work.campaigns)
    ]
    branches: list[Branch] = scene.client.create_tree(scene.actor.profile, trees)
    assert branches, "each tree has its outcome"


def _branch(counts: Mapping[str, int], groups: int, at: int, number: int) -> dict[str, Any]:
    """Return one ad group with its part of what a campaign brings."""

    def part(kind: str) -> range:
        whole = per_campaign(counts, kind)
        return range(at * whole // groups, (at + 1) * whole // groups)

    return {
        **rehearsal_entities.ad_group(at),
        "productAds": [rehearsal_entities.ad(number * MINUTES + one) for one in part("ads")],
        "keywords": [rehearsal_entities.keyword(one) for one in part("keywords")],
    }


def _report(step: Step, scene: Scene) -> None:
    del step
    last = date.fromisoformat(scene.plan.day) - timedelta(days=1 + scene.actor.rounds % 7)
    first = last - timedelta(days=scene.work.days - 1)
    types = report_tables.types()
    for name in scene.work.types:
        args = {
            "reportTypeId": name,
            "startDate": first.isoformat(),
            "endDate": last.isoformat(),
            "columns": ["date", *COLUMNS],
            "groupBy": [next(iter(types[name]["groups"]))],
        }
        scene.client.report(scene.actor.profile, args)


_STEPS: dict[str, Callable[[Step, Scene], None]] = {
    "look": _look,
    "change": _change,
    "create": _create,
    "report": _report,
    "profiles": _profiles,
}
