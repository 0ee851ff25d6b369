"""Validation of imported entities: types, real dates and finite amounts.

Business rules do not apply to an imported state, but all code that reads it must work.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import jsonschema_rs

from adsmock.contracts.iso8601 import is_date, parse_utc
from adsmock.contracts.model import Field

_MAX_AMOUNT: Final = 1e15
"""Largest amount: a float distinguishes its hundredths."""


def validator(schema: dict[str, Any], fields: tuple[Field, ...]) -> Any:
    """Return a validator of entities, given the schema of reads.

    At every depth only the members that a create requires are required.
    """
    _require_created(schema, fields)
    schema["required"] = [name for name in schema["required"] if name != "state"]
    return jsonschema_rs.validator_for(schema, validate_formats=True, formats=_FORMATS)


def _require_created(schema: dict[str, Any], fields: tuple[Field, ...]) -> None:
    schema["required"] = [
        row.name for row in fields if row.create == "required" and row.read != "absent"
    ]
    for row in fields:
        node = schema["properties"].get(row.name)
        if node is not None and not row.others:
            _constrain(node, row)


def _constrain(node: dict[str, Any], row: Field) -> None:
    if row.type == "object":
        _require_created(node, row.fields)
    elif row.items is not None and not row.items.others:
        _constrain(node["items" if row.type == "array" else "additionalProperties"], row.items)
    elif row.type in {"number", "decimal"}:
        node.setdefault("maximum", _MAX_AMOUNT)
        node.setdefault("minimum", -_MAX_AMOUNT)
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
