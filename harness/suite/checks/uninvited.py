"""Writes to entities that no task names: a filter that was ignored, an id of another entity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adsmock.harness.suite.checks.archive import archived
from adsmock.harness.suite.checks.settled import agrees
from adsmock.harness.suite.checks.written import SEEN, sent_by, written_by_id
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import batch, own_id

ARCHIVED = "ARCHIVED"
CAMPAIGNS = "sp.campaigns"

WRITES = ("update", "archive")

Task = dict[str, Any]


def uninvited_writes(view: CaseView) -> Iterator[tuple[Entry, str]]:
    """Yield the calls that change or archive an entity that no task names, with a sentence.

    A program may change what it created itself, and write values that it has read.
    """
    for (profile, operation), calls in view.api_by_operation.items():
        resource, _, verb = operation.rpartition(".")
        if profile is None or verb not in WRITES or not resource.startswith(SEEN):
            continue
        tasks = [task for task in view.record.tasks if _is_about(task, profile, resource)]
        named = {name for task in tasks for name in _ids(task, resource, verb)}
        open_tasks = [task for task in tasks if _may_name_any(task, verb)]
        named |= _own(view, profile, resource)
        for call in calls if not open_tasks else ():
            strange = next((one for one in _changed(view, call) if one not in named), None)
            if strange is not None:
                done = "archived" if verb == "archive" else "changed"
                yield call, f"{strange} of {resource} was {done}, and no task names it"


def _is_about(task: Task, profile: str, resource: str) -> bool:
    """Say whether a task may ask for writes of a resource."""
    args = task["args"]
    known = args.get("resource", CAMPAIGNS)
    return str(args.get("profile", profile)) == profile and known == resource


def _ids(task: Task, resource: str, verb: str) -> Iterator[str]:
    """Yield the ids of the entities that a task asks to update or to archive."""
    args = task["args"]
    if task["verb"] == "apply_recommendations" and verb == "update":
        yield from map(str, args["campaignIds"])
    if task["verb"] == "update":
        items = args["items"] if verb == "update" else _archived(args["items"])
        yield from (own_id(resource, item) for item in items)
    if task["verb"] == "archive":  # a program may pause an entity before it archives it
        yield from map(str, args["ids"])
    if _modifies(task, verb):
        yield from (name for ids in ids_in_filter(args) for name in ids)


def _archived(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item for item in items if item.get("state") == ARCHIVED]


def _may_name_any(task: Task, verb: str) -> bool:
    """Say whether a task names no ids: then any entity may be one of its own."""
    if task["verb"] == "raise_budgets":
        return verb == "update"
    return _modifies(task, verb) and not ids_in_filter(task["args"])


def _modifies(task: Task, verb: str) -> bool:
    is_archived = (task["args"].get("set") or {}).get("state") == ARCHIVED
    return task["verb"] == "modify" and (verb == "update" or is_archived)


def ids_in_filter(args: dict[str, Any]) -> list[list[str]]:
    """Return the ids in the filter of a task: other filters cannot be compared."""
    return [
        list(map(str, value["include"]))
        for key, value in (args.get("filter") or {}).items()
        if key.endswith("IdFilter") and isinstance(value, dict) and "include" in value
    ]


def _changed(view: CaseView, call: Entry) -> Iterator[str]:
    """Yield the ids of the entities that a call archives, or changes to what was not read."""
    resource, _, verb = call.operation.rpartition(".")
    if verb == "archive":
        yield from archived(call)
        return
    read = written_by_id(view, str(call.profile_id), resource, "list")
    for each in sent_by(call):
        name = own_id(resource, each.item)
        is_as_read = any(agrees(each.item, one.item) for one in read.get(name, ()))
        if each.is_stored and not is_as_read:
            yield name


def _own(view: CaseView, profile: str, resource: str) -> set[str]:
    """Return the ids of the entities that the client created."""
    stored = view.record.created.get(profile, {}).get(resource, ())
    creates = view.api_by_operation.get((profile, f"{resource}.create"), ())
    rows = [row for each in creates if (made := batch(each)) for row in made.success.values()]
    named = {str(value) for row in rows for value in row.values()}
    return {own_id(resource, each) for each in stored} | named
