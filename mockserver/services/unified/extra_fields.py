"""What the unified model alone says of an entity: kept beside it, laid over its record.

A member that no row of a face writes has no place in the native entity. It is kept as it was
given, in a table of its own, so that every native family stays as it is. Knows objects and paths.
Must not know any resource by name.

Source: the members are documented; that what was accepted is shown again as it was given is
assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import orjson

from adsmock.mockserver.catalog.member_view import MemberRow
from adsmock.mockserver.core.entity import ENABLED, Entity
from adsmock.mockserver.services.validation.validation_context import ValidationContext

Rest = dict[str, Any]
Cover = dict[str, Any]
"""Members that rows speak of: below each its own members, or True where all of it is meant."""

_NOTHING: Final = object()
_EVERY = "*"
_SUFFIX = ".beside"
_PRODUCT = ("productId", "productIdType", "resolvedProductId", "resolvedProductIdType")


def cover_of(rows: Iterable[MemberRow]) -> Cover:
    """Return the members that rows read or write."""
    cover: Cover = {}
    for row in rows:
        for path, below in _paths(row):
            _plant(cover, path, below)
    return cover


def _paths(row: MemberRow) -> list[tuple[str, Any]]:
    """Return the dotted members of a row, each with what is meant below it."""
    if not row.to or row.by == "beside":
        return []
    below = _BELOW.get(row.by)
    found = below(row) if below else [("", True)]
    return [(f"{row.to}.{member}".rstrip("."), deeper) for member, deeper in found]


_BELOW: dict[str, Callable[[MemberRow], list[tuple[str, Any]]]] = {
    "rows": lambda row: [("", {_EVERY: cover_of(row.value)})],
    "branch": lambda row: [(each.member, cover_of(each.rows)) for each in row.value],
    "parts": lambda row: [
        *((member, True) for part in row.value for member in part.to),
        # An object that is there whatever it holds: what it holds is nobody's.
        *(
            (member, {} if said == {} else True)
            for part in row.value
            for member, said in part.says.items()
        ),
    ],
    "product": lambda _: [(name, True) for name in _PRODUCT],
    "group": lambda row: [(shown, True) for shown, _ in row.value[0]],
}
"""The members that a conversion speaks of below its own, where it leaves some out."""


def _plant(cover: Cover, path: str, below: Any) -> None:
    first, _, rest = path.partition(".")
    if cover.get(first) is True:
        return
    if rest:
        _plant(cover.setdefault(first, {}), rest, below)
    elif below is True:
        cover[first] = True
    else:
        for name, deeper in below.items():
            _plant(cover.setdefault(first, {}), name, deeper)


def rest_of(given: Rest, cover: Cover) -> Rest:
    """Return what is left of an item when the covered members are taken away."""
    found = _left(given, cover)
    return found if isinstance(found, dict) else {}


def _left(given: Any, cover: Any) -> Any:
    if cover is True:
        return _NOTHING
    if not cover or given is None:
        return given
    if isinstance(given, dict):
        kept = {name: _left(value, cover.get(name)) for name, value in given.items()}
        kept = {name: value for name, value in kept.items() if value is not _NOTHING}
        return kept or _NOTHING
    if isinstance(given, list):
        every = cover.get(_EVERY)
        rows = [_left(each, every or cover.get(str(place))) for place, each in enumerate(given)]
        return [{} if each is _NOTHING else each for each in rows]
    return _NOTHING


def changed(before: Rest, change: Rest) -> Rest:
    """Return what is kept after a change: objects are filled in, arrays replaced, nulls go."""
    whole = dict(before)
    for name, value in change.items():
        old = whole.pop(name, None)
        kept = _kept(old, value)
        if kept is not None:
            whole[name] = kept
    return whole


def _kept(old: Any, value: Any) -> Any:
    """Return what one member becomes, None where nothing is left of it."""
    if isinstance(value, dict):
        return changed(old if isinstance(old, dict) else {}, value) or None
    return _trimmed(value) if isinstance(value, list) else value


def _trimmed(rows: list[Any]) -> list[Any] | None:
    """Return an array without the empty objects at its end, None when they are all it has."""
    if not rows:
        return rows
    while rows and rows[-1] == {}:
        rows = rows[:-1]
    return rows or None


def laid_over(record: Rest, rest: Rest, cover: Any) -> None:
    """Write what is kept beside an entity into its record."""
    for name, value in rest.items():
        there, below = record.get(name), cover.get(name) if isinstance(cover, dict) else None
        if isinstance(value, dict) and isinstance(there, dict):
            laid_over(there, value, below)
        elif isinstance(value, list) and isinstance(there, list):
            _lay_rows(there, value, below)
        elif not (there is None and isinstance(value, list) and isinstance(below, dict)):
            # Rows of an array that the native side has emptied belong to nothing any more.
            record[name] = value


def _lay_rows(there: list[Any], rows: list[Any], cover: Any) -> None:
    for place, value in enumerate(rows):
        if place >= len(there):
            there.extend([value] if value else [])
        elif isinstance(value, dict) and isinstance(there[place], dict):
            below = cover or {}
            laid_over(there[place], value, below.get(_EVERY) or below.get(str(place)))


def find(resource: str, entity_id: str, validation: ValidationContext) -> Rest:
    """Return what is kept beside an entity."""
    stored = validation.table(_name(resource)).get(entity_id)
    found: Rest = orjson.loads(stored.body) if stored is not None else {}
    return found


def keep(resource: str, entity_id: str, change: Rest, validation: ValidationContext) -> None:
    """Keep what a create or an update says beside what the native entity holds."""
    if not change:
        return
    before = find(resource, entity_id, validation)
    rest = changed(before, change)
    if rest == before:
        return
    table, now = validation.table(_name(resource)), validation.now
    seq = found.seq if (found := table.get(entity_id)) else validation.sandbox.store.next_seq()
    table.put(Entity(entity_id, seq, ENABLED, orjson.dumps(rest), (), None, now, now))


def owner_of(table: str) -> str:
    """Return the resource beside whose entities a table's rows lie, nothing for other tables."""
    return table.removesuffix(_SUFFIX) if table.endswith(_SUFFIX) else ""


def _name(resource: str) -> str:
    return resource + _SUFFIX
