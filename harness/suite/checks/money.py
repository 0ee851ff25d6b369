"""Checks of amounts of money: exact, accepted, and raised once.

The journal keeps the digits of the wire, so a binary rounding error is visible.
Source: developer notes, currencies; limits page, decimals; documented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from json import dumps
from typing import Any

from adsmock.contracts.loader import load
from adsmock.contracts.model import Contract
from adsmock.harness.suite.checks.data import id_of, listed_entities, sent
from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    row,
    unproven,
)
from adsmock.harness.suite.checks.reaction import follows_up
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import batch, name_of

WHOLE_CURRENCIES = frozenset({"JPY"})

NOISE = 15
"""Significant digits from which an amount is the unrounded result of a binary calculation: a double
keeps 15 digits of any decimal number, so a rounded amount is written with fewer."""

Place = tuple[str, str, tuple[str, ...]]
"""Where an amount belongs: the profile, the id of the entity, the path of the member."""

AMOUNTS = (("bid",), ("defaultBid",), ("budget", "budget"), ("dailyBudget",))
"""The members of an item that contain amounts of money."""


def amounts_are_exact(view: CaseView) -> Finding:
    """Hold when every amount is a JSON number equal to the task's, in a write that was accepted.

    Rounding errors count as differences, and so do fractions of a yen.
    """
    shown, wrong = [], []
    writes, compared = _Writes(), 0
    for entry, contract, item in sent(view, "create", "update"):
        currency = _currency(view, entry)
        listed = listed_entities(view, before=entry)
        for path, value in _amounts_of(item):
            before = _at(listed.get(id_of(contract, item), {}), path)
            wishes = set(_wishes(view, entry, path, before))
            compared += bool(wishes)
            lack = _money_fault(value, wishes, currency)
            note = f"{'.'.join(path)} {_written(value)} {currency}"
            shown.append(row(entry, note))
            if lack:
                wrong.append((entry, f"{note}: {lack}"))
            key = (contract.name, str(entry.profile_id), _key(contract, item), *path)
            writes.add(key, entry, item, note)
    wrong += writes.refused.values()
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
    if not compared:
        return unproven("no task gives the amounts that were sent", **numbers)
    return holds(f"{counted(len(shown), 'amount')}, each as in the task", shown, **numbers)


def amounts_are_rounded(view: CaseView) -> Finding:
    """Hold when no amount has the digits of an unrounded binary calculation, or other decimals.

    Such digits show without a task: 0.63 raised by a tenth is sent as 0.6930000000000001.
    """
    shown, wrong = [], []
    for entry, _, item in sent(view, "create", "update"):
        currency = _currency(view, entry)
        for path, value in _amounts_of(item):
            note = f"{'.'.join(path)} {_written(value)} {currency}"
            shown.append(row(entry, note))
            lack = _money_fault(value, set(), currency) or _noise(value)
            if lack:
                wrong.append((entry, f"{note}: {lack}"))
    numbers = {"amounts": len(shown), "wrong": len(wrong)}
    if wrong:
        return broken(
            f"{len(wrong)} of {counted(len(shown), 'amount')} not rounded to the decimals of the "
            f"currency: {wrong[0][1]}",
            [row(entry, note) for entry, note in wrong],
            **numbers,
        )
    if not shown:
        return unproven("no amount was sent")
    return holds(f"{counted(len(shown), 'amount')}, each rounded", shown, **numbers)


def _amounts_of(item: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield each amount of an item with its path."""
    values = ((path, _at(item, path)) for path in AMOUNTS)
    return ((path, value) for path, value in values if value is not None)


def _noise(value: Any) -> str:
    """Return what is wrong with the digits of a number, empty when it was rounded."""
    digits = len(Decimal(str(value)).normalize().as_tuple().digits)
    return f"{digits} digits show a calculation without rounding" if digits >= NOISE else ""


def _currency(view: CaseView, entry: Entry) -> str:
    """Return the currency of the profile that a call names."""
    profiles = view.record.profiles
    country = {str(each["profileId"]): str(each["countryCode"]) for each in profiles}
    return load().marketplaces[country.get(str(entry.profile_id), "US")].currency


