"""JSON Schemas (draft 2020-12) of bodies, derived from contracts.

Knows how a field, a filter and an envelope look as JSON Schema. Must not know how a breach is
worded or what happens to a body. Members that a schema does not name are lawful: the real
service ignores them.

Every function takes ``numbers``: whether an id may also come as a JSON number. Requests take
both; the documented form, which replies keep, is the string.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from contracts.loader import fields_of, filters_of, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from contracts.form import Contract, Field, Filter, Operation
    from contracts.record import ItemError

Schema = dict[str, Any]
Direction = Literal["create", "update", "read"]

_PLAIN: dict[str, Schema] = {
    "string": {"type": "string"},
    "integer": {"type": "integer", "format": "int32"},
    "int64": {"type": "integer", "format": "int64"},
    "number": {"type": "number", "format": "double"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "dateTime": {"type": "string", "format": "date-time"},
}
_LIMITS: dict[str, dict[str, str]] = {
    "array": {"min_items": "minItems", "max_items": "maxItems"},
    "map": {"min_items": "minProperties", "max_items": "maxProperties"},
    "": {
        "minimum": "minimum",
        "maximum": "maximum",
        "min_length": "minLength",
        "max_length": "maxLength",
        "pattern": "pattern",
    },
}


def create_body(contract: Contract, kind: str = "", *, numbers: bool = True) -> Schema:
    """Return the body of a create: a batch, or the request of one ``kind`` of job."""
    if contract.shape == "job":
        filters = filters_of(contract, kind)
        return _object({row.name: _filter(row, numbers=numbers) for row in filters}, [])
    if contract.shape in {"single", "report"}:
        return entity(contract, "create", numbers=numbers)
    return _batch(contract, "create", numbers=numbers)


def update_body(contract: Contract, *, numbers: bool = True) -> Schema:
    """Return the body of an update: a keyed batch or a bare array."""
    if contract.shape == "bare":
        return {"type": "array", "items": entity(contract, "update", numbers=numbers)}
    return _batch(contract, "update", numbers=numbers)


def list_body(contract: Contract, *, numbers: bool = True) -> Schema:
    """Return the body of a list; an absent body counts as ``{}``, which always fits."""
    members = {row.name: _filter(row, numbers=numbers) for row in contract.filters}
    if contract.page is not None:
        size: Schema = {"type": "integer", "format": "int32", "minimum": 1}
        members[contract.page.size] = {**size, "maximum": contract.page.maximum}
        members[contract.page.token] = {"type": "string"}
    if contract.extended:
        members["includeExtendedDataFields"] = {"type": "boolean"}
    return _object(members, [])


def archive_body(contract: Contract, *, numbers: bool = True) -> Schema:
    """Return the body of an archive: the id filter of the contract's identity."""
    selector = contract.identity.selector if contract.identity else ""
    row = next(row for row in contract.filters if row.name == selector)
    return _object({selector: _filter(row, numbers=numbers)}, [selector])


def entity(contract: Contract, direction: Direction = "read", *, numbers: bool = False) -> Schema:
    """Return one entity as it is created, updated or read."""
    schema = _members(contract.fields, direction, numbers=numbers)
    if direction == "read" and contract.extended:
        extended = _members(contract.extended, "read", numbers=numbers)
        schema["properties"]["extendedData"] = extended
    return schema


def record(contract: Contract, kind: str) -> Schema:
    """Return one record of an export file of ``kind``."""
    return _members(fields_of(contract, kind), "read", numbers=False)


def reply_body(contract: Contract, verb: str) -> Schema:
    """Return the body of a successful reply (200, 202 or 207) to ``verb``."""
    return _REPLIES[contract.shape](contract, verb)


def request_body(
    contract: Contract, operation: Operation, *, numbers: bool = True
) -> Schema | None:
    """Return the body of a request of ``operation``; ``None`` when it has none."""
    if not operation.request:
        return None
    bodies: dict[str, Callable[[], Schema]] = {
        "update": lambda: update_body(contract, numbers=numbers),
        "list": lambda: list_body(contract, numbers=numbers),
        "archive": lambda: archive_body(contract, numbers=numbers),
    }
    body = bodies.get(operation.verb)
    return body() if body else create_body(contract, operation.kind, numbers=numbers)


def error_rows(selectors: Iterable[str]) -> Schema:
    """Return the ``errors`` of an item or of a refused request with these kinds."""
    book = load()
    kinds = {name: _item_error(book.item_errors[name]) for name in sorted(selectors)}
    value = _object(kinds, [])
    row = _object(
        {"errorType": {"type": "string"}, "errorValue": value}, ["errorType", "errorValue"]
    )
    return {"type": "array", "items": row}


def _keyed_reply(contract: Contract, verb: str) -> Schema:
    if verb == "list":
        return _page(contract)
    index: Schema = {"type": "integer", "format": "int32", "minimum": 0}
    failed = _object({"errors": error_rows(contract.selectors), "index": index}, ["index"])
    done = {"index": index, contract.representation: entity(contract)}
    if contract.identity is not None:
        done[contract.identity.success] = {"type": "string"}
    limits = _limits(contract.batch_maximum)
    rows = {
        "error": {"type": "array", "items": failed, **limits},
        "success": {"type": "array", "items": _object(done, ["index"]), **limits},
    }
    return _object({contract.envelope: _object(rows, ["error", "success"])}, [contract.envelope])


