"""The check of work that was done otherwise than a task asks: other values, other entities.

Missing work is that of ``lost_work``. A value counts as kept when one write or one answer shows it:
a program may create an entity paused and enable it later. So does one that was refused for good: a
program may try another value then. One that was only throttled has to be sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from json import dumps
from typing import Any

from adsmock.harness.suite.checks.altered_report import altered_days, altered_export
from adsmock.harness.suite.checks.finding import Finding, broken, counted, holds, rows, unproven
from adsmock.harness.suite.checks.lost_changes import entities_to_modify
from adsmock.harness.suite.checks.settled import agrees
from adsmock.harness.suite.checks.uninvited import uninvited_writes
from adsmock.harness.suite.checks.written import SEEN, Written, written_by_id, written_to
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import name_of, own_id
from adsmock.harness.suite.scope import TREE

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """One piece of work that was done: how it differs from its task, empty if it does not."""

    difference: str = ""
    calls: tuple[Entry, ...] = ()


def work_is_as_asked(view: CaseView) -> Finding:
    """Hold when what was written and requested for the tasks has their values, and nothing else."""
    if view.is_free or not view.record.tasks:
        return unproven("the client did its own work, without tasks")
    done = [one for task in view.record.tasks for one in _compared(view, task)]
    done += [Compared(text, (call,)) for call, text in uninvited_writes(view)]
    wrong = [one for one in done if one.difference]
    numbers: dict[str, Any] = {"compared": len(done), "altered": len(wrong)}
    if wrong:
        calls = {call.seq: call for one in wrong for call in one.calls}
        return broken(
            f"{len(wrong)} of {counted(len(done), 'piece')} of work not as the tasks ask: "
            f"{wrong[0].difference}",
            rows(calls.values(), "not as the task asks"),
            **numbers,
        )
    if not done:
        return unproven("the journal shows no work whose values the tasks give")
    return holds(f"{counted(len(done), 'piece')} of work, each as the tasks ask", **numbers)


def _compared(view: CaseView, task: dict[str, Any]) -> Iterator[Compared]:
    """Yield the pieces of a task that the journal shows as done."""
    finder = FINDERS.get(task["verb"])
    return finder(view, task["args"]) if finder else iter(())


def _creates(view: CaseView, args: dict[str, Any]) -> Iterator[Compared]:
    for item in args["items"]:
        yield from _entity(view, str(args["profile"]), args["resource"], item)


def _trees(view: CaseView, args: dict[str, Any]) -> Iterator[Compared]:
    for campaign in args["campaigns"]:
        yield from _tree(view, str(args["profile"]), "sp.campaigns", campaign)


def _tree(view: CaseView, profile: str, resource: str, entity: Item) -> Iterator[Compared]:
    own = {name: value for name, value in entity.items() if name not in TREE}
    yield from _entity(view, profile, resource, own)
    for member, below in TREE.items():
        for child in entity.get(member, ()):
            yield from _tree(view, profile, below, child)


def _entity(view: CaseView, profile: str, resource: str, item: Item) -> Iterator[Compared]:
    """Yield the comparison of a created entity with the task's; none where it was not created."""
    name = name_of(item)
    own = view.record.created.get(profile, {}).get(resource, ())
    stored = [Written(each, None) for each in own if name_of(each) == name]
    if stored:
        sent = written_to(view, profile, resource, "create")
        same = [each for each in _settled(sent) if name_of(each.item) == name]
        yield _difference(f'"{name}" of {resource}', item, [*same, *stored])


def _updates(view: CaseView, args: dict[str, Any]) -> Iterator[Compared]:
    by_id = {own_id(args["resource"], item): item for item in args["items"]}
    return _changes(view, args, by_id)


def _modifications(view: CaseView, args: dict[str, Any]) -> Iterator[Compared]:
    wanted = args.get("set")
    due = entities_to_modify(view, args) if wanted else {}
    return _changes(view, args, dict.fromkeys(due, wanted or {}))


def _changes(view: CaseView, args: dict[str, Any], wanted: dict[str, Item]) -> Iterator[Compared]:
    """Yield the comparisons of entities that were updated with the values of the task."""
    resource, profile = args["resource"], str(args["profile"])
    if not resource.startswith(SEEN):
        return
    sent = written_by_id(view, profile, resource, "update")
    read = written_by_id(view, profile, resource, "list") if sent else {}
    for name, item in wanted.items():
        if any(each.is_stored for each in sent.get(name, ())):
            shown = [*_settled(sent[name]), *read.get(name, ())]
            yield _difference(f"{name} of {resource}", item, shown)


def _settled(sent: list[Written]) -> list[Written]:
    return [each for each in sent if each.is_stored or each.is_refused]


def _difference(what: str, wanted: Item, shown: list[Written]) -> Compared:
    """Return how an entity differs from the wanted one in all that was shown of it."""
    for name, value in wanted.items():
        if any(agrees(value, each.item.get(name)) for each in shown):
            continue
        other = next((each.item[name] for each in shown if name in each.item), None)
        calls = tuple(each.call for each in shown if each.call is not None)
        return Compared(f"{what} has {name} {dumps(other)} instead of {dumps(value)}", calls)
    return Compared()


def _reports(view: CaseView, args: dict[str, Any]) -> Iterator[Compared]:
    for each in args.get("reports", [args] if "startDate" in args else ()):
        found = altered_days(view, each)
        if found is not None:
            yield Compared(*found)


def _exports(view: CaseView, args: dict[str, Any]) -> Iterator[Compared]:
    found = altered_export(view, args)
    if found is not None:
        yield Compared(*found)


FINDERS: dict[str, Callable[[CaseView, dict[str, Any]], Iterator[Compared]]] = {
    "create": _creates,
    "create_tree": _trees,
    "update": _updates,
    "modify": _modifications,
    "export": _exports,
    "exports": _exports,
    "report": _reports,
    "reports": _reports,
}
"""The verbs whose tasks give values that the journal shows."""

JUDGES = (work_is_as_asked,)
