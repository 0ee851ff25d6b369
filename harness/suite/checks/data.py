"""Checks that values reach the wire unchanged.

Source: developer notes, ids and names; documented.
"""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps
from typing import Any

from adsmock.contracts.loader import load
from adsmock.contracts.model import Contract
from adsmock.harness.suite.checks.finding import (
    Evidence,
    Finding,
    broken,
    counted,
    holds,
    quote,
    row,
    unproven,
)
from adsmock.harness.suite.journal import CaseView, Entry

EXACT = 2**53
"""The first integer that a binary double cannot distinguish from the next."""

TEXTS = ("name", "keywordText")

DATES = ("startDate", "endDate")

Sent = tuple[Entry, Contract, dict[str, Any]]
"""One item as it was sent: its call, the contract of its resource, the item."""


def sent(view: CaseView, *verbs: str) -> Iterator[Sent]:
    """Yield every item of every write of these verbs, refused ones too."""
    contract_set = load().by_name
    for entry in view.api:
        resource, _, verb = entry.operation.rpartition(".")
        contract = contract_set.get(resource)
        if contract is None or verb not in verbs:
            continue
        body = entry.request
        items = body.get(contract.envelope) if isinstance(body, dict) else body
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict):
                yield entry, contract, item


def ids_are_echoed(view: CaseView) -> Finding:
    """Hold when every id in an update is one that was listed or given, with every digit."""
    known = set(listed_entities(view)) | set(_given_ids(view))
    rows = [(entry, id_of(contract, item)) for entry, contract, item in sent(view, "update")]
    large = [
        name for call, name in rows if call.is_success and name.isdigit() and int(name) > EXACT
    ]
    strange = [(entry, name) for entry, name in rows if name not in known]
    numbers = {"updates": len(rows), "large": len(large), "strange": len(strange)}
    if strange:
        return broken(
            f"{counted(len(strange), 'update')} with an id that no list or task contains: "
            f"{quote(name for _, name in strange)}",
            [row(entry, f"id {name}") for entry, name in strange],
            **numbers,
        )
    if not large:
        return unproven("no update with an id above 2^53 was accepted", **numbers)
    return holds(
        f"{counted(len(rows), 'update')}, each id as it was read",
        [row(entry, f"id {name}") for entry, name in rows],
        **numbers,
    )


def id_of(contract: Contract, item: dict[str, Any]) -> str:
    """Return the id of an item as text, empty for a resource without ids."""
    return str(item.get(contract.identity.field)) if contract.identity else ""


def listed_entities(
    view: CaseView, *, first: bool = False, before: Entry | None = None
) -> dict[str, dict[str, Any]]:
    """Return every entity that a list showed, by id, as it was shown last, or ``first``.

    With ``before``, only the lists before that call count.
    """
    found: dict[str, dict[str, Any]] = {}
    for entry in view.of_verb("list"):
        if before is not None and entry.seq > before.seq:
            break
        for name, entity in listed_by(entry):
            if not first or name not in found:
                found[name] = entity
    return found