def _page(contract: Contract) -> Schema:
    members: Schema = {}
    page = contract.page
    if page is not None:
        rows: Schema = {"type": "array", "items": entity(contract), "maxItems": page.maximum}
        members = {page.key: rows, page.token: {"type": "string"}}
        if page.total:
            members[page.total] = _PLAIN["int64"]
    return _object(members, [])


def _bare_reply(contract: Contract, verb: str) -> Schema:
    if verb == "get":
        return entity(contract)
    if verb == "list":
        top = contract.page.maximum if contract.page else None
        return {"type": "array", "items": entity(contract), **_limits(top)}
    row: Schema = {"code": {"type": "string"}, "details": {"type": "string"}}
    if contract.identity is not None:
        row[contract.identity.field] = _plain(contract.identity.type, numbers=False)
    return {"type": "array", "items": _object(row, [])}


def _single_reply(contract: Contract, verb: str) -> Schema:
    del verb  # a job and a token are answered alike by every verb
    return entity(contract)


def _report_reply(contract: Contract, verb: str) -> Schema:
    if verb != "delete" or contract.identity is None:
        return entity(contract)
    texts = ("code", "detail", contract.identity.field)
    return _object({name: {"type": "string"} for name in texts}, [])


_REPLIES: dict[str, Callable[[Contract, str], Schema]] = {
    "keyed": _keyed_reply,
    "bare": _bare_reply,
    "job": _single_reply,
    "report": _report_reply,
    "single": _single_reply,
}


def _batch(contract: Contract, direction: Direction, *, numbers: bool) -> Schema:
    item = entity(contract, direction, numbers=numbers)
    rows = {"type": "array", "items": item, **_limits(contract.batch_maximum)}
    return _object({contract.envelope: rows}, [contract.envelope])


def _item_error(error: ItemError) -> Schema:
    cause = _object({"location": {"type": "string"}, "trigger": {"type": "string"}}, [])
    schema = _members(error.fields, "read", numbers=False)
    reason: Schema = {"type": "string", "enum": list(error.reasons)}
    schema["properties"] |= {"cause": cause, "message": {"type": "string"}, "reason": reason}
    schema["required"] = sorted({*schema.get("required", []), "message", "reason"})
    return schema


def _members(fields: Iterable[Field], direction: Direction, *, numbers: bool) -> Schema:
    present = [row for row in fields if getattr(row, direction) != "absent"]
    required = [row.name for row in present if getattr(row, direction) == "required"]
    return _object({row.name: _field(row, direction, numbers=numbers) for row in present}, required)


def _field(row: Field, direction: Direction, *, numbers: bool) -> Schema:
    if row.type == "object":
        schema = _members(row.fields, direction, numbers=numbers)
    elif row.items is not None:
        member = "items" if row.type == "array" else "additionalProperties"
        kind = "array" if row.type == "array" else "object"
        schema = {"type": kind, member: _field(row.items, direction, numbers=numbers)}
    else:
        schema = _plain(row.type, numbers=numbers)
    for name, keyword in _LIMITS.get(row.type, _LIMITS[""]).items():
        limit = getattr(row, name)
        if limit is not None:
            schema[keyword] = limit
    values = _values(row, direction)
    if values:
        schema["enum"] = values
    return _nullable(schema) if direction in row.nullable else schema


def _values(row: Field, direction: Direction) -> list[str]:
    """Return the lawful values: what a direction takes further adds to those of a create."""
    further = {"create": (), "update": row.update_enum, "read": (*row.update_enum, *row.read_enum)}
    return [*row.enum, *further[direction]]


def _nullable(schema: Schema) -> Schema:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    nullable = {**schema, "type": [*kinds, "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable


def _plain(kind: str, *, numbers: bool) -> Schema:
    if kind != "id":
        return dict(_PLAIN[kind])
    return {"type": ["string", "integer"]} if numbers else {"type": "string"}


def _filter(row: Filter, *, numbers: bool) -> Schema:
    value = _plain(row.type, numbers=numbers)
    if row.enum:
        value["enum"] = list(row.enum)
    if row.kind == "value":
        return value
    array: Schema = {"type": "array", "items": value, **_limits(row.max_items)}
    if row.min_items is not None:
        array["minItems"] = row.min_items
    if row.default:
        array["default"] = list(row.default)
    if row.kind == "values":
        return array
    if row.kind == "include":
        return _object({"include": array}, ["include"])
    match: Schema = {"type": "string", "enum": ["BROAD_MATCH", "EXACT_MATCH"]}
    required = ["queryTermMatchType"] if row.match_required else []
    return _object({"include": array, "queryTermMatchType": match}, required)


def _limits(maximum: int | None) -> Schema:
    return {} if maximum is None else {"maxItems": maximum}


def _object(properties: Schema, required: list[str]) -> Schema:
    schema: Schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return schema
