"""The check of updates: they change the fields of their tasks, and no others.

Source: developer notes, a member of an update replaces the stored one; documented.
"""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps
from typing import Any

from adsmock.contracts.model import Contract
from adsmock.harness.suite.checks.data import Sent, id_of, listed_by, sent
from adsmock.harness.suite.checks.finding import (
    Evidence,
    Finding,
    broken,
    counted,
    holds,
    row,
    unproven,
)
from adsmock.harness.suite.checks.settled import agrees
from adsmock.harness.suite.checks.uninvited import ids_in_filter
from adsmock.harness.suite.journal import CaseView
from adsmock.harness.suite.journal.item import batch

NEVER_EMPTY = ("budget", "bid", "defaultBid", "state")
"""Members in which null or zero would stop spending or remove its limit."""

Entity = dict[str, Any]


def other_fields_are_unchanged(view: CaseView) -> Finding:
    """Hold when updates contained the values of their tasks, and others only as they are.

    A field is as it was read or written last: an object that was read before a later write is
    stale.
    """
    rows, wrong = [], []
    for (entry, contract, item), entity in _updates(view):
        rows.append(row(entry, f"fields: {', '.join(sorted(item))}"))
        own = contract.identity.field if contract.identity else ""
        asked = _asked(view, contract.name, own, id_of(contract, item))
        wrong += [
            Evidence(entry.seq, f"{name} sent as {dumps(value)}")
            for name, value in sorted(item.items())
            if name != own
            and not (value is None and _is_unset(contract, name))
            and not any(_fits(each, value) for each in asked.get(name, ()))
            and not (name in entity and agrees(value, entity[name]))
        ]
        wrong += [
            Evidence(entry.seq, f"{name} sent as {dumps(item[name])}")
            for name in NEVER_EMPTY
            if name in item and item[name] in (None, 0)
        ]
    numbers = {"updates": len(rows), "members": len(wrong)}
    if wrong:
        return broken(
            f"{counted(len(wrong), 'field')} changed that no task names: {wrong[0].note}",
            wrong,
            **numbers,
        )
    if not any(entry.is_success for entry, _, _ in sent(view, "update")):
        return unproven("no update was accepted", **numbers)
    return holds(
        f"{counted(len(rows), 'update')}, each with only the requested changes", rows, **numbers
    )


def _updates(view: CaseView) -> Iterator[tuple[Sent, Entity]]:
    """Yield every item of an update with its entity as it was read or written last."""
    items: dict[int, list[Sent]] = {}
    for each in sent(view, "update"):
        items.setdefault(each[0].seq, []).append(each)
    known: dict[str, Entity] = {}
    for call in view.api:
        known |= dict(listed_by(call))
        for each in items.get(call.seq, ()):
            yield each, known.get(id_of(*each[1:]), {})
        made = batch(call)
        refused = [made.items[place] for place in made.error] if made else []
        for _, contract, item in items.get(call.seq, ()):
            if call.committed and not any(item is one for one in refused):
                name = id_of(contract, item)
                stored = {key: each for key, each in item.items() if each is not None}
                known[name] = known.get(name, {}) | stored


def _asked(view: CaseView, resource: str, own: str, name: str) -> dict[str, list[Any]]:
    """Return the values that tasks ask for in an entity, by member; None for any value."""
    asked: dict[str, list[Any]] = {}
    for args in (*view.task_args("update"), *view.task_args("modify")):
        if args["resource"] != resource:
            continue
        same = [each for each in args.get("items", ()) if str(each.get(own)) == name]
        ids = ids_in_filter(args)
        is_due = not ids or any(name in each for each in ids)
        values = [*same, *([args.get("set") or {}] if is_due else [])]
        for member, value in (pair for each in values for pair in each.items()):
            asked.setdefault(member, []).append(value)
        for path in args.get("raise") or () if is_due else ():
            asked.setdefault(path.partition(".")[0], []).append(None)
    return asked


def _is_unset(contract: Contract, name: str) -> bool:
    """Say whether null in an update is no member: nothing is cleared by it."""
    return any(row.name == name and "update" not in row.nullable for row in contract.fields)


def _fits(wanted: Any, value: Any) -> bool:
    """Say whether a value is the wanted one, or the part of it that changes."""
    return wanted is None or agrees(wanted, value) or agrees(value, wanted)


JUDGES = (other_fields_are_unchanged,)
