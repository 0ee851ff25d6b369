"""The OpenAPI 3.1 document of the data plane, derived from the contracts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from adsmock.contracts.contract_set import OWN_TYPE, ContractSet, Refusal
from adsmock.contracts.loader import load
from adsmock.contracts.model import Contract, Operation, Parameter
from adsmock.contracts.reply_schema import error_rows, reply_body
from adsmock.contracts.schema import form_body, request_bodies

BAD_REQUEST = 400
SCOPE_HEADER = "Amazon-Advertising-API-Scope"
PREFER_HEADER = "Prefer"
SHARED_FROM = 150
"""Schemas of this many characters become components: the document shrinks to a third."""
REFUSALS = (400, 401, 403, 404, 405, 406, 408, 413, 415, 429, 500, 502, 503, 504)
"""Statuses that any operation may return, even if its own document omits them."""

_TITLES = {
    200: "Done",
    201: "Created",
    202: "Accepted; poll for the result",
    207: "Result of each item",
    400: "Invalid request",
    401: "Invalid token or scope",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    408: "The body arrived too late",
    413: "The body is too large",
    415: "Unsupported content type",
    422: "Cannot be processed",
    425: "The same job is already running",
    429: "Throttled",
    500: "Internal error",
    502: "Bad gateway",
    503: "Service unavailable",
    504: "Gateway timeout",
}


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document of every operation; the same object every time."""
    contract_set = load()
    paths: dict[str, Any] = {}
    for contract in contract_set.by_name.values():
        for operation in contract.operations:
            entry = operation_object(contract_set, contract, operation)
            methods, method = paths.setdefault(operation.path, {}), operation.method.lower()
            methods[method] = joined(methods[method], entry) if method in methods else entry
    parts: dict[str, dict[str, Any]] = {}
    paths = _share(paths, parts, {})
    return {
        "openapi": "3.1.0",
        "info": {"title": "adsmock data plane", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": parts,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _share(value: Any, parts: dict[str, dict[str, Any]], names: dict[str, str]) -> Any:
    """Return ``value`` with every long schema moved to ``parts``; equal ones share a name."""
    if isinstance(value, list):
        return [_share(item, parts, names) for item in value]
    if not isinstance(value, dict):
        return value
    shared = {key: _share(item, parts, names) for key, item in value.items()}
    if shared.get("type") not in ("object", "array"):
        return shared
    text = json.dumps(shared, sort_keys=True)
    if len(text) < SHARED_FROM:
        return shared
    name = names.setdefault(text, f"part{len(names)}")
    parts[name] = shared
    return {"$ref": f"#/components/schemas/{name}"}


def joined(row: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return two operations of one route as one: bodies and replies of either are valid."""
    both = {**row, "tags": [*row["tags"], *other["tags"]]}
    if "requestBody" in row:
        content = _either(row["requestBody"]["content"], other["requestBody"]["content"])
        both["requestBody"] = {**row["requestBody"], "content": content}
    both["responses"] = {**other["responses"], **row["responses"]}
    for status in set(row["responses"]) & set(other["responses"]):
        left, right = row["responses"][status], other["responses"][status]
        both["responses"][status] = {**left, "content": _either(left["content"], right["content"])}
    return both


def _either(row: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return the content of either, by media type."""
    content = {**other, **row}
    for media in set(row) & set(other):
        left, right = row[media]["schema"], other[media]["schema"]
        if left != right:
            known = left.get("anyOf", [left])
            content[media] = {"schema": {"anyOf": [*known, right]}}
    return content


def operation_object(
    contract_set: ContractSet, contract: Contract, operation: Operation, *, numbers: bool = True
) -> dict[str, Any]:
    """Return the OpenAPI object of one operation; ``numbers`` as in ``contracts.schema``."""
    entry: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [contract.name],
        "parameters": [*_headers(operation), *map(_parameter, operation.parameters)],
        "responses": dict(_responses(contract_set, contract, operation)),
    }
    if operation.client:
        entry["security"] = [{"token": []}]
    bodies = request_bodies(contract, operation, numbers=numbers)
    if bodies:
        entry["requestBody"] = {
            "required": operation.verb != "list" or any(row.required for row in contract.filters),
            "content": {kind: {"schema": schema} for kind, schema in bodies.items()},
        }
    return entry


def _headers(operation: Operation) -> list[dict[str, Any]]:
    text = {"type": "string"}
    headers = []
    if operation.client:
        name = operation.client_header
        headers.append({"in": "header", "name": name, "required": True, "schema": text})
    if operation.scope:
        headers.append({"in": "header", "name": SCOPE_HEADER, "required": True, "schema": text})
    if operation.prefer:
        headers.append({"in": "header", "name": PREFER_HEADER, "required": False, "schema": text})
    return headers


def _parameter(row: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if row.type == "array":
        schema = {"type": "array", "items": schema}
    elif row.type != "string":
        schema = {"type": "boolean"} if row.type == "boolean" else {"type": "integer"}
    if row.type in {"int32", "int64"}:
        schema["format"] = row.type
    if row.enum:
        schema["enum"] = list(row.enum)
    if row.maximum is not None:
        schema["maximum"] = row.maximum
    if row.default is not None:
        schema["default"] = int(row.default) if schema["type"] == "integer" else row.default
    return {"in": row.place, "name": row.name, "required": row.required, "schema": schema}


def _responses(
    contract_set: ContractSet, contract: Contract, operation: Operation
) -> Iterator[tuple[str, dict[str, Any]]]:
    if operation.versions:
        done = {row.reply: form_body(contract, row.gives) for row in operation.versions}
    else:
        schema = reply_body(contract, operation.verb, operation)
        named = (operation.reply, *operation.replies, operation.answers)
        done = dict.fromkeys([kind for kind in named if kind not in {"", "*/*"}], schema)
    successes = {operation.success, operation.seen_success or operation.success}
    for success in sorted(successes):
        yield (
            str(success),
            {
                "description": _TITLES[success],
                "content": {kind: {"schema": schema} for kind, schema in done.items()},
            },
        )
    for status in sorted({*operation.statuses, *REFUSALS} - successes):
        refused = _refusals(contract_set, contract, operation, status)
        if refused["content"]:
            yield str(status), refused


def _refusals(
    contract_set: ContractSet, contract: Contract, operation: Operation, status: int
) -> dict[str, Any]:
    """Return the response of a status: the schema of every kind of refusal with that status."""
    dialect = operation.dialect or contract.dialect
    content: dict[str, list[Any]] = {}
    for kind, value in contract_set.kinds.items():
        if value != status or not contract_set.has_text(dialect, kind):
            continue
        refusal = contract_set.refusal(dialect, kind)
        schema = refusal_body(refusal)
        if status == BAD_REQUEST and contract.list_selectors and "properties" in schema:
            names = contract.list_selectors if operation.verb == "list" else contract.selectors
            is_reasoned = not contract.item_codes
            schema["properties"]["errors"] = error_rows(
                names, reasoned=is_reasoned, entity_type=contract.entity_type
            )
        for media in _refused_types(operation, refusal):
            _add(content.setdefault(media, []), schema)
    if contract.dialect == contract_set.lwa.dialect:
        codes = sorted(
            {row.error for row in contract_set.lwa.errors.values() if row.status == status}
        )
        for schemas in content.values():
            _widen(schemas, codes)
    return {
        "description": _TITLES.get(status, "Refused"),
        "content": {
            media: {"schema": schemas[0] if len(schemas) == 1 else {"anyOf": schemas}}
            for media, schemas in content.items()
        },
    }


def _refused_types(operation: Operation, refusal: Refusal) -> list[str]:
    if refusal.content_type != OWN_TYPE:
        return [refusal.content_type]
    return [operation.reply, *filter(None, [operation.answers])]


def refusal_body(refusal: Refusal) -> dict[str, Any]:
    """Return the JSON Schema of one refusal: its members, at all depths, and its code."""
    return _shape(refusal.body, refusal.code)


def _shape(body: Any, code: str) -> dict[str, Any]:
    if isinstance(body, list):
        return {"type": "array", "items": _shape(body[0], code)}
    if not isinstance(body, dict):
        return {"type": "string", "enum": [code]} if body == "$code" else {"type": "string"}
    properties = {name: _shape(value, code) for name, value in body.items()}
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _add(schemas: list[Any], schema: dict[str, Any]) -> None:
    if schema not in schemas:
        schemas.append(schema)


def _widen(schemas: list[Any], codes: list[str]) -> None:
    for schema in schemas:
        values = schema["properties"]["error"]
        values["enum"] = sorted({*values["enum"], *codes})
