"""Differences between a contract and an OpenAPI document of the same operations.

The comparison covers media types, parameters, statuses, and every member at every depth with its
type, values, limits and whether it is required. A contract file lists the differences it intends.

A difference is printed as ``<verb>/<part>/<member>/…#<keyword>``: the parts are ``parameter``,
``request`` and the status of a reply; ``[]`` is the item of an array, ``{}`` the value of a map.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from adsmock.contracts.openapi import operation_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from adsmock.contracts.contract_set import ContractSet
    from adsmock.contracts.model import Contract, Operation

Node = dict[str, Any]
Tree = dict[str, Node]

_KEYWORDS = (
    "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
    "minProperties", "maxProperties", "pattern", "default",
)  # fmt: skip
_NO_LIMITS = {"minLength": 0, "minItems": 0, "minProperties": 0}
"""Values of limits that limit nothing."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference: its place, the contract's value, the document's value."""

    where: str
    ours: Any
    theirs: Any


def differences(
    contract_set: ContractSet, contract: Contract, document: dict[str, Any]
) -> list[Mismatch]:
    """Return every difference between a contract and ``document``, in both directions."""
    found: list[Mismatch] = []
    paths = document["paths"]
    for served in contract.operations:
        operation = replace(served, answers="", seen_success=None)  # as documented
        name = operation.id.removeprefix(f"{contract.name}.")
        theirs = paths.get(operation.path, {}).get(operation.method.lower())
        if theirs is None:
            found.append(
                Mismatch(f"{name}#operation", f"{operation.method} {operation.path}", None)
            )
            continue
        success, theirs = _success(theirs, operation)
        if success != operation.success:
            found.append(Mismatch(f"{name}#success", operation.success, success))
        ours = operation_object(contract_set, contract, operation, numbers=False)
        apart = bool(operation.versions)
        left = _tree(name, ours, {}, operation, apart=apart)
        right = _tree(name, theirs, document, None, apart=apart)
        found.extend(_compare(left, right))
    known = {(row.path, row.method.lower()) for row in contract.operations}
    for path in sorted({row.path for row in contract.operations}):
        for method in sorted(set(paths.get(path, {})) & _METHODS):
            if (path, method) not in known:
                where = f"{method}:{path.strip('/').replace('/', '.')}#operation"
                found.append(Mismatch(where, None, f"{method.upper()} {path}"))
    return found


_VENDOR = "application/vnd."
_METHODS = {"get", "put", "post", "delete", "patch", "head", "options"}


def unexplained(wheres: Iterable[str], found: Iterable[Mismatch]) -> list[Mismatch]:
    """Return the differences that no row of the contract explains."""
    wheres = list(wheres)
    return [row for row in found if not any(matches(where, row.where) for where in wheres)]


def stale(wheres: Iterable[str], found: Iterable[Mismatch]) -> list[str]:
    """Return the rows of a contract that no longer explain a difference."""
    places = [row.where for row in found]
    return [where for where in wheres if not any(matches(where, place) for place in places)]


def matches(pattern: str, where: str) -> bool:
    """Return whether ``pattern`` matches ``where``; ``*`` is one segment or one keyword."""
    left, right = (text.replace("#", "/#").split("/") for text in (pattern, where))
    return len(left) == len(right) and all(
        one in {"*", other} or (one == "#*" and other.startswith("#"))
        for one, other in zip(left, right, strict=True)
    )


def places_of(row: dict[str, Any]) -> list[str]:
    """Return the places of a row, which names one or several."""
    where = row["where"]
    return [where] if isinstance(where, str) else where


def uncovered(
    contract_set: ContractSet, name: str, document: dict[str, Any], omissions: Iterable[Any]
) -> tuple[list[str], list[str]]:
    """Return operations of ``document`` that nothing describes or omits, and unused omissions."""
    mine = {
        (row.path, row.method.lower())
        for one in contract_set.by_name.values()
        if one.document == name
        for row in one.operations
    }
    left = [
        path
        for path, entry in document["paths"].items()
        for method in set(entry) & _METHODS
        if (path, method) not in mine
    ]
    wheres = [where for row in omissions if row["document"] == name for where in places_of(row)]
    missing = [path for path in left if not any(fnmatchcase(path, where) for where in wheres)]
    unused = [where for where in wheres if not any(fnmatchcase(path, where) for path in left)]
    return sorted(missing), unused


def _success(entry: dict[str, Any], operation: Operation) -> tuple[int, dict[str, Any]]:
    """Return the document's success status, and its entry with that reply under ours."""
    replies = entry["responses"]
    done = [status for status in replies if status.startswith("2")]
    if str(operation.success) in done or len(done) != 1:
        return operation.success, entry
    moved = {key: value for key, value in replies.items() if key != done[0]}
    moved[str(operation.success)] = replies[done[0]]
    return int(done[0]), {**entry, "responses": moved}


