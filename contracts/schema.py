"""JSON Schemas (draft 2020-12) of bodies, derived from contracts.

Members that a schema does not name are allowed: the real service ignores them.

Every function takes ``numbers``: whether an id may also have its other type, a number for a string
or a string of digits for a number. Requests accept both; replies keep the documented type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

from adsmock.contracts.loader import created_fields, export_filters, form_fields, record_fields
from adsmock.contracts.model import Contract, Field, Filter, Operation

Schema = dict[str, Any]
Direction = Literal["create", "update", "read"]

PLAIN: dict[str, Schema] = {
    "string": {"type": "string"},
    "integer": {"type": "integer", "format": "int32"},
    "int64": {"type": "integer", "format": "int64"},
    "number": {"type": "number", "format": "double"},
    "whole": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "day": {"type": "string"},
    "dateTime": {"type": "string", "format": "date-time"},
}
_LIMITS: dict[str, dict[str, str]] = {
    "array": {"min_items": "minItems", "max_items": "maxItems"},
    "map": {"min_items": "minProperties", "max_items": "maxProperties"},
    "object": {"min_items": "minProperties", "max_items": "maxProperties"},
    "": {
        "minimum": "minimum",
        "maximum": "maximum",
        "min_length": "minLength",
        "max_length": "maxLength",
        "pattern": "pattern",
    },
}


DIGITS: Schema = {
    "type": ["integer", "string"],
    "minimum": 0,
    "maximum": 2**63 - 1,
    "pattern": "^[0-9]{1,18}$",
}
"""An ``int64`` of a request, as a number or a string of digits."""
_ARRAYS = {"array", "bare"}
"""Shapes whose batches are bare arrays."""


def create_body(contract: Contract, kind: str = "", *, numbers: bool = True) -> Schema:
    """Return the body of a create: a batch, or the request of one ``kind`` of job."""
    if contract.shape == "job":
        filters = export_filters(contract, kind)
        return object_of({row.name: _filter(row, numbers=numbers) for row in filters}, [])
    if contract.shape in {"single", "report"}:
        return entity(contract, "create", numbers=numbers)
    item = members_of(created_fields(contract, kind), "create", numbers=numbers)
    if contract.shape == "versions":
        return item
    return _batch(contract, item)


def replace_body(contract: Contract, kind: str, *, numbers: bool = True) -> Schema:
    """Return the body that replaces the content of a batch of entities."""
    row = contract.extra["replaces"]
    item = members_of(created_fields(contract, kind), "create", numbers=numbers)
    items = {"type": "array", "items": item, "minItems": 1, "maxItems": row["maximum"]}
    return object_of({row["envelope"]: items}, [row["envelope"]])


def update_body(contract: Contract, *, numbers: bool = True) -> Schema:
    """Return the body of an update: a keyed batch or a bare array."""
    return _batch(contract, entity(contract, "update", numbers=numbers))


def list_body(contract: Contract, *, numbers: bool = True, extended: bool = False) -> Schema:
    """Return the body of a list; an absent body counts as ``{}``, which is always valid.

    With ``extended`` the reply always has the extended members, so no member requests them.
    """
    omitted = (
        contract.identity.selector if contract.shape == "unified" and contract.identity else ""
    )
    filters = [row for row in contract.filters if row.name != omitted]
    members = {row.name: _filter(row, numbers=numbers) for row in filters if row.kind != "typed"}
    typed = [_typed(row, numbers=numbers) for row in filters if row.kind == "typed"]
    if typed:
        members["filters"] = {"type": "array", "items": {"anyOf": typed}}
    if contract.page is not None:
        members[contract.page.token] = {"type": "string"}
    if contract.page is not None and contract.page.size:
        size: Schema = {"type": "integer", "format": "int32", "minimum": 1}
        usual = {} if contract.page.default is None else {"default": contract.page.default}
        members[contract.page.size] = {**size, "maximum": contract.page.maximum, **usual}
        members[contract.page.token] = {"type": "string"}
    if contract.extended and not extended:
        members["includeExtendedDataFields"] = {"type": "boolean"}
    return object_of(members, [row.name for row in filters if row.required])


def archive_body(contract: Contract, *, numbers: bool = True) -> Schema:
    """Return the body of an archive: the id filter of the contract's identity."""
    selector = contract.identity.selector if contract.identity else ""
    row = next(row for row in contract.filters if row.name == selector)
    return object_of({selector: _filter(row, numbers=numbers)}, [selector])


def entity(
    contract: Contract,
    direction: Direction = "read",
    *,
    numbers: bool = False,
    extended: bool = False,
) -> Schema:
    """Return one entity in a create, an update or a read.

    With ``extended``, rows of a bare array have the extended members among the others;
    elsewhere these have their own object.
    """
    if contract.shape == "array":
        more = contract.extended if extended else ()
        return members_of((*contract.fields, *more), direction, numbers=numbers)
    schema = members_of(contract.fields, direction, numbers=numbers)
    if direction == "read" and contract.extended:
        data = members_of(contract.extended, "read", numbers=numbers)
        schema["properties"]["extendedData"] = data
    return schema


def record(contract: Contract, kind: str) -> Schema:
    """Return one record of an export file of ``kind``."""
    return members_of(record_fields(contract, kind), "read", numbers=False)


