"""The schemas of an OpenAPI document as JSON Schema (draft 2020-12)."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal
from urllib.parse import quote, unquote

import jsonschema_rs

from adsmock.mockserver.services.generic.document import Document, target

Node = dict[str, Any]
Hidden = Literal["readOnly", "writeOnly"]
"""The members that one direction leaves out: requests have no ``readOnly`` members."""

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_HOME = "adsmock:document"
_EXCLUSIVE = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))
_PARTS = ("components", "paths", "definitions", "$defs")
"""The parts of a document that references point into."""


class Schemas:
    """The schemas of one document, converted at the first call of one of its operations."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._checkers: dict[tuple[str, Hidden], Any] = {}
        self._sides: dict[Hidden, tuple[Node, Any]] = {}

    def node(self, pointer: str) -> Node:
        """Return the schema of a reply at ``pointer``."""
        return _object(target(self._side("writeOnly")[0], pointer))

    def checker(self, pointer: str, hidden: Hidden) -> Any:
        """Return the compiled schema at ``pointer``.

        Raises:
            ValueError: the schema is invalid.
        """
        key = pointer, hidden
        if key not in self._checkers:
            registry = self._side(hidden)[1]
            schema = {"$schema": DRAFT, "$ref": _HOME + pointer}
            self._checkers[key] = jsonschema_rs.validator_for(schema, registry=registry)
        return self._checkers[key]

    def _side(self, hidden: Hidden) -> tuple[Node, Any]:
        """Return the document for one direction, and a registry that contains it."""
        if hidden not in self._sides:
            value = self.document.value
            is_old = str(value["openapi"]).startswith("3.0")
            converter = _Converter(value, hidden, is_old=is_old)
            whole = {name: converter.convert(value[name]) for name in _PARTS if name in value}
            registry = jsonschema_rs.Registry([(_HOME, {"$schema": DRAFT, **whole})])
            self._sides[hidden] = whole, registry
        return self._sides[hidden]

    def resolved(self, node: Any) -> Node:
        """Return a reply's schema with ``$ref`` and ``allOf`` merged into it."""
        return self._plain(_object(node), 0)

    def _plain(self, node: Node, depth: int) -> Node:
        if depth > _DEEPEST:
            return {}
        reference, parts = node.get("$ref"), node.get("allOf")
        if reference is None and parts is None:
            return node
        whole: Node = {name: each for name, each in node.items() if name not in ("$ref", "allOf")}
        inner = [self.node(reference)] if isinstance(reference, str) else []
        for part in (*inner, *(parts or ())):
            whole = intersection(whole, self._plain(_object(part), depth + 1))
        return whole


_DEEPEST = 30
"""Deeper nesting of ``$ref`` and ``allOf`` is taken for a cycle."""


def intersection(node: Node, other: Node) -> Node:
    """Return a schema that requires what both require, as far as one schema object can."""
    whole = {**node, **other}
    for name in node.keys() & other.keys():
        left, right = node[name], other[name]
        if name == "properties":
            whole[name] = {**left, **right}
            for member in left.keys() & right.keys():
                whole[name][member] = {"allOf": [left[member], right[member]]}
        elif name == "required":
            whole[name] = [*left, *(each for each in right if each not in left)]
        elif name == "enum":
            whole[name] = [each for each in left if each in right] or right
        elif name.startswith("min"):
            whole[name] = max(left, right)
        elif name.startswith("max"):
            whole[name] = min(left, right)
    return whole


class _Converter:
    """Rewrites OpenAPI keywords as JSON Schema, and leaves out what cannot be read."""

    def __init__(self, whole: Any, hidden: Hidden, *, is_old: bool) -> None:
        self.whole = whole
        self.hidden = hidden
        self.is_old = is_old

    def convert(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.convert(item) for item in value]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        if isinstance(reference, str):
            if target(self.whole, reference) is None:
                return {name: each for name, each in value.items() if name != "$ref"}
            return {"$ref": "#/" + quote(unquote(reference[2:]), safe="/~")} | (
                {} if self.is_old else self._siblings(value)
            )
        node = {name: self.convert(item) for name, item in value.items()}
        self._rewrite(node)
        return node

    def _siblings(self, value: Node) -> Any:
        return self.convert({name: each for name, each in value.items() if name != "$ref"})

    def _rewrite(self, node: Node) -> None:
        pattern = node.get("pattern")
        if isinstance(pattern, str) and not _is_readable(pattern):
            del node["pattern"]
        for exclusive, limit in _EXCLUSIVE:
            if isinstance(node.get(exclusive), bool):
                is_exclusive = node.pop(exclusive)
                if is_exclusive and limit in node:
                    node[exclusive] = node.pop(limit)
        if node.get("nullable") is True:
            _allow_null(node)
        if self.hidden == "readOnly" and isinstance(node.get("oneOf"), list):
            # Alternatives without required members share their values: many documents have them.
            node["allOf"] = [*node.get("allOf", ()), {"anyOf": node.pop("oneOf")}]
        self._drop_hidden(node)

    def _drop_hidden(self, node: Node) -> None:
        """Require no member that this direction leaves out."""
        members, required = node.get("properties"), node.get("required")
        if isinstance(members, dict) and isinstance(required, list):
            node["required"] = [
                each for each in required if _object(members.get(each)).get(self.hidden) is not True
            ]


def _allow_null(node: Node) -> None:
    if isinstance(node.get("type"), str):
        node["type"] = [node["type"], "null"]
    if isinstance(node.get("enum"), list) and None not in node["enum"]:
        node["enum"] = [*node["enum"], None]


def _object(value: Any) -> Node:
    return value if isinstance(value, dict) else {}


@cache
def _is_readable(pattern: str) -> bool:
    """Return whether a pattern compiles; some are written for other regex engines."""
    try:
        jsonschema_rs.validator_for({"pattern": pattern})
    except ValueError:
        return False
    return True
