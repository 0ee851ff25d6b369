"""JSON Schemas (draft 2020-12) of replies, derived from contracts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from adsmock.contracts.contract_set import ItemError
from adsmock.contracts.loader import load
from adsmock.contracts.model import Contract, Operation
from adsmock.contracts.reply_row import ReplyRow
from adsmock.contracts.schema import (
    PLAIN,
    Schema,
    at_most,
    entity,
    form_body,
    members_of,
    object_of,
    plain_of,
)


def reply_body(contract: Contract, verb: str, operation: Operation | None = None) -> Schema:
    """Return the body of a successful reply (200, 202 or 207) to ``verb``.

    The ``operation`` decides where one verb has several replies.
    """
    if contract.row is not None and contract.shape == "split":
        return _split_reply(contract, contract.row, verb, operation)
    if operation is not None and operation.gives:
        return form_body(contract, operation.gives)
    if contract.row is not None:
        return _array_reply(contract, contract.row, verb, operation)
    return _REPLIES[contract.shape](contract, verb)


def error_rows(selectors: Iterable[str], *, reasoned: bool = True, entity_type: str = "") -> Schema:
    """Return the ``errors`` of an item or of a refused request with these kinds.

    Unless ``reasoned``, a reason is any text. An ``entity_type`` that the table of item errors
    does not contain is the only one that its family uses.
    """
    contract_set = load()
    kinds = {
        name: _item_error(contract_set.item_errors[name], entity_type) for name in sorted(selectors)
    }
    if not reasoned:
        for kind in kinds.values():
            kind["properties"]["reason"] = {"type": "string"}
    for kind in kinds.values():
        known = kind["properties"].get("entityType")
        if known and entity_type and entity_type not in known.get("enum", [entity_type]):
            kind["properties"]["entityType"] = {**known, "enum": [entity_type]}
    value = object_of(kinds, [])
    row = object_of(
        {"errorType": {"type": "string"}, "errorValue": value}, ["errorType", "errorValue"]
    )
    return {"type": "array", "items": row}


def _keyed_reply(contract: Contract, verb: str) -> Schema:
    if verb == "list":
        return _page(contract)
    index: Schema = {"type": "integer", "format": "int32", "minimum": 0}
    errors = error_rows(
        contract.selectors,
        reasoned=not contract.item_codes,
        entity_type=contract.entity_type,
    )
    failed = object_of({"errors": errors, "index": index}, ["index"])
    shown = entity(contract)
    if contract.brief and verb in {"create", "update"}:
        shown["required"] = list(contract.brief)
    done = {"index": index, contract.representation: shown}
    if contract.identity is not None:
        done[contract.identity.success] = {"type": "string"}
    limits = at_most(contract.batch_maximum)
    rows = {
        "error": {"type": "array", "items": failed, **limits},
        "success": {"type": "array", "items": object_of(done, ["index"]), **limits},
    }
    return object_of(
        {contract.envelope: object_of(rows, ["error", "success"])}, [contract.envelope]
    )


def _unified_reply(contract: Contract, verb: str) -> Schema:
    """Return two arrays without an envelope; each refusal has its codes."""
    if verb == "list":
        return _page(contract)
    last = {} if contract.batch_maximum is None else {"maximum": contract.batch_maximum - 1}
    index: Schema = {"type": "integer", "format": "int32", "minimum": 0, **last}
    text: Schema = {"type": "string"}
    code = {**text, "enum": contract.extra["codes"]}
    error = object_of({"code": code, "fieldLocation": text, "message": text}, ["code", "message"])
    errors = {"type": "array", "items": error, "minItems": 1, "maxItems": contract.extra["errors"]}
    failed = object_of({"errors": errors, "index": index}, ["errors", "index"])
    name = contract.representation
    done = object_of({"index": index, name: entity(contract)}, ["index", name])
    limits = at_most(contract.batch_maximum)
    rows = {
        "error": {"type": "array", "items": failed, **limits},
        "partialSuccess": {
            "type": "array",
            "items": object_of({"index": dict(index)}, []),
            "maxItems": 0,
        },
        "success": {"type": "array", "items": done, **limits},
    }
    return object_of(rows, ["error", "success"])


def _page(contract: Contract) -> Schema:
    members: Schema = {}
    page = contract.page
    if page is not None:
        rows: Schema = {"type": "array", "items": entity(contract), "maxItems": page.maximum}
        members = {page.key: rows, page.token: {"type": "string"}}
        if page.total:
            members[page.total] = PLAIN["int64"]
    return object_of(members, [])


def _bare_reply(contract: Contract, verb: str) -> Schema:
    if verb == "get":
        return entity(contract)
    if verb == "list":
        top = contract.page.maximum if contract.page else None
        return {"type": "array", "items": entity(contract), **at_most(top)}
    row: Schema = {"code": {"type": "string"}, "details": {"type": "string"}}
    if contract.identity is not None:
        row[contract.identity.field] = plain_of(contract.identity.type, numbers=False)
    return {"type": "array", "items": object_of(row, [])}


def _array_reply(
    contract: Contract, row: ReplyRow, verb: str, operation: Operation | None
) -> Schema:
    is_extended = operation is not None and operation.extended
    if verb in {"get", "list"}:
        item = entity(contract, extended=is_extended)
    else:
        item = _row(contract, row, is_whole=operation is not None and operation.whole)
    names_one = operation is not None and any(each.place == "path" for each in operation.parameters)
    if names_one:
        return item
    most = contract.batch_maximum if verb in {"create", "update"} else None
    if verb == "list" and contract.page is not None:
        most = contract.page.maximum
    return {"type": "array", "items": item, **at_most(most)}


def _split_reply(
    contract: Contract, row: ReplyRow, verb: str, operation: Operation | None
) -> Schema:
    """Return flat rows in two arrays; an operation on one entity replies as in a bare array."""
    if verb == "list":
        return _page(contract)
    if verb not in row.arrays:
        return _array_reply(contract, row, verb, operation)
    index: Schema = {row.index: {"type": "number"}}
    failed = _row(contract, row, is_whole=False)["properties"] | index
    done = {name: schema for name, schema in failed.items() if name in _done(contract, row)}
    if operation is not None and operation.whole:
        done[contract.representation] = entity(contract)
    limits = at_most(contract.batch_maximum)
    rows = {
        name: {"type": "array", "items": object_of(members, [row.index]), **limits}
        for name, members in zip(row.arrays[verb], (failed, done), strict=True)
    }
    return object_of(rows, list(row.arrays[verb]))


def _done(contract: Contract, row: ReplyRow) -> set[str]:
    """Return the members of the row of a success."""
    return {row.index, *([contract.identity.success] if contract.identity else [])}


def _row(contract: Contract, row: ReplyRow, *, is_whole: bool) -> Schema:
    """Return one row of a batch reply: a success or a refusal."""
    members: Schema = {row.code: {"type": "string"}, row.description: {"type": "string"}}
    if contract.identity is not None:
        members[contract.identity.success] = plain_of(contract.identity.type, numbers=False)
    if row.detail:
        texts = {"location", "message", "reason", "trigger"}
        error = object_of(
            {name: {"type": "string"} for name in sorted(texts)}, ["message", "reason"]
        )
        members[row.detail] = {"type": "array", "items": object_of({row.wrapper: error}, [])}
    if is_whole:
        members |= entity(contract)["properties"]
    return object_of(members, [])


def _single_reply(contract: Contract, verb: str) -> Schema:
    del verb  # every verb returns the job or the token
    return entity(contract)


def _report_reply(contract: Contract, verb: str) -> Schema:
    if verb != "delete" or contract.identity is None:
        return entity(contract)
    texts = ("code", "detail", contract.identity.field)
    return object_of({name: {"type": "string"} for name in texts}, [])


def _version_reply(contract: Contract, verb: str) -> Schema:
    if verb == "list":
        return _page(contract)
    asked = [row.name for row in contract.filters if row.required]
    names = [*asked, *([contract.identity.field] if contract.identity else [])]
    return object_of({name: {"type": "string"} for name in names}, [])


_REPLIES: dict[str, Callable[[Contract, str], Schema]] = {
    "keyed": _keyed_reply,
    "bare": _bare_reply,
    "job": _single_reply,
    "report": _report_reply,
    "single": _single_reply,
    "unified": _unified_reply,
    "versions": _version_reply,
}


def _item_error(error: ItemError, entity_type: str) -> Schema:
    reasons = error.reasons_of.get(entity_type, error.reasons)
    cause = object_of({"location": {"type": "string"}, "trigger": {"type": "string"}}, [])
    schema = members_of(error.fields, "read", numbers=False)
    reason: Schema = {"type": "string", "enum": list(reasons)}
    schema["properties"] |= {"cause": cause, "message": {"type": "string"}, "reason": reason}
    schema["required"] = sorted({*schema.get("required", []), "message", "reason"})
    return schema
