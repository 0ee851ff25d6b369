"""Checks that values reach the wire unchanged.

The journal keeps request bodies as parsed JSON, so a binary rounding error is visible.
Source: developer notes, ids and currencies; limits page, decimals; documented.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
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
from adsmock.harness.suite.journal.item import batch, name_of

EXACT = 2**53
"""The first integer that a binary double cannot distinguish from the next."""

WHOLE_CURRENCIES = frozenset({"JPY"})

AMOUNTS = (("bid",), ("defaultBid",), ("budget", "budget"), ("dailyBudget",))
"""The members of an item that contain amounts of money."""

TEXTS = ("name", "keywordText")

DATES = ("startDate", "endDate")

NEVER_EMPTY = ("budget", "bid", "defaultBid", "state")
"""Members in which null or zero would stop spending or remove its limit."""

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
    known = set(_listed(view)) | set(_given_ids(view))
    rows = [(entry, _id(contract, item)) for entry, contract, item in sent(view, "update")]
    large = [name for _, name in rows if name.isdigit() and int(name) > EXACT]
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
        return unproven("no update had an id above 2^53", **numbers)
    return holds(
        f"{counted(len(rows), 'update')}, each id as it was read",
        [row(entry, f"id {name}") for entry, name in rows],
        **numbers,
    )


def _id(contract: Contract, item: dict[str, Any]) -> str:
    return str(item.get(contract.identity.field)) if contract.identity else ""


def _key(contract: Contract, item: dict[str, Any]) -> str:
    """Return the id of an item, or its name before it has one."""
    has_id = contract.identity is not None and contract.identity.field in item
    return _id(contract, item) if has_id else name_of(item)


def _listed(view: CaseView, *, first: bool = False) -> dict[str, dict[str, Any]]:
    """Return every entity that a list showed, by id, as it was shown last, or ``first``."""
    contract_set = load().by_name
    found: dict[str, dict[str, Any]] = {}
    for entry in view.of_verb("list"):
        contract = contract_set.get(entry.operation.rpartition(".")[0])
        if contract is None or contract.identity is None:
            continue
        body = entry.reply
        rows = body.get(contract.envelope) if isinstance(body, dict) else body
        for entity in rows if isinstance(rows, list) else ():
            name = _id(contract, entity)
            if not first or name not in found:
                found[name] = entity
    return found


def _given_ids(view: CaseView) -> Iterator[str]:
    for args in view.task_args("update"):
        contract = load().by_name[args["resource"]]
        yield from (_id(contract, item) for item in args["items"])


def ids_have_their_type(view: CaseView) -> Finding:
    """Hold when every id was sent in the JSON type of its family, and both types were needed."""
    rows: list[tuple[Entry, str, Any, bool]] = []
    for entry, contract, item in sent(view, "create", "update"):
        kinds = {one.name: one.type for one in contract.fields if one.type in {"id", "int64"}}
        for name in (one for one in kinds if item.get(one) is not None):
            value, wants_number = item[name], kinds[name] == "int64"
            is_number = isinstance(value, int) and not isinstance(value, bool)
            fits = is_number if wants_number else isinstance(value, str)
            rows.append((entry, name, value, fits))
    wrong = [(entry, f"{name} is {dumps(value)}") for entry, name, value, fits in rows if not fits]
    kinds_seen = {type(value) for _, _, value, _ in rows}
    numbers = {"ids": len(rows), "wrong": len(wrong)}
    if wrong:
        return broken(
            f"{len(wrong)} of {counted(len(rows), 'id')} had the wrong JSON type for its API "
            f"family; in call {wrong[0][0].seq}, {wrong[0][1]}",
            [row(entry, note) for entry, note in wrong],
            **numbers,
        )
    if len(kinds_seen) < len({"text", "number"}):
        return unproven("only ids of one JSON type were sent", **numbers)
    evidence = [row(entry, f"{name} is {dumps(value)}") for entry, name, value, _ in rows]
    return holds(
        f"{counted(len(rows), 'id')}, each in the type of its API family", evidence, **numbers
    )


def amounts_are_exact(view: CaseView) -> Finding:
    """Hold when every amount is a JSON number equal to the task's, in a write that was accepted.

    Rounding errors count as differences, and so do fractions of a yen.
    """
    country = {str(one["profileId"]): str(one["countryCode"]) for one in view.record.profiles}
    listed, shown, wrong = _listed(view), [], []
    refused: dict[tuple[str, ...], tuple[Entry, str]] = {}
    for entry, contract, item in sent(view, "create", "update"):
        currency = load().marketplaces[country.get(str(entry.profile_id), "US")].currency
        for path in AMOUNTS:
            value = _at(item, path)
            if value is None:
                continue
            before = _at(listed.get(_id(contract, item), {}), path)
            lack = _money_fault(value, set(_wishes(view, entry, path, before)), currency)
            note = f"{'.'.join(path)} {_written(value)} {currency}"
            shown.append(row(entry, note))
            if lack:
                wrong.append((entry, f"{note}: {lack}"))
            key = (contract.name, str(entry.profile_id), _key(contract, item), *path)
            if _is_accepted(entry, item):
                refused.pop(key, None)
            else:
                refused[key] = entry, f"{note}: the write was not accepted ({entry.status})"
    wrong += refused.values()
    numbers = {"amounts": len(shown), "wrong": len(wrong)}
    if wrong:
        return broken(
            f"{len(wrong)} of {counted(len(shown), 'amount')} differ from the task or were not "
            f"accepted: {wrong[0][1]}",
            [row(entry, note) for entry, note in wrong],
            **numbers,
        )
    if not shown:
        return unproven("no amount was sent")
    return holds(f"{counted(len(shown), 'amount')}, each as in the task", shown, **numbers)


def _is_accepted(entry: Entry, item: dict[str, Any]) -> bool:
    """Say whether a write succeeded, and its answer does not refuse this item."""
    made = batch(entry)
    refused = made.error if made else {}
    return entry.is_success and not any(made.items[place] is item for place in refused if made)


def _written(value: Any) -> str:
    """Return a number with the digits of the wire, any other value as JSON."""
    return str(value) if _is_number(value) else dumps(value)


def _money_fault(value: Any, wishes: set[Decimal], currency: str) -> str:
    """Return what is wrong with an amount, empty when nothing."""
    if not _is_number(value):
        return "an amount must be a JSON number"
    amount = Decimal(str(value))
    if currency in WHOLE_CURRENCIES and amount != amount.to_integral_value():
        return "this currency has no decimals"
    if wishes and amount not in wishes:
        return f"the task says {_amounts(wishes)}"
    return ""


def _wishes(view: CaseView, entry: Entry, path: tuple[str, ...], before: Any) -> Iterator[Decimal]:
    """Yield the amounts that the tasks of this profile and resource allow at this place."""
    resource, _, verb = entry.operation.rpartition(".")
    for task in view.record.tasks:
        args = task["args"]
        if args.get("resource") != resource or str(args.get("profile")) != entry.profile_id:
            continue
        if task["verb"] == verb:
            given = (_at(item, path) for item in args["items"])
            yield from (Decimal(str(value)) for value in given if value is not None)
        by = args.get("raise", {}).get(".".join(path))
        if verb == "update" and by is not None and before is not None:
            yield Decimal(str(before)) + Decimal(str(by))


def lost_update_takes_effect_once(view: CaseView, resource: str) -> Finding:
    """Hold when every update of a relative change sent the amount of the first read plus the raise.

    A retry that sends another amount applied the change a second time.
    """
    calls = view.of_operation(f"{resource}.update")
    if not any(one.fault_id and one.committed for one in calls):
        return unproven("no update was stored with its answer lost")
    first, shown, wrong = _listed(view, first=True), [], []
    for entry, contract, item in sent(view, "update"):
        for path in AMOUNTS:
            before = _at(first.get(_id(contract, item), {}), path)
            wishes = set(_wishes(view, entry, path, before))
            value = _at(item, path)
            if value is None or not wishes:
                continue
            note = f"{'.'.join(path)} of {_id(contract, item)} sent as {value}"
            shown.append(row(entry, note))
            if not _is_number(value) or Decimal(str(value)) not in wishes:
                wrong.append((entry, f"{note} instead of {_amounts(wishes)}"))
    numbers = {"amounts": len(shown), "wrong": len(wrong)}
    if wrong:
        return broken(
            f"after an update with a lost answer, {counted(len(wrong), 'amount')} changed again: "
            f"{wrong[0][1]}",
            [row(entry, note) for entry, note in wrong],
            **numbers,
        )
    return holds("each update sent the amounts of the first one", shown, **numbers)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _amounts(wishes: set[Decimal]) -> str:
    return ", ".join(map(str, sorted(wishes)))


def _at(item: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        item = item.get(name) if isinstance(item, dict) else None
    return item


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


def other_fields_are_unchanged(view: CaseView) -> Finding:
    """Hold when updates contained the members of their task, and others only as they were read."""
    listed, rows, wrong = _listed(view), [], []
    for entry, contract, item in sent(view, "update"):
        entity = listed.get(_id(contract, item), {})
        rows.append(row(entry, f"fields: {', '.join(sorted(item))}"))
        wrong += [
            Evidence(entry.seq, f"{name} sent as {dumps(item[name])}")
            for name in sorted(item.keys() - _asked(view, entry, contract, item))
            if item[name] != entity.get(name, item)
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
    if not rows:
        return unproven("no update was sent")
    return holds(
        f"{counted(len(rows), 'update')}, each with only the requested changes", rows, **numbers
    )


def _asked(view: CaseView, entry: Entry, contract: Contract, item: dict[str, Any]) -> set[str]:
    """Return the members that some task changes in this entity, and its id."""
    resource, name = entry.operation.rpartition(".")[0], _id(contract, item)
    asked = {contract.identity.field} if contract.identity else set()
    for args in (*view.task_args("update"), *view.task_args("modify")):
        if args["resource"] == resource:
            asked |= set(args.get("set", {}))
            asked |= {path.partition(".")[0] for path in args.get("raise", {})}
            same = (one for one in args.get("items", ()) if _id(contract, one) == name)
            asked |= {member for one in same for member in one}
    return asked


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
            **numbers,
        )
    if not rows:
        return unproven(f"no {thing} was sent")
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
    amounts_are_exact,
    dates_are_as_given,
    ids_are_echoed,
    ids_have_their_type,
    lost_update_takes_effect_once,
    other_fields_are_unchanged,
    texts_are_unchanged,
)
