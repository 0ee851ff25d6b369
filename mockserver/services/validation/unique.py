"""Unique keys: what no two live entities may share, found by look-up.

Source: campaign management reference 2.5 (observed: kind, reason, location, trigger, text) and
2.9 (documented: the keys). Assumed: archived entities free their key.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from adsmock.mockserver.catalog.resource import Unique
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.services.validation.rule_context import RuleContext
from adsmock.mockserver.services.validation.validation_context import (
    Candidate,
    Check,
    Item,
    ValidationContext,
    with_batch_check,
)

KeysOf = Callable[[list[dict[str, Any]]], list[Hashable]]


def keys_of(unique: Unique | None, account: str) -> KeysOf | None:
    """Return the function that makes the keys of entities, None without a unique key."""
    if unique is None or (unique.accounts and account not in unique.accounts):
        return None
    fields = unique.fields
    if any("|" in name for name in fields):
        names = [name.split("|") for name in fields]
        return lambda wholes: [tuple(_first_of(whole, each) for each in names) for whole in wholes]
    if len(fields) == 1:
        only = fields[0]
        return lambda wholes: _all_frozen([whole.get(only) for whole in wholes])
    return lambda wholes: [tuple(_frozen(whole.get(name)) for name in fields) for whole in wholes]


def _first_of(whole: dict[str, Any], names: list[str]) -> Hashable:
    """Return the value of the first member that an entity has."""
    return next((_frozen(whole[name]) for name in names if whole.get(name) is not None), None)


def _all_frozen(values: list[Any]) -> list[Hashable]:
    """Return values that can be keys; texts, which most are, already can."""
    return values if set(map(type, values)) <= {str} else list(map(_frozen, values))


def _frozen(value: Any) -> Hashable:
    """Return a value that can be a key; the order within an array does not matter."""
    if isinstance(value, list):
        return tuple(sorted(str(_frozen(each)) for each in value))
    if isinstance(value, dict):
        return tuple(sorted(value.items()))
    return value  # type: ignore[no-any-return]  # JSON leaves are hashable


def unique(row: Unique, make_keys: KeysOf, rule_context: RuleContext) -> Check:
    """Return the check that no other live entity has the key; it is left in the candidate."""
    name = rule_context.contract.name
    location = row.location.split(",")
    members = {name for each in row.fields for name in each.split("|")}
    is_given, untouched = _is_given(members, rule_context), members.isdisjoint

    def check(candidate: Candidate, validation: ValidationContext) -> Failure | None:
        if candidate.stored is not None and untouched(candidate.given):
            return None  # an unchanged key is the entity's own
        candidate.key = key = make_keys([candidate.whole])[0]
        holder = validation.table(name).holder(key)
        if holder is None or (candidate.stored is not None and candidate.stored.id == holder):
            return None
        whole = candidate.whole
        member = next((each for each in location if whole.get(each) is not None), location[0])
        members = ", ".join(
            f"{each}={_written(whole.get(each))}" for each in rule_context.contract.named_members
        )
        return rule_context.refuse(
            candidate.index,
            "duplicateValueError",
            "DUPLICATE_VALUE",
            member=member,
            value=whole.get(member),
            members=members,
        )

    def check_batch(items: list[Item], validation: ValidationContext) -> bool:
        keys = make_keys(items)
        return len(set(keys)) == len(keys) and validation.table(name).are_free(keys)

    return with_batch_check(check, check_batch) if is_given else check


def _is_given(members: set[str], rule_context: RuleContext) -> bool:
    """Say whether items give every member of their key themselves, so that none is filled in."""
    filled = {field.name for field in rule_context.contract.fields if field.default is not None}
    if rule_context.resource.is_placed_by_lowest:
        filled |= {parent.member for parent in rule_context.resource.parents}
    return filled.isdisjoint(members)


def _written(value: Any) -> str:
    """Return a value as the backend's messages write it (observed for expressions)."""
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, dict):
        pairs = sorted(value.items(), reverse=True)  # observed: value before type
        return f"({', '.join(f'{name}={_written(each)}' for name, each in pairs)})"
    return str(value)