def request_bodies(
    contract: Contract, operation: Operation, *, numbers: bool = True
) -> dict[str, Schema]:
    """Return the bodies of requests of ``operation`` by media type; empty without a body."""
    if operation.versions:
        return {
            row.request: form_body(contract, row.takes, numbers=numbers)
            for row in operation.versions
            if row.request
        }
    schema = request_body(contract, operation, numbers=numbers)
    media = (operation.request, *operation.accepts)
    return {} if schema is None else dict.fromkeys(media, schema)


def request_body(
    contract: Contract, operation: Operation, *, numbers: bool = True
) -> Schema | None:
    """Return the body of a request of ``operation``; ``None`` without a body."""
    if not operation.request:
        return None
    if operation.takes:
        return form_body(contract, operation.takes, numbers=numbers)
    bodies: dict[str, Callable[[], Schema]] = {
        "update": lambda: update_body(contract, numbers=numbers),
        "list": lambda: list_body(contract, numbers=numbers, extended=operation.extended),
        "archive": lambda: archive_body(contract, numbers=numbers),
        "replace": lambda: replace_body(contract, operation.kind, numbers=numbers),
    }
    body = bodies.get(operation.verb)
    schema = body() if body else create_body(contract, operation.kind, numbers=numbers)
    if operation.maximum is not None:
        schema["properties"][contract.envelope]["maxItems"] = operation.maximum
    return schema


def form_body(contract: Contract, name: str, *, numbers: bool = False) -> Schema:
    """Return the body with the members of a form; one member without a name is the body."""
    rows = form_fields(contract, name)
    if len(rows) == 1 and not rows[0].name:
        return _field(rows[0], "read", numbers=numbers)
    return members_of(rows, "read", numbers=numbers)


def _batch(contract: Contract, item: Schema) -> Schema:
    least = {} if contract.batch_minimum is None else {"minItems": contract.batch_minimum}
    rows = {"type": "array", "items": item, **at_most(contract.batch_maximum), **least}
    if contract.shape in _ARRAYS:
        return rows
    return object_of({contract.envelope: rows}, [contract.envelope])


def members_of(fields: Iterable[Field], direction: Direction, *, numbers: bool) -> Schema:
    """Return the object with the members of ``direction``."""
    present = [row for row in fields if getattr(row, direction) != "absent"]
    required = [row.name for row in present if getattr(row, direction) == "required"]
    return object_of(
        {row.name: _field(row, direction, numbers=numbers) for row in present}, required
    )


def _field(row: Field, direction: Direction, *, numbers: bool) -> Schema:
    if row.type == "object":
        schema = members_of(row.fields, direction, numbers=numbers)
    elif row.items is not None:
        member = "items" if row.type == "array" else "additionalProperties"
        kind = "array" if row.type == "array" else "object"
        schema = {"type": kind, member: _field(row.items, direction, numbers=numbers)}
    else:
        schema = plain_of(row.type, numbers=numbers)
    for name, keyword in _LIMITS.get(row.type, _LIMITS[""]).items():
        limit = getattr(row, name)
        if limit is not None:
            schema[keyword] = limit
    values = _values(row, direction)
    if values:
        schema["enum"] = values
    if row.others:
        return {
            "anyOf": [schema, *(_field(each, direction, numbers=numbers) for each in row.others)]
        }
    return _nullable(schema) if direction in row.nullable else schema


def _values(row: Field, direction: Direction) -> list[str]:
    """Return the allowed values: those of a create and those that the direction adds."""
    added = {"create": (), "update": row.update_enum, "read": (*row.update_enum, *row.read_enum)}
    return [*row.enum, *added[direction]]


def _nullable(schema: Schema) -> Schema:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    nullable = {**schema, "type": [*kinds, "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable


def plain_of(kind: str, *, numbers: bool) -> Schema:
    """Return the schema of a plain value."""
    if kind == "int64" and numbers:
        return dict(DIGITS)
    if kind != "id":
        return dict(PLAIN[kind])
    return {"type": ["string", "integer"]} if numbers else {"type": "string"}


def _filter(row: Filter, *, numbers: bool) -> Schema:
    value = plain_of(row.type, numbers=numbers)
    if row.enum:
        value["enum"] = list(row.enum)
    if row.kind == "value":
        return value
    array: Schema = {"type": "array", "items": value, **at_most(row.max_items)}
    if row.min_items is not None:
        array["minItems"] = row.min_items
    if row.default:
        array["default"] = list(row.default)
    if row.kind == "values":
        return array
    if row.kind == "include":
        return object_of({"include": array}, ["include"])
    match: Schema = {"type": "string", "enum": ["BROAD_MATCH", "EXACT_MATCH"]}
    required = ["include"] if row.min_items else []
    if row.match_required:
        required = [*required, "queryTermMatchType"]
    return object_of({"include": array, "queryTermMatchType": match}, required)


def _typed(row: Filter, *, numbers: bool) -> Schema:
    """Return one row of typed filters: the type's name and its values."""
    value = plain_of(row.type, numbers=numbers)
    if row.enum:
        value["enum"] = list(row.enum)
    least = {} if row.min_items is None else {"minItems": row.min_items}
    values: Schema = {"type": "array", "items": value, **at_most(row.max_items), **least}
    kind: Schema = {"type": "string", "enum": [row.name]}
    return object_of({"filterType": kind, "values": values}, ["filterType", "values"])


def at_most(maximum: int | None) -> Schema:
    """Return the limit of an array's length; empty without one."""
    return {} if maximum is None else {"maxItems": maximum}


def object_of(properties: Schema, required: list[str]) -> Schema:
    """Return an object with these members; others are allowed too."""
    schema: Schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return schema
