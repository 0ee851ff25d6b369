"""The checks of lost and doubled work: what the tasks ask for, compared with what was done.

Work is lost when a task asks for it, the client never did it, and neither the mock nor the client
explains it: no permanent refusal, no fault that never ends, no failure that the client reports. A
client reports a failure by its claims, or by an exit code other than 0; one that the suite stopped
reports nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from adsmock.harness.suite.checks.calls_about import calls_about
from adsmock.harness.suite.checks.claim import CHILDREN, is_last_page
from adsmock.harness.suite.checks.file_work import lost_files
from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    inconclusive,
    quote,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.lost_changes import (
    lost_archives,
    lost_modifications,
    lost_raises,
    lost_recommendations,
    lost_updates,
)
from adsmock.harness.suite.checks.missing_calls import lost_calls
from adsmock.harness.suite.checks.missing_execution import lost_execution, lost_schedule
from adsmock.harness.suite.checks.settled import Lost, is_final
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import batch, name_of
from adsmock.harness.suite.journal.labels import labels
from adsmock.harness.suite.journal.view import filter_key

SHOWN = 3
"""Pieces that a sentence names."""

NAMING_VERBS = ("create", "create_tree")
"""The verbs whose lost pieces are names of entities."""

Task = dict[str, Any]
Node = tuple[str, str]
"""Resource and name of one intended entity."""


def work_is_not_lost(view: CaseView) -> Finding:
    """Hold when all work of the tasks was done, was refused for good, or is reported as failed."""
    if not view.record.tasks:
        return unproven("the client did its own work, without tasks")
    judged = [(number, task) for number, task in enumerate(view.record.tasks)]
    lost: list[tuple[int, Task, list[str]]] = []
    intended = 0
    for number, task in judged:
        missing, total = _missing(view, task)
        intended += total
        excused = _reported(view, number, total)
        if len(missing) > excused:
            lost.append((number, task, missing))
    if not intended:
        return unproven("no task has a result that the journal can show")
    numbers: dict[str, Any] = {"intended": intended, "lost": sum(len(call) for *_, call in lost)}
    if lost and view.record.ending.timed_out:
        number, task, missing = lost[0]
        task_words = "" if view.is_free else f" of {_named(view, number, task)}"
        return inconclusive(
            "adsmock stopped the client at its time limit, before it did this work or reported it "
            f"as failed: {_words(task, missing)}{task_words}; let it end by itself, or give it "
            "more time with --timeout",
            **numbers,
        )
    if lost:
        number, task, missing = lost[0]
        return broken(
            f"{_named(view, number, task)}{_of_profile(view, task)} lost {_words(task, missing)}: "
            "never done, not refused for good and not reported as failed",
            calls_about(view, task, missing),
            **numbers,
        )
    return holds(f"{counted(intended, 'piece')} of work, none lost", **numbers)


def _words(task: Task, missing: list[str]) -> str:
    """Return lost pieces: names of entities are quoted, descriptions of work are not."""
    if task["verb"] in NAMING_VERBS:
        return quote(missing)
    listed = list(dict.fromkeys(missing))
    more = f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return ", ".join(listed[:SHOWN]) + more


def _named(view: CaseView, number: int, task: Task) -> str:
    """Return a task by its number and verb; a program at its own work knows no numbers."""
    if not view.is_free:
        return f"task {number + 1} ({task['verb']})"
    resource = task["args"].get("resource")
    return f"the {task['verb']} of {resource}" if resource else f"the {task['verb']}"


def _of_profile(view: CaseView, task: Task) -> str:
    """Return the profile of a task with its preposition, empty for a task without one."""
    if "profile" not in task["args"]:
        return ""
    own = str(task["args"]["profile"])
    label = labels(view.record.profiles).get(own)
    return f" of profile {label} ({own})" if label else f" of profile {own}"


def _reported(view: CaseView, number: int, total: int) -> int:
    """Return how many pieces of a task the client reports as failed.

    The exit code of a client that the suite stopped is that of the stop.
    """
    ending = view.record.ending
    if ending.exit_code and not ending.timed_out:
        return total
    claim = next((each for each in ending.claims if each.get("task") == number), None)
    if claim is None:
        return total if ending.error else 0
    if claim["status"] == "done":
        return 0
    if claim["status"] == "partial":
        return int(claim.get("failed", total))
    return total


def _missing(view: CaseView, task: Task) -> Lost:
    """Return the pieces of a task that were lost, and the number of all its pieces."""
    verb, args = task["verb"], task["args"]
    if verb in FINDERS:
        return FINDERS[verb](view, args)
    if verb in FILE_VERBS:
        return lost_files(view, verb, args, lambda call: _ends_a_job(view, call))
    return lost_calls(view, verb, args)


def _lost_creates(view: CaseView, args: dict[str, Any]) -> Lost:
    nodes = [(args["resource"], name_of(item)) for item in args["items"]]
    return _unmade(view, str(args["profile"]), nodes), len(nodes)


def _lost_trees(view: CaseView, args: dict[str, Any]) -> Lost:
    return _unmade_tree(view, str(args["profile"]), args["campaigns"])


def _lost_list(view: CaseView, args: dict[str, Any]) -> Lost:
    return ([] if _is_read(view, args) else [f"the complete list of {args['resource']}"]), 1


FINDERS: dict[str, Callable[[CaseView, dict[str, Any]], Lost]] = {
    "create": _lost_creates,
    "create_tree": _lost_trees,
    "list": _lost_list,
    "update": lost_updates,
    "modify": lost_modifications,
    "archive": lost_archives,
    "apply_recommendations": lost_recommendations,
    "raise_budgets": lost_raises,
    "run_workflow": lost_execution,
    "schedule_workflow": lost_schedule,
}
"""The verbs whose work takes more to find than calls that name it."""

FILE_VERBS = ("export", "exports", "report", "reports", "sync_metadata")


def _unmade(view: CaseView, profile: str, nodes: list[Node]) -> list[str]:
    """Return the names of entities that were not created, without an explanation."""
    done = _explained(view, profile)
    return [name for resource, name in nodes if (resource, name) not in done]


def _unmade_tree(
    view: CaseView, profile: str, campaigns: list[dict[str, Any]]
) -> tuple[list[str], int]:
    """Return the lost entities of trees: an entity below one that does not exist is explained."""
    existing, explained = _existing(view, profile), _explained(view, profile)
    lost: list[str] = []
    total = 0

    def visit(resource: str, entity: dict[str, Any]) -> None:
        nonlocal total
        total += 1
        node = (resource, name_of(entity))
        if node not in explained:
            lost.append(node[1])
        if node in existing:
            for child_resource, child in _children(entity):
                visit(child_resource, child)

    for campaign in campaigns:
        visit("sp.campaigns", campaign)
    return lost, total


def _children(entity: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for member, resource in CHILDREN.items():
        for child in entity.get(member, ()):
            yield resource, child


def _existing(view: CaseView, profile: str) -> set[Node]:
    """Return the entities that the client created or that an answer shows."""
    found = {
        (resource, name_of(entity))
        for resource, entities in view.record.created.get(profile, {}).items()
        for entity in entities
    }
    for call in view.api:
        if call.profile_id != profile or not call.is_success:
            continue
        resource, _, verb = call.operation.rpartition(".")
        if verb == "list" and isinstance(call.reply, dict):
            lists = [each for each in call.reply.values() if isinstance(each, list)]
            found |= {
                (resource, name_of(each))
                for part in lists
                for each in part
                if isinstance(each, dict)
            }
        sent = batch(call) if verb == "create" else None
        if sent:
            found |= {(resource, name_of(sent.items[index])) for index in sent.success}
    return found


def _explained(view: CaseView, profile: str) -> set[Node]:
    """Return the entities that exist, and those whose creation was refused for good."""
    found = _existing(view, profile)
    for call in view.of_verb("create"):
        sent = batch(call)
        if sent is None or call.profile_id != profile:
            continue
        resource = call.operation.removesuffix(".create")
        for index, item in enumerate(sent.items):
            if is_final(call, sent.errors_of(index) if index in sent.error else ()):
                found.add((resource, name_of(item)))
    return found


def _is_read(view: CaseView, args: dict[str, Any]) -> bool:
    """Say whether a list was read to its end, could not be read, or came from another source."""
    profile, operation = str(args["profile"]), f"{args['resource']}.list"
    by_operation = view.api_by_operation
    others = [name for one, name in by_operation if one == profile and not name.startswith("sp.")]
    if any(call.is_success for name in others for call in by_operation[profile, name]):
        return True  # an export or another API has the same data
    fitting = _fitting(view, profile, operation, dict(args.get("filter") or {}))
    if any(is_final(call, ()) for call in fitting):
        return True
    return any(is_last_page(call) for call in fitting)


def _fitting(
    view: CaseView, profile: str, operation: str, wanted: dict[str, Any]
) -> tuple[Entry, ...]:
    """Return the calls whose filters, if they have any, are among the wanted ones.

    They are found by their first filter: a case may have hundreds of tasks and as many calls.
    """
    names = view.filter_names.get((profile, operation), frozenset())
    if not names & wanted.keys():
        return view.api_by_operation.get((profile, operation), ())  # the client filters by itself
    firsts = (None, *(filter_key(*each) for each in wanted.items()))
    calls = [
        call for first in firsts for call in view.api_by_filter.get((profile, operation, first), ())
    ]
    return tuple(call for call in calls if view.filters.get(call.seq, {}).items() <= wanted.items())


def _ends_a_job(view: CaseView, call: Entry) -> bool:
    """Say whether a call shows that its job can never be finished."""
    return call.fault_id in view.lasting or is_final(call, ())


def work_is_not_doubled(view: CaseView) -> Finding:
    """Hold when no entity was created twice, or in addition to those of the tasks."""
    wanted: Counter[tuple[str, str, str]] = Counter()
    for task in view.record.tasks:
        profile = str(task["args"].get("profile", ""))
        wanted.update((profile, *node) for node in _intended(task))
    if not wanted:
        return unproven("no task creates anything")
    made = Counter(
        (profile, resource, name_of(entity))
        for profile, resources in view.record.created.items()
        for resource, entities in resources.items()
        for entity in entities
    )
    extra = sorted((made - wanted).elements())
    numbers: dict[str, Any] = {"wanted": wanted.total(), "made": made.total(), "extra": len(extra)}
    if extra:
        names = {name for *_, name in extra}
        calls = [
            call
            for call in view.of_verb("create")
            if (sent := batch(call)) and names & {name_of(item) for item in sent.items}
        ]
        source = "that the program sent" if view.is_free else "of the tasks"
        return broken(
            f"{counted(len(extra), 'entity')} created in addition to the {wanted.total()} "
            f"{source}: {quote(name for *_, name in extra)}",
            rows(calls or view.of_verb("create"), "creates it"),
            **numbers,
        )
    if not made:
        return unproven("nothing was created")
    return holds(f"{counted(made.total(), 'entity')} created, none twice", **numbers)


def _intended(task: Task) -> Iterator[Node]:
    args = task["args"]
    if task["verb"] == "create":
        yield from ((args["resource"], name_of(item)) for item in args["items"])
    if task["verb"] == "create_tree":
        for campaign in args["campaigns"]:
            yield from _tree("sp.campaigns", campaign)


def _tree(resource: str, entity: dict[str, Any]) -> Iterator[Node]:
    yield resource, name_of(entity)
    for child_resource, child in _children(entity):
        yield from _tree(child_resource, child)


JUDGES = (work_is_not_doubled, work_is_not_lost)
