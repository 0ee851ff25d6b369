"""Coerce bodies into the documented types, as the service does.

The journal keeps what was sent. Source: notes and code of public clients (observed: values joined
with commas, and ``"true"`` for a boolean, are accepted in lists); saved requests and replies of
Amazon's Postman collection (observed: text for numbers and booleans in writes).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import jsonschema_rs

from adsmock.contracts.model import Filter

_WORDS = {"true": True, "false": False}


def coerce_list_body(body: Any, filters: Iterable[Filter]) -> Any:
    """Return a list body with comma-separated values as arrays and booleans as booleans."""
    if not isinstance(body, dict):
        return body
    for value in body.values():
        if isinstance(value, str) or (
            isinstance(value, dict) and isinstance(value.get("include"), str)
        ):
            arrays = {row.name for row in filters if row.kind == "values"}
            return {name: _coerce(member, name in arrays) for name, member in body.items()}
    return body


def _coerce(value: Any, is_array: bool) -> Any:
    if isinstance(value, str):
        return _parts(value) if is_array else _WORDS.get(value.lower(), value)
    if isinstance(value, dict) and isinstance(value.get("include"), str):
        return {**value, "include": _parts(value["include"])}
    return value


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def coerce_types(value: Any, schema: dict[str, Any]) -> Any:
    """Return a value with numbers and booleans that were sent as text, where the schema has them.

    Text that is no such value stays.
    """
    if isinstance(value, str) and "anyOf" not in schema:
        return _typed(value, schema.get("type", ()))
    if "anyOf" in schema:
        return _coerced_to_one(value, schema["anyOf"])
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        return [coerce_types(each, schema["items"]) for each in value]
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        return {
            name: _member(name, each, known[name]) if name in known else each
            for name, each in value.items()
        }
    return value


def _member(name: str, value: Any, schema: dict[str, Any]) -> Any:
    """Return a member; a number where an id is documented as text becomes text."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if is_number and name.endswith("Id") and schema.get("type") == "string":
        return str(value)
    return coerce_types(value, schema)


def _coerced_to_one(value: Any, schemas: Iterable[dict[str, Any]]) -> Any:
    """Return a value coerced to the first of several schemas that it fits then."""
    for schema in schemas:
        coerced = coerce_types(value, schema)
        if jsonschema_rs.is_valid(schema, coerced):
            return coerced
    return value


def _typed(text: str, kinds: str | Sequence[str]) -> Any:
    known = {kinds} if isinstance(kinds, str) else set(kinds)
    if "string" in known:
        return text
    if "boolean" in known:
        return _WORDS.get(text.lower(), text)
    if known.isdisjoint({"number", "integer"}) or not _NUMBER.fullmatch(text):
        return text
    if "." not in text:
        return int(text)
    return float(text) if "number" in known else text


_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?", re.ASCII)
