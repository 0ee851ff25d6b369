"""The calls of one run of a piece of work for one advertiser, under a pattern of calling.

Knows how each kind of step is reckoned. Must not know clocks, regions or quotas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.model import Contract, Operation
from adsmock.contracts.quota_weight import EXTENDED, weight_of
from adsmock.harness.volume import call_model
from adsmock.harness.volume.feature import Feature, Step
from adsmock.harness.volume.plan import Group, Pattern, VolumePlan, Work

FREE = 0
"""The file's host is no part of the API: downloads have no quota."""

FRESH = 2
"""Reports of one kind that a day needs at most; the documents advise once or twice."""


@dataclass(frozen=True, slots=True)
class Calls:
    """So many calls of one operation, each of the same weight in its quota."""

    operation: str
    count: int
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Setting:
    """All that a step is reckoned from."""

    plan: VolumePlan
    pattern: Pattern
    group: Group
    work: Work
    contract_set: ContractSet

    def touched(self, step: Step) -> int:
        """Return how many entities of the step's kind the work touches in one run."""
        return ceil(self.group.entities.get(step.count, 0) * self.work.share)

    def operation(self, step: Step, verb: str) -> Operation:
        """Return the operation by which a step does its verb."""
        return self.contract_set.operations[f"{step.resource}.{verb}"]

    def contract(self, step: Step) -> Contract:
        """Return the contract of a step's resource."""
        return self.contract_set.by_name[step.resource]


def calls(feature: Feature, setting: Setting) -> list[Calls]:
    """Return the calls of one run, those of no count left out."""
    if all(step.do == "structure" for step in feature.steps):
        found = _structure(feature.steps, setting)
    else:
        found = [one for step in feature.steps for one in _STEPS[step.do](step, setting)]
    return [one for one in found if one.count]


def runs(work: Work, pattern: Pattern) -> tuple[int, ...]:
    """Return when the work is done on a day: where a stream brings figures, reports are few."""
    if work.types and pattern.intraday == "stream" and len(work.starts) > FRESH:
        return work.starts[:: ceil(len(work.starts) / FRESH)]
    return work.starts


def reads_exports(steps: tuple[Step, ...], setting: Setting) -> bool:
    """Say whether whole accounts are read by export: as the pattern says, or as costs less."""
    if setting.pattern.structure == "auto":
        return _weight(_exports(steps, setting)) < _weight(_lists(steps, setting))
    return setting.pattern.structure == "exports"


def _structure(steps: tuple[Step, ...], setting: Setting) -> list[Calls]:
    way = _exports if reads_exports(steps, setting) else _lists
    return way(steps, setting)


def _lists(steps: tuple[Step, ...], setting: Setting) -> list[Calls]:
    found = []
    for step in steps:
        operation = setting.operation(step, "list")
        page = setting.contract(step).page
        assert page is not None, "what is listed has pages"
        size = min(setting.pattern.page or page.maximum, page.maximum)
        count = call_model.pages(setting.touched(step), size)
        weight = weight_of(operation, {EXTENDED: setting.pattern.extended})
        found.append(Calls(operation.id, count, weight))
    return found


def _exports(steps: tuple[Step, ...], setting: Setting) -> list[Calls]:
    found = []
    one = call_model.job(setting.plan.export_seconds, setting.pattern.export_poll)
    for kind in dict.fromkeys(step.export for step in steps):
        found.append(Calls(f"exports.{kind}.create", one.creations))
        found.append(Calls("exports.get", one.looks))
        found.append(Calls("storage.get", one.downloads, FREE))
    return found


def _look(step: Step, setting: Setting) -> list[Calls]:
    operation = setting.operation(step, "list")
    page = setting.contract(step).page
    assert page is not None, "what is listed has pages"
    most = setting.pattern.ids or page.maximum
    count = call_model.batches(setting.touched(step), most)
    return [Calls(operation.id, count, weight_of(operation, {EXTENDED: True}))]


def _change(step: Step, setting: Setting) -> list[Calls]:
    touched = setting.touched(step)
    items = touched if setting.pattern.unchanged else ceil(touched * setting.work.changed)
    operation = setting.operation(step, "update")
    return [Calls(operation.id, _writes(items, step, setting), operation.weight)]


def _create(step: Step, setting: Setting) -> list[Calls]:
    entities = setting.group.entities
    items = per_campaign(entities, step.count) * setting.work.campaigns
    operation = setting.operation(step, "create")
    return [Calls(operation.id, _writes(items, step, setting), operation.weight)]


def per_campaign(entities: Mapping[str, int], kind: str) -> int:
    """Return how many entities of a kind a new campaign brings: as many as those there have."""
    return round(entities.get(kind, 0) / max(1, entities.get("campaigns", 1)))


def _writes(items: int, step: Step, setting: Setting) -> int:
    most = setting.contract(step).batch_maximum
    assert most is not None, "what is written in batches has a limit"
    return call_model.batches(items, min(setting.pattern.batch or most, most))


def _report(step: Step, setting: Setting) -> list[Calls]:
    parts = call_model.batches(setting.work.days, setting.pattern.report_days)
    number = parts * len(setting.work.types)
    one = call_model.job(setting.plan.report_seconds, setting.pattern.report_poll)
    return [
        Calls(step.operation, number * one.creations),
        Calls("reporting.get", number * one.looks),
        Calls("storage.get", number * one.downloads, FREE),
    ]


def _profiles(step: Step, setting: Setting) -> list[Calls]:
    return [Calls(step.operation, 1, setting.contract_set.operations[step.operation].weight)]


def _weight(found: list[Calls]) -> int:
    return sum(one.count * one.weight for one in found)


_STEPS: dict[str, Callable[[Step, Setting], list[Calls]]] = {
    "look": _look,
    "change": _change,
    "create": _create,
    "report": _report,
    "profiles": _profiles,
}
