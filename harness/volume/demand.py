"""The calls of one run of work for one advertiser, with a call pattern."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.model import Contract, Operation
from adsmock.contracts.quota_weight import EXTENDED, weight_of
from adsmock.harness.volume import call_model
from adsmock.harness.volume.feature import Feature, Step
from adsmock.harness.volume.plan import AdvertiserGroup, Pattern, VolumePlan, Work

FREE = 0
"""Weight of downloads: the file host is not part of the API and has no quota."""

FRESH = 2
"""Reports of one kind per day; the documentation advises one or two."""


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of one operation; ``weight`` is the quota weight of each."""

    operation: str
    count: int
    weight: int = 1


@dataclass(frozen=True, slots=True)
class DemandContext:
    """All inputs to the calculation of a step."""

    plan: VolumePlan
    pattern: Pattern
    group: AdvertiserGroup
    work: Work
    contract_set: ContractSet

    def touched(self, step: Step) -> int:
        """Return how many entities of the step's kind one run touches."""
        return ceil(self.group.entities.get(step.count, 0) * self.work.share)

    def operation(self, step: Step, verb: str) -> Operation:
        """Return the operation of a step's resource for a verb."""
        return self.contract_set.operations[f"{step.resource}.{verb}"]

    def contract(self, step: Step) -> Contract:
        """Return the contract of a step's resource."""
        return self.contract_set.by_name[step.resource]


def calls(feature: Feature, context: DemandContext) -> list[Calls]:
    """Return the calls of one run, without empty counts."""
    if all(step.do == "structure" for step in feature.steps):
        found = _structure(feature.steps, context)
    else:
        found = [each for step in feature.steps for each in _STEPS[step.do](step, context)]
    return [each for each in found if each.count]


def runs(work: Work, pattern: Pattern) -> tuple[int, ...]:
    """Return the start minutes of a day; with a stream, only a few report runs remain."""
    if work.types and pattern.intraday == "stream" and len(work.starts) > FRESH:
        return work.starts[:: ceil(len(work.starts) / FRESH)]
    return work.starts


def reads_exports(steps: tuple[Step, ...], context: DemandContext) -> bool:
    """Return whether whole accounts are read by export: by pattern, or whichever costs less."""
    if context.pattern.structure == "auto":
        return _weight(_exports(steps, context)) < _weight(_lists(steps, context))
    return context.pattern.structure == "exports"


def _structure(steps: tuple[Step, ...], context: DemandContext) -> list[Calls]:
    way = _exports if reads_exports(steps, context) else _lists
    return way(steps, context)


def _lists(steps: tuple[Step, ...], context: DemandContext) -> list[Calls]:
    found = []
    for step in steps:
        operation = context.operation(step, "list")
        page = context.contract(step).page
        assert page is not None, "resources with a list operation have pages"
        size = min(context.pattern.page or page.maximum, page.maximum)
        count = call_model.pages(context.touched(step), size)
        weight = weight_of(operation, {EXTENDED: context.pattern.extended})
        found.append(Calls(operation.id, count, weight))
    return found


def _exports(steps: tuple[Step, ...], context: DemandContext) -> list[Calls]:
    found = []
    job = call_model.job(context.plan.export_seconds, context.pattern.export_poll)
    for kind in dict.fromkeys(step.export for step in steps):
        found.append(Calls(f"exports.{kind}.create", job.creations))
        found.append(Calls("exports.get", job.polls))
        found.append(Calls("storage.get", job.downloads, FREE))
    return found


def _read_by_id(step: Step, context: DemandContext) -> list[Calls]:
    operation = context.operation(step, "list")
    page = context.contract(step).page
    assert page is not None, "resources with a list operation have pages"
    most = context.pattern.ids or page.maximum
    count = call_model.batches(context.touched(step), most)
    return [Calls(operation.id, count, weight_of(operation, {EXTENDED: True}))]


def _change(step: Step, context: DemandContext) -> list[Calls]:
    touched = context.touched(step)
    items = touched if context.pattern.unchanged else ceil(touched * context.work.changed)
    operation = context.operation(step, "update")
    return [Calls(operation.id, _writes(items, step, context), operation.weight)]


def _create(step: Step, context: DemandContext) -> list[Calls]:
    entities = context.group.entities
    items = per_campaign(entities, step.count) * context.work.campaigns
    operation = context.operation(step, "create")
    return [Calls(operation.id, _writes(items, step, context), operation.weight)]


def per_campaign(entities: Mapping[str, int], kind: str) -> int:
    """Return how many entities of a kind a new campaign has: the average of the existing ones."""
    return round(entities.get(kind, 0) / max(1, entities.get("campaigns", 1)))


def _writes(items: int, step: Step, context: DemandContext) -> int:
    most = context.contract(step).batch_maximum
    assert most is not None, "resources that are written in batches have a limit"
    return call_model.batches(items, min(context.pattern.batch or most, most))


def _report(step: Step, context: DemandContext) -> list[Calls]:
    parts = call_model.batches(context.work.days, context.pattern.report_days)
    number = parts * len(context.work.types)
    job = call_model.job(context.plan.report_seconds, context.pattern.report_poll)
    return [
        Calls(step.operation, number * job.creations),
        Calls("reporting.get", number * job.polls),
        Calls("storage.get", number * job.downloads, FREE),
    ]


def _profiles(step: Step, context: DemandContext) -> list[Calls]:
    return [Calls(step.operation, 1, context.contract_set.operations[step.operation].weight)]


def _weight(found: list[Calls]) -> int:
    return sum(each.count * each.weight for each in found)


_STEPS: dict[str, Callable[[Step, DemandContext], list[Calls]]] = {
    "read": _read_by_id,
    "change": _change,
    "create": _create,
    "report": _report,
    "profiles": _profiles,
}
