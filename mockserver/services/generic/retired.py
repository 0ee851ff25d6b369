"""An OpenAPI document of retired paths, with the replies that they gave before their shut-off date.

The deprecation calendar decides whether a path is served; this module does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from adsmock.contracts.retired_paths import DATES, FILE, Operation, Resource, RetiredPaths
from adsmock.mockserver.services.generic.document import Document

NAME = "past"

_JSON = "application/json"
_DONE, _BATCH = 200, 207
_CODE = "Code"
"""Suffix of the schema of a write's outcome for one entity: its id and a code."""

_SCALARS: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "string": {"type": "string"},
    "boolean": {"type": "boolean"},
    "day": {"type": "string", "pattern": r"^20[12][0-9](0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])$"},
    "moment": {"type": "integer", "minimum": 1_500_000_000_000, "maximum": 1_700_000_000_000},
    "url": {"type": "string", "format": "uri"},
}


def document(past: RetiredPaths) -> Document:
    """Return one document with all retired paths."""
    schemas = {name: _object(members) for name, members in past.forms.items()}
    for row in past.resources:
        members: dict[str, Any] = {row.identity: past.forms[row.form][row.identity]}
        schemas[row.identity + _CODE] = _object(members | {"code": ["SUCCESS"]})
        schemas[row.serving] = _object(past.forms[DATES] | {"servingStatus": [row.serving]})
    paths: dict[str, Any] = {}
    for entity_operation in (*_entity_operations(past.resources), *past.operations):
        entry = paths.setdefault(entity_operation.path, {})
        entry[entity_operation.method.lower()] = _operation(entity_operation)
    value = {
        "openapi": "3.0.1",
        "info": {"title": "Retired paths before their shut-off date"},
        "paths": paths,
        "components": {"schemas": schemas},
    }
    return Document(f"contracts/{FILE}", NAME, value)


def _entity_operations(resources: tuple[Resource, ...]) -> Iterator[Operation]:
    """Yield the operations of each resource."""
    for row in resources:
        for verb in row.does:
            yield from _VERBS[verb](row)


def _entity_path(row: Resource) -> str:
    return f"{row.path}/{{{row.identity}}}"


_Verb = Callable[[Resource], tuple[Operation, ...]]


def _read(row: Resource, verb: str, path: str, form: str, *, many: bool) -> Operation:
    return Operation(f"{row.name}.{verb}", "GET", path, _DONE, form, many)


def _write(row: Resource, verb: str, method: str) -> tuple[Operation, ...]:
    code = row.identity + _CODE
    return (Operation(f"{row.name}.{verb}", method, row.path, _BATCH, code, many=True),)


def _extended(row: Resource) -> tuple[Operation, ...]:
    inside = f"{row.path}/extended"
    form = f"{row.form}+{row.serving}"
    return (
        _read(row, "extended.list", inside, form, many=True),
        _read(row, "extended.get", f"{inside}/{{{row.identity}}}", form, many=False),
    )


_VERBS: dict[str, _Verb] = {
    "list": lambda row: (_read(row, "list", row.path, row.form, many=True),),
    "get": lambda row: (_read(row, "get", _entity_path(row), row.form, many=False),),
    "extended": _extended,
    "create": lambda row: _write(row, "create", "POST"),
    "update": lambda row: _write(row, "update", "PUT"),
    "archive": lambda row: (
        Operation(f"{row.name}.archive", "DELETE", _entity_path(row), _DONE, row.identity + _CODE),
    ),
}


def _operation(row: Operation) -> dict[str, Any]:
    response: dict[str, Any] = {"description": ""}
    if row.form:
        parts = [_reference(name) for name in row.form.split("+")]
        schema: dict[str, Any] = parts[0] if len(parts) == 1 else {"allOf": parts}
        schema = {"type": "array", "items": schema} if row.many else schema
        response["content"] = {_JSON: {"schema": schema}}
    return {"operationId": row.name, "responses": {str(row.status): response}}


def _object(members: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object with all members required, so that replies are complete."""
    properties = {name: _member(kind) for name, kind in members.items()}
    return {"type": "object", "properties": properties, "required": [*properties]}


def _member(kind: Any) -> dict[str, Any]:
    if isinstance(kind, list):
        return {"type": "string", "enum": kind}
    if isinstance(kind, dict):
        ((count, name),) = kind.items()
        limits = {"minItems": 1} if count == "each" else {"maxItems": 0}
        return {"type": "array", "items": _reference(name), **limits}
    return _SCALARS.get(kind) or _reference(kind)


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}