def listed_by(entry: Entry) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the entities that the answer of a list shows, with their ids."""
    resource, _, verb = entry.operation.rpartition(".")
    contract = load().by_name.get(resource) if verb == "list" else None
    if contract is None or contract.identity is None:
        return
    body = entry.reply
    rows = body.get(contract.envelope) if isinstance(body, dict) else body
    for entity in rows if isinstance(rows, list) else ():
        yield id_of(contract, entity), entity


def _given_ids(view: CaseView) -> Iterator[str]:
    for args in view.task_args("update"):
        contract = load().by_name[args["resource"]]
        yield from (id_of(contract, item) for item in args["items"])


def ids_have_their_type(view: CaseView) -> Finding:
    """Hold when every id was sent in the JSON type of its family, and both types were needed."""
    rows: list[tuple[Entry, str, Any, bool]] = []
    for entry, contract, item in sent(view, "create", "update"):
        kinds = {
            field.name: field.type for field in contract.fields if field.type in {"id", "int64"}
        }
        for name in (kind for kind in kinds if item.get(kind) is not None):
            value, wants_number = item[name], kinds[name] == "int64"
            is_number = isinstance(value, int) and not isinstance(value, bool)
            fits = is_number if wants_number else isinstance(value, str)
            rows.append((entry, name, value, fits))
    wrong = [(entry, f"{name} is {dumps(value)}") for entry, name, value, fits in rows if not fits]
    kinds_seen = {type(value) for entry, _, value, _ in rows if entry.is_success}
    numbers = {"ids": len(rows), "wrong": len(wrong)}
    if wrong:
        return broken(
            f"{len(wrong)} of {counted(len(rows), 'id')} had the wrong JSON type for its API "
            f"family; in call {wrong[0][0].seq}, {wrong[0][1]}",
            [row(entry, note) for entry, note in wrong],
            **numbers,
        )
    if len(kinds_seen) < len({"text", "number"}):
        return unproven("no writes with ids of both JSON types were accepted", **numbers)
    evidence = [row(entry, f"{name} is {dumps(value)}") for entry, name, value, _ in rows]
    return holds(
        f"{counted(len(rows), 'id')}, each in the type of its API family", evidence, **numbers
    )


def texts_are_unchanged(view: CaseView) -> Finding:
    """Hold when every name that was sent is one of the task's, character for character."""
    wanted = {
        str(item[name])
        for verb in ("create", "update")
        for args in view.task_args(verb)
        for item in args["items"]
        for name in TEXTS
        if name in item
    }
    rows = [
        (entry, str(item[name]))
        for entry, _, item in sent(view, "create", "update")
        for name in TEXTS
        if name in item
    ]
    return _as_given(rows, wanted, "text")


def created_items_are_as_given(view: CaseView) -> Finding:
    """Hold when every item of a create has the members of the task's item of that name.

    Further members are accepted.
    """
    wanted = {
        (args["resource"], item["name"]): item
        for args in view.task_args("create")
        for item in args["items"]
        if "name" in item
    }
    shown: list[Evidence] = []
    wrong: list[Evidence] = []
    for entry, contract, item in sent(view, "create"):
        given = wanted.get((contract.name, str(item.get("name"))), {})
        shown += [row(entry, str(item.get("name")))] if given and entry.is_success else []
        wrong += [
            row(entry, f"{name} sent as {dumps(item.get(name))} instead of {dumps(value)}")
            for name, value in given.items()
            if item.get(name) != value
        ]
    numbers = {"items": len(shown), "members": len(wrong)}
    if wrong:
        return broken(
            f"{counted(len(wrong), 'field')} of created entities not as in the task: "
            f"{wrong[0].note}",
            wrong,
            **numbers,
        )
    if not shown:
        return unproven("no entity of the tasks was created")
    return holds(f"{counted(len(shown), 'created item')}, as in the task", shown, **numbers)


def dates_are_as_given(view: CaseView, operation: str) -> Finding:
    """Hold when every date that an operation sent is one of the task's."""
    wanted = {date for task in view.record.tasks for date in _dates(task["args"])}
    calls = view.of_operation(operation)
    rows = [(entry, date) for entry in calls for date in _dates(entry.request)]
    return _as_given(rows, wanted, "date")


def _as_given(rows: list[tuple[Entry, str]], wanted: set[str], thing: str) -> Finding:
    """Hold when each value that was sent is a wanted one."""
    changed = [(entry, value) for entry, value in rows if value not in wanted]
    numbers = {f"{thing}s": len(rows), "changed": len(changed)}
    if changed:
        return broken(
            f"{len(changed)} of {counted(len(rows), thing)} differ from the task: "
            f"{quote(value for _, value in changed)}",
            [row(entry, f"sent as {value}") for entry, value in changed],
            changed[0][0],
            **numbers,
        )
    if not any(entry.is_success for entry, _ in rows):
        return unproven(f"no call with a {thing} was accepted", **numbers)
    evidence = [row(entry, value) for entry, value in rows]
    return holds(f"{counted(len(rows), thing)}, each as in the task", evidence, **numbers)


def _dates(value: Any) -> Iterator[str]:
    """Yield the dates in a body or in the arguments of a task, at any depth."""
    if isinstance(value, dict):
        yield from (str(value[name]) for name in DATES if value.get(name))
        value = list(value.values())
    if isinstance(value, list):
        for member in value:
            yield from _dates(member)


JUDGES = (
    created_items_are_as_given,
    dates_are_as_given,
    ids_are_echoed,
    ids_have_their_type,
    texts_are_unchanged,
)
