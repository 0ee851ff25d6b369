"""From what a client wrote to what a contract knows: unknown members fall away at all depths.

Knows fields and directions. Must not know any resource by name.

Source: campaign management reference 2.7 (observed: unknown members are ignored and the item
succeeds); ids that arrive as numbers are kept as text (assumed, 1.7).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from contracts.form import Field

Direction = Literal["create", "update"]
Shaper = Callable[[Any], Any]

_SCALARS = {"int64", "string", "integer", "number", "boolean", "date", "dateTime"}


def object_shaper(fields: tuple[Field, ...], direction: Direction) -> Shaper:
    """Return a function that copies an object, keeping only what ``fields`` allow."""
    wanted = [each for each in fields if getattr(each, direction) != "absent"]
    known = frozenset(each.name for each in wanted)
    nested = tuple(
        (each.name, shaper)
        for each in wanted
        if (shaper := value_shaper(each, direction)) is not None
    )

    def shape(given: dict[str, Any]) -> dict[str, Any]:
        if given.keys() <= known:
            kept = given.copy()
        else:
            kept = {name: value for name, value in given.items() if name in known}
        for name, shaper in nested:
            value = kept.get(name)
            if value is not None:
                kept[name] = shaper(value)
        return kept

    return shape


def value_shaper(field: Field, direction: Direction) -> Shaper | None:
    """Return what copies one value, or None where the value can be kept as it is."""
    if field.type in _SCALARS:
        return None
    if field.type == "id":
        return str
    if field.type == "object":
        return object_shaper(field.fields, direction)
    items = value_shaper(field.items, direction) if field.items else None
    if field.type == "map":
        return dict
    if items is None:
        return list
    return lambda values: [items(value) for value in values]


def getter(path: str) -> Callable[[dict[str, Any]], Any]:
    """Return a function that reads a dotted member, None where something is missing.

    An array on the way yields the list of what its members hold.
    """
    first, _, rest = path.partition(".")
    if not rest:
        return lambda given: given.get(first)
    deeper = getter(rest)

    def read(given: dict[str, Any]) -> Any:
        value = given.get(first)
        if isinstance(value, list):
            return [found for each in value if (found := deeper(each)) is not None]
        return deeper(value) if isinstance(value, dict) else None

    return read