@dataclass(slots=True)
class _Writes:
    """What became of each amount at its last write.

    A create that is sent again after it was accepted is refused as a duplicate: it stays accepted.
    """

    refused: dict[tuple[str, ...], tuple[Entry, str]] = field(default_factory=dict)
    accepted: set[tuple[str, ...]] = field(default_factory=set)

    def add(self, key: tuple[str, ...], entry: Entry, item: dict[str, Any], note: str) -> None:
        if _is_accepted(entry, item):
            self.refused.pop(key, None)
            self.accepted.add(key)
        elif key not in self.accepted or not entry.operation.endswith(".create"):
            self.refused[key] = entry, f"{note}: the write was not accepted ({entry.status})"


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
    yield from _raised(view, entry, path, before)


def _raised(view: CaseView, entry: Entry, path: tuple[str, ...], before: Any) -> Iterator[Decimal]:
    """Yield the amounts before an update plus the raise of its tasks."""
    resource, _, verb = entry.operation.rpartition(".")
    for task in view.record.tasks:
        args = task["args"]
        if args.get("resource") != resource or str(args.get("profile")) != entry.profile_id:
            continue
        by = args.get("raise", {}).get(".".join(path))
        if verb == "update" and by is not None and before is not None:
            yield Decimal(str(before)) + Decimal(str(by))


def lost_update_takes_effect_once(view: CaseView, resource: str) -> Finding:
    """Hold when every update of a relative change sent the amount of the first read plus the raise.

    A retry that sends another amount applied the change a second time. Without a task that says
    the raise, the amounts are those of the update whose answer was lost. The client must have sent
    or read the entities again, or reported the failure.
    """
    calls = view.of_operation(f"{resource}.update")
    lost = next((call for call in calls if call.fault_id and call.committed), None)
    if lost is None:
        return unproven("no update was stored with its answer lost")
    shown, wrong = [], []
    for entry, note, value, wishes in _updated(view, lost):
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
    if not follows_up(view, lost, resource):
        return unproven("after an update with a lost answer, nothing was sent, read or reported")
    return holds("each update sent the amounts of the first one", shown, **numbers)


def _updated(view: CaseView, lost: Entry) -> Iterator[tuple[Entry, str, Any, set[Decimal]]]:
    """Yield each amount of an update with its place in words and the amounts that it may have."""
    first, given = listed_entities(view, first=True), _amounts_in(view, lost)
    for entry, contract, item in sent(view, "update"):
        name = id_of(contract, item)
        for path, value in _amounts_of(item):
            wishes = set(_raised(view, entry, path, _at(first.get(name, {}), path)))
            if not wishes and entry.seq >= lost.seq:
                wishes = given.get((str(entry.profile_id), name, path), set())
            if wishes:
                yield entry, f"{'.'.join(path)} of {name} sent as {value}", value, wishes


def _amounts_in(view: CaseView, lost: Entry) -> dict[Place, set[Decimal]]:
    """Return the amounts of one update.

    In a free run, entities that end as without faults are left out: a program may change one twice.
    """
    work = [each for each in view.record.work if each.kind == "changed"]
    right = {each.name.partition(" ")[0] for each in work if not each.is_lost}
    return {
        (str(entry.profile_id), id_of(contract, item), path): {Decimal(str(value))}
        for entry, contract, item in sent(view, "update")
        if entry is lost and id_of(contract, item) not in right
        for path, value in _amounts_of(item)
        if _is_number(value)
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _amounts(wishes: set[Decimal]) -> str:
    return ", ".join(map(str, sorted(wishes)))


def _at(item: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        item = item.get(name) if isinstance(item, dict) else None
    return item


def _key(contract: Contract, item: dict[str, Any]) -> str:
    """Return the id of an item, or its name before it has one."""
    has_id = contract.identity is not None and contract.identity.field in item
    return id_of(contract, item) if has_id else name_of(item)


JUDGES = (amounts_are_exact, amounts_are_rounded, lost_update_takes_effect_once)
