"""Unified members without a native counterpart: kept in a table of their own, merged into records.

The native entity has no place for them, and no native reply shows them.

Source: the members are documented. Assumed: what was accepted is shown again as it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import orjson

from adsmock.mockserver.catalog.member_view import MemberRow
from adsmock.mockserver.core.entity import ENABLED, Entity
from adsmock.mockserver.services.validation.validation_context import ValidationContext

Members = dict[str, Any]
Cover = dict[str, Any]
"""Members that rows convert: below each its own members, or True for the whole member."""

_NOTHING: Final = object()
_EVERY = "*"
_SUFFIX = ".beside"
"""Part of saved snapshots: it must not change."""
_PRODUCT = ("productId", "productIdType", "resolvedProductId", "resolvedProductIdType")


def cover_of(rows: Iterable[MemberRow]) -> Cover:
    """Return the members that rows read or write."""
    cover: Cover = {}
    for row in rows:
        for path, below in _paths(row):
            _add_path(cover, path, below)
    return cover


def _paths(row: MemberRow) -> list[tuple[str, Any]]:
    """Return the dotted members of a row, each with the covered members below it."""
    if not row.to or row.by == "if_present":
        return []
    below = _BELOW.get(row.by)
    found = below(row) if below else [("", True)]
    return [(f"{row.to}.{member}".rstrip("."), deeper) for member, deeper in found]


_BELOW: dict[str, Callable[[MemberRow], list[tuple[str, Any]]]] = {
    "rows": lambda row: [("", {_EVERY: cover_of(row.value)})],
    "branch": lambda row: [(each.member, cover_of(each.rows)) for each in row.value],
    "parts": lambda row: [
        *((member, True) for part in row.value for member in part.to),
        # An object that only has to exist: its members are not covered.
        *(
            (member, {} if value == {} else True)
            for part in row.value
            for member, value in part.constants.items()
        ),
    ],
    "product": lambda _: [(name, True) for name in _PRODUCT],
    "group": lambda row: [(shown, True) for shown, _ in row.value[0]],
}
"""The members below a row's own that a conversion covers, if it does not cover all."""


def _add_path(cover: Cover, path: str, below: Any) -> None:
    first, _, rest = path.partition(".")
    if cover.get(first) is True:
        return
    if rest:
        _add_path(cover.setdefault(first, {}), rest, below)
    elif below is True:
        cover[first] = True
    else:
        for name, deeper in below.items():
            _add_path(cover.setdefault(first, {}), name, deeper)


def extra_of(given: Members, cover: Cover) -> Members:
    """Return an item without its covered members."""
    found = _uncovered(given, cover)
    return found if isinstance(found, dict) else {}


def _uncovered(given: Any, cover: Any) -> Any:
    if cover is True:
        return _NOTHING
    if not cover or given is None:
        return given
    if isinstance(given, dict):
        kept = {name: _uncovered(value, cover.get(name)) for name, value in given.items()}
        kept = {name: value for name, value in kept.items() if value is not _NOTHING}
        return kept or _NOTHING
    if isinstance(given, list):
        every = cover.get(_EVERY)
        rows = [
            _uncovered(each, every or cover.get(str(place))) for place, each in enumerate(given)
        ]
        return [{} if each is _NOTHING else each for each in rows]
    return _NOTHING


def changed(before: Members, change: Members) -> Members:
    """Return the members after a change: objects are merged, arrays replaced, nulls removed."""
    whole = dict(before)
    for name, value in change.items():
        old = whole.pop(name, None)
        kept = _kept(old, value)
        if kept is not None:
            whole[name] = kept
    return whole


def _kept(old: Any, value: Any) -> Any:
    """Return the new value of one member, None if nothing is left of it."""
    if isinstance(value, dict):
        return changed(old if isinstance(old, dict) else {}, value) or None
    return _trimmed(value) if isinstance(value, list) else value


def _trimmed(rows: list[Any]) -> list[Any] | None:
    """Return an array without empty objects at its end, None if nothing else is left."""
    if not rows:
        return rows
    while rows and rows[-1] == {}:
        rows = rows[:-1]
    return rows or None


def merge_into(record: Members, extra: Members, cover: Any) -> None:
    """Merge the extra fields of an entity into its record."""
    for name, value in extra.items():
        there, below = record.get(name), cover.get(name) if isinstance(cover, dict) else None
        if isinstance(value, dict) and isinstance(there, dict):
            merge_into(there, value, below)
        elif isinstance(value, list) and isinstance(there, list):
            _merge_rows(there, value, below)
        elif not (there is None and isinstance(value, list) and isinstance(below, dict)):
            # The native entity has lost this array: its extra fields belong to no row.
            record[name] = value


def _merge_rows(there: list[Any], rows: list[Any], cover: Any) -> None:
    for place, value in enumerate(rows):
        if place >= len(there):
            there.extend([value] if value else [])
        elif isinstance(value, dict) and isinstance(there[place], dict):
            below = cover or {}
            merge_into(there[place], value, below.get(_EVERY) or below.get(str(place)))


def find(resource: str, entity_id: str, validation: ValidationContext) -> Members:
    """Return the extra fields of an entity."""
    stored = validation.table(_name(resource)).get(entity_id)
    found: Members = orjson.loads(stored.body) if stored is not None else {}
    return found


def keep(resource: str, entity_id: str, change: Members, validation: ValidationContext) -> None:
    """Store the extra fields of a create or an update."""
    if not change:
        return
    before = find(resource, entity_id, validation)
    extra = changed(before, change)
    if extra == before:
        return
    table, now = validation.table(_name(resource)), validation.now
    seq = found.seq if (found := table.get(entity_id)) else validation.sandbox.store.next_seq()
    table.put(Entity(entity_id, seq, ENABLED, orjson.dumps(extra), (), None, now, now))


def owner_of(table: str) -> str:
    """Return the resource whose extra fields a table keeps, empty for other tables."""
    return table.removesuffix(_SUFFIX) if table.endswith(_SUFFIX) else ""


def _name(resource: str) -> str:
    return resource + _SUFFIX
