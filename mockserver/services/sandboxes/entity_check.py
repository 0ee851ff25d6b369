"""What an entity that is put must be: read as any other, with days that are some and real amounts.

A state is held to no rule of business, but what reads it must be able to. Knows fields and JSON
Schema. Must not know any resource by name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

import jsonschema_rs

from adsmock.contracts.model import Field

_MOST: Final = 1e15
"""Of an amount: in hundredths it is still told from its neighbours."""
_LENGTH: Final = 8
"""Of a day: it is written without anything between its digits."""


def validator(schema: dict[str, Any], fields: tuple[Field, ...]) -> Any:
    """Return what finds the flaws of an entity, given the schema of its reads.

    Only what a create demands must be there, at every depth: the rest is computed or by default.
    """
    _settle(schema, fields)
    schema["required"] = [name for name in schema["required"] if name != "state"]
    return jsonschema_rs.validator_for(schema, validate_formats=True, formats=_FORMATS)


def _settle(schema: dict[str, Any], fields: tuple[Field, ...]) -> None:
    schema["required"] = [
        row.name for row in fields if row.create == "required" and row.read != "absent"
    ]
    for row in fields:
        node = schema["properties"].get(row.name)
        if node is not None and not row.others:
            _settle_value(node, row)


def _settle_value(node: dict[str, Any], row: Field) -> None:
    if row.type == "object":
        _settle(node, row.fields)
    elif row.items is not None and not row.items.others:
        _settle_value(node["items" if row.type == "array" else "additionalProperties"], row.items)
    elif row.type in {"number", "decimal"}:
        node.setdefault("maximum", _MOST)
        node.setdefault("minimum", -_MOST)
    elif row.type in _READERS:
        node["format"] = f"real {row.type}"


def _date(text: str) -> object:
    if text[4:5] + text[7:8] != "--":
        raise ValueError("weeks and ordinals are no dates here")
    return date.fromisoformat(text)


def _day(text: str) -> object:
    if not text.isdecimal() or len(text) != _LENGTH:
        raise ValueError("a day has eight digits")
    return date.fromisoformat(text)


_READERS: dict[str, Callable[[str], object]] = {
    "date": _date,
    "day": _day,
    "dateTime": datetime.fromisoformat,
}


def _sound(read: Callable[[str], object]) -> Callable[[str], bool]:
    def is_sound(text: str) -> bool:
        try:
            read(text)
        except ValueError:
            return False
        return True

    return is_sound


_FORMATS = {f"real {kind}": _sound(read) for kind, read in _READERS.items()}
