"""Validation of control-plane values against ``schemas.json``.

An error has a JSON Pointer and a message that names the nearest known field or value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import chain, islice
from typing import Any

import jsonschema_rs

from adsmock.contracts.suggest import nearest
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.schema_errors import MAX_ERRORS, SchemaError, first_errors
from adsmock.mockserver.services.faults.registry import effect_schema

_MAX_LENGTH = 500
"""Characters of a message that quotes a value."""
_COMPARED = 100
"""Errors that are looked at: unknown fields among them come first."""
_EXACT = 2.0**53
"""Up to here a float represents every integer exactly."""


class InvalidValue(SetupError):
    """A value that is not valid; ``errors`` are (pointer, message)."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        pointer, detail = errors[0]
        super().__init__(detail, pointer=pointer)
        self.errors = errors


@cache
def components() -> dict[str, Any]:
    """Return every schema by name. Callers must not change it."""
    text = files("adsmock.mockserver.control").joinpath("schemas.json").read_text(encoding="utf-8")
    schemas: dict[str, Any] = json.loads(text)
    schemas["FaultRule"]["properties"]["effect"] = effect_schema()
    schemas["ListedSandbox"] = _listed(schemas["Sandbox"])
    creation = schemas["SandboxRequest"]["properties"]
    own = schemas["SandboxConfiguration"]["properties"]
    schemas["SandboxConfiguration"]["properties"] = {
        name: schema for name, schema in creation.items() if name != "id"
    } | own
    return schemas


def _listed(sandbox: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a sandbox in a list."""
    client = sandbox["properties"]["client"]
    client_id = client["properties"]["clientId"]
    last = {"anyOf": [{"$ref": "#/components/schemas/LastCall"}, {"type": "null"}]}
    changed = {
        "client": client | {"properties": {"clientId": client_id}, "required": ["clientId"]},
        "lastCall": last,
    }
    return sandbox | {"properties": sandbox["properties"] | changed}


@cache
def validator(name: str) -> Any:
    """Return the compiled schema ``name``."""
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": f"#/components/schemas/{name}",
        "components": {"schemas": components()},
    }
    return jsonschema_rs.validator_for(document)


def check(name: str, value: Any) -> None:
    """Check a value against the schema ``name``.

    Raises:
        InvalidValue: it is not valid; unknown fields come first.
    """
    compiled = validator(name)
    if compiled.is_valid(value):
        return
    found = list(islice(first_errors(compiled, value), _COMPARED))
    found.sort(key=lambda each: each.error.kind.name != "additionalProperties")  # stable
    rows = islice(chain.from_iterable(map(_messages, found)), MAX_ERRORS)
    raise InvalidValue(list(rows) or [("", "the value does not fit: see GET /openapi.json")])


def with_integers(name: str, value: Any) -> Any:
    """Return a valid value with integers as ``int``: JSON Schema accepts ``20.0`` as one."""
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
    items = schema.get("items")
    # Copying the millions of texts of a request would take a second.
    if isinstance(value, list) and isinstance(items, dict) and items.get("type") != "string":
        return [_with_integers(items, each) for each in value]
    return value


def pointer(*parts: object) -> str:
    """Return the JSON Pointer (RFC 6901) of a member."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _messages(found: SchemaError) -> Iterator[tuple[str, str]]:
    path, error = found.path, found.error
    kind = error.kind
    if kind.name == "additionalProperties":
        known = _known(error.schema_path)
        for name in kind.unexpected:
            text = f'unknown field "{name[:_MAX_LENGTH]}": {_advice(name, known, "fields")}'
            yield pointer(*path, name), text
    elif kind.name == "required":
        text = f'required field "{kind.property}" is missing: add it'
        yield pointer(*path, kind.property), text
    elif kind.name == "propertyNames":
        yield pointer(*path), f"a name is not valid: {kind.error.message[:_MAX_LENGTH]}"
    elif kind.name == "enum" and isinstance(error.instance, str):
        advice = _advice(error.instance, list(map(str, kind.options)), "values")
        yield pointer(*path), f'unknown value "{error.instance[:_MAX_LENGTH]}": {advice}'
    else:
        yield pointer(*path), error.message[:_MAX_LENGTH]


def _advice(name: str, known: list[str], kind: str) -> str:
    close = nearest(name, known)
    return (f"did you mean {close[0]}? " if close else "") + (
        f"known {kind}: {', '.join(known) or 'none'}"
    )


def _known(schema_path: list[Any]) -> list[str]:
    place: Any = {"components": {"schemas": components()}}
    for part in schema_path[:-1]:
        place = place[part]
    return sorted(place.get("properties", {}))
