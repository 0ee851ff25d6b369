"""What an entity that is put must be: read as any other, with days that are some and real amounts.

A state is held to no rule of business, but what reads it must be able to. Knows fields and JSON
Schema. Must not know any resource by name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import jsonschema_rs

from adsmock.contracts.iso8601 import is_date, parse_utc
from adsmock.contracts.model import Field

_MOST: Final = 1e15
"""Of an amount: in hundredths it is still told from its neighbours."""


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
    elif (name := f"real {row.type}") in _FORMATS:
        node["format"] = name


def _is_time(text: str) -> bool:
    try:
        parse_utc(text)
    except ValueError:
        return False
    return True


_FORMATS: dict[str, Callable[[str], bool]] = {
    "real date": is_date,
    "real day": partial(is_date, compact=True),
    "real dateTime": _is_time,
}
"""JSON Schema formats by the type of a field."""
