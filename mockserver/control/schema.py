"""The shapes of the control plane, and what a value breaks of them.

Knows JSON Schema and how a breach is told: a pointer, a sentence, and the names that would have
been known. Must not know operations' work or a web framework.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.services.faults.registry import effect_schema

MAX_ERRORS = 10
"""Breaches told at once."""
_EXACT = 2.0**53
"""Up to here every whole number has a float of its own."""


class InvalidValue(SetupError):
    """A body that does not fit; ``errors`` are all breaches as (pointer, sentence)."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        pointer, detail = errors[0]
        super().__init__(detail, pointer=pointer)
        self.errors = errors


@cache
def components() -> dict[str, Any]:
    """Return every schema by name. Do not change it."""
    text = files("adsmock.mockserver.control").joinpath("schemas.json").read_text(encoding="utf-8")
    schemas: dict[str, Any] = json.loads(text)
    schemas["FaultRule"]["properties"]["effect"] = effect_schema()
    return schemas


@cache
def validator(name: str) -> Any:
    """Return the compiled schema of that name."""
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": f"#/components/schemas/{name}",
        "components": {"schemas": components()},
    }
    return jsonschema_rs.validator_for(document)


def check(name: str, value: Any) -> None:
    """Let a value pass that fits the schema.

    Raises:
        Unfit: it does not; unknown members are told before anything else.
    """
    compiled = validator(name)
    if compiled.is_valid(value):
        return
    told = [row for error in compiled.iter_errors(value) for row in _messages(error)]
    told.sort(key=lambda row: not row[1].startswith("unknown field"))  # stable
    raise InvalidValue(told[:MAX_ERRORS])


def with_integers(name: str, value: Any) -> Any:
    """Return a value that fits, its whole numbers as such: ``20.0`` fits an integer too."""
    return _with_integers(components()[name], value)


def _with_integers(schema: dict[str, Any], value: Any) -> Any:
    if "$ref" in schema:
        schema = components()[schema["$ref"].rpartition("/")[2]]
    if isinstance(value, float):
        kinds = schema.get("type", ())
        is_counted = "integer" in ([kinds] if isinstance(kinds, str) else kinds)
        return int(value) if is_counted and abs(value) < _EXACT else value
    others = schema.get("additionalProperties")
    known = schema.get("properties") or {}
    if isinstance(value, dict) and (known or isinstance(others, dict)):
        rest = others if isinstance(others, dict) else {}
        return {key: _with_integers(known.get(key, rest), each) for key, each in value.items()}
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        return [_with_integers(schema["items"], each) for each in value]
    return value


def pointer(*parts: object) -> str:
    """Return a JSON pointer (RFC 6901) to the member that ``parts`` lead to."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _messages(error: Any) -> list[tuple[str, str]]:
    path = tuple(error.instance_path)
    kind = error.kind
    if kind.name == "additionalProperties":
        known = ", ".join(_known(error.schema_path)) or "none"
        return [
            (pointer(*path, name), f'unknown field "{name}"; known fields: {known}')
            for name in kind.unexpected
        ]
    if kind.name == "required":
        return [(pointer(*path, kind.property), f'field "{kind.property}" is missing')]
    if kind.name == "propertyNames":
        return [(pointer(*path), "a name here is not lawful")]
    return [(pointer(*path), error.message[:500])]


def _known(schema_path: list[Any]) -> list[str]:
    place: Any = {"components": {"schemas": components()}}
    for part in schema_path[:-1]:
        place = place[part]
    return sorted(place.get("properties", {}))