def _compare(ours: Tree, theirs: Tree) -> Iterator[Mismatch]:
    for where in sorted({*ours, *theirs}):
        parent = where.rpartition("/")[0]
        if where in ours and where in theirs:
            yield from _compare_node(where, ours[where], theirs[where])
        elif not parent or (parent in ours and parent in theirs):
            yield Mismatch(f"{where}#member", where in ours, where in theirs)


def _compare_node(where: str, ours: Node, theirs: Node) -> Iterator[Mismatch]:
    for keyword in sorted({*ours, *theirs}):
        left, right = ours.get(keyword), theirs.get(keyword)
        if left != right:
            yield Mismatch(f"{where}#{keyword}", left, right)


def _tree(
    name: str,
    entry: dict[str, Any],
    document: dict[str, Any],
    operation: Operation | None,
    *,
    apart: bool,
) -> Tree:
    """Return every node of an operation by pointer; a contract's only for declared statuses."""
    tree: Tree = {name: {}, f"{name}/parameter": {}}
    for raw in entry.get("parameters", []):
        row = _resolve(raw, document)
        where = f"{name}/parameter/{row['in']}.{row['name']}"
        tree[where] = {**_node(row["schema"], document), "required": row.get("required", False)}
    body = entry.get("requestBody")
    if body is not None:
        tree[f"{name}/request"] = {"required": body.get("required", False)}
        _content(tree, f"{name}/request", body["content"], document, apart=apart)
    for status, raw in entry["responses"].items():
        if operation is None or int(status) in operation.statuses:
            where = f"{name}/{status}"
            tree[where] = {}
            content = _resolve(raw, document).get("content", {})
            _content(tree, where, content, document, apart=apart and status.startswith("2"))
    return tree


def _content(
    tree: Tree, where: str, content: dict[str, Any], document: dict[str, Any], *, apart: bool
) -> None:
    """Add the bodies of every media type; with ``apart``, each under its own pointer."""
    tree[where]["media"] = sorted(content)
    for name, media in content.items():
        place = f"{where}/{name.removeprefix(_VENDOR).partition('+')[0]}" if apart else where
        for pointer, node in _walk(media["schema"], place, document):
            tree[pointer] = {**tree.get(pointer, {}), **node}


def _walk(raw: dict[str, Any], where: str, document: dict[str, Any]) -> Iterator[tuple[str, Node]]:
    schema = _resolve(raw, document)
    yield where, _node(schema, document)
    required = schema.get("required", [])
    children = dict(schema.get("properties", {}))
    if "items" in schema:
        children["[]"] = schema["items"]
    if isinstance(schema.get("additionalProperties"), dict):
        children["{}"] = schema["additionalProperties"]
    for name, child in children.items():
        first = True
        for pointer, node in _walk(child, f"{where}/{name}", document):
            yield pointer, ({**node, "required": name in required} if first else node)
            first = False


def _node(raw: dict[str, Any], document: dict[str, Any]) -> Node:
    """Return the keywords of a schema's own value, in one form for OpenAPI 3.0 and 3.1."""
    schema = _resolve(raw, document)
    kinds = schema.get("type", "object" if "properties" in schema else None)
    kinds = kinds if isinstance(kinds, list) else [kinds]
    plain = "|".join(str(kind) for kind in kinds if kind != "null")
    node: Node = {"type": f"{plain}({schema['format']})" if "format" in schema else plain}
    if "null" in kinds or schema.get("nullable"):
        node["nullable"] = True
    if "enum" in schema:
        node["enum"] = sorted(value for value in schema["enum"] if value is not None)
    if schema.get("alternatives", 1) > 1:
        node["alternatives"] = schema["alternatives"]
    for keyword in _KEYWORDS:
        if keyword in schema and _NO_LIMITS.get(keyword) != schema[keyword]:
            node[keyword] = schema[keyword]
    return node


def _union(arms: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a choice between objects of one member each as an object of exactly one member."""
    members = {name: child for arm in arms for name, child in arm["properties"].items()}
    required = [*members] if len(members) == 1 else []
    return {
        "type": "object", "properties": members, "required": required,
        "minProperties": 1, "maxProperties": 1,
    }  # fmt: skip


def _resolve(raw: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Return a schema without references; of alternatives the first, with their count."""
    while "$ref" in raw:
        target: Any = document
        for step in raw["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        raw = target
    forms = raw.get("anyOf") or raw.get("oneOf")
    if forms:
        arms = [_resolve(arm, document) for arm in forms]
        if all(len(arm.get("properties", {})) == 1 for arm in arms):
            return _union(arms)
        return {**arms[0], "alternatives": len(arms)}
    if "allOf" not in raw:
        return raw
    merged: dict[str, Any] = {key: value for key, value in raw.items() if key != "allOf"}
    for part in (_resolve(one, document) for one in raw["allOf"]):
        members = {**merged.get("properties", {}), **part.get("properties", {})}
        required = [*merged.get("required", []), *part.get("required", [])]
        merged = {**merged, **part, "properties": members, "required": required}
    return merged
