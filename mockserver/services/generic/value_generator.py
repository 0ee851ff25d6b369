"""Values that are valid for a schema, generated from a seed.

Three libraries were measured with 102 replies of Amazon's documents. ``jsf`` 0.11 took over five
seconds for some and uses Python's global random generator. ``hypothesis-jsonschema`` 0.23 does not
run with current Hypothesis and took 100 ms for a reply. ``faker-jsonschema`` 1.0 failed for one
reply in six. So ``jsonschema_rs`` checks the values, and ``rstr`` generates strings for patterns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.services.generic.plain_values import Seed, number, text
from adsmock.mockserver.services.generic.schema import Node, Schemas

DEEPEST = 8
"""Below this depth only required members are generated."""
LARGEST = 3_000
"""After this number of values only required members are generated."""
_FLAT_ROWS = 3
"""From this depth on, an array has one item."""
_BOTTOM = 60

_PAGING = re.compile(r"^next.*(token|cursor)$", re.IGNORECASE)
"""Members that announce another page: a client that follows them would never end."""
_FAILURES = re.compile("error|fail", re.IGNORECASE)


class NoValidValue(ValueError):
    """No valid value was found for a schema, usually because it requires itself."""


@dataclass(slots=True)
class Echo:
    """Request values that a reply may repeat: scalar members, and those of each batch item."""

    members: Mapping[str, Any] = field(default_factory=dict)
    rows: Sequence[Mapping[str, Any]] = ()


@dataclass(slots=True)
class ValueGenerator:
    """Generates one value. A later ``attempt`` takes other alternatives.

    ``is_sparse`` leaves out optional members; ``country`` localizes names and addresses.
    """

    schemas: Schemas
    seed: Seed
    attempt: int = 0
    echo: Echo = field(default_factory=Echo)
    is_sparse: bool = False
    country: str = "US"
    count: int = 0

    def generate(self, node: Node) -> Any:
        """Return a value for ``node``.

        Raises:
            NoValidValue: the schema requires itself.
        """
        return self._value(node, "", self.seed, 0, self.echo.members)

    def _value(self, raw: Any, name: str, seed: Seed, depth: int, known: Mapping[str, Any]) -> Any:
        if depth > _BOTTOM:
            raise NoValidValue(f'the schema of "{name}" requires itself')
        self.count += 1
        node = self._with_alternative(self.schemas.resolved(raw), seed)
        given = self._fixed_value(node, name, seed, known)
        if given is not _MISSING:
            return given
        kind = _kind(node)
        if kind == "object":
            return self._object(node, seed, depth, known)
        if kind == "array":
            return self._array(node, name, seed, depth, known)
        return _plain(kind, node, name, seed, self.country)

    def _with_alternative(self, node: Node, seed: Seed) -> Node:
        """Return a schema with one of its alternatives merged into it."""
        for word in ("oneOf", "anyOf"):
            options = node.get(word)
            if isinstance(options, list) and options:
                plain = [self.schemas.resolved(option) for option in options]
                useful = [each for each in plain if each.get("type") != "null"] or plain
                place = (self.attempt + seeded_random.integer(len(useful), *seed)) % len(useful)
                rest = {key: value for key, value in node.items() if key != word}
                return self._with_alternative(
                    self.schemas.resolved({"allOf": [rest, useful[place]]}), seed
                )
        return node

    def _fixed_value(self, node: Node, name: str, seed: Seed, known: Mapping[str, Any]) -> Any:
        """Return the value that the request or the schema fixes, else ``_MISSING``."""
        values = [value for value in node.get("enum", ()) if value is not None]
        if not self.attempt and name in known:
            echoed = _fitting(known[name], node, values)
            if echoed is not _MISSING:
                return echoed
        if "const" in node:
            return node["const"]
        if values:
            return values[seeded_random.integer(len(values), *seed)]
        example = node.get("example", next(iter(_list(node.get("examples"))), None))
        is_plain = isinstance(example, str | int | float | bool)
        return example if is_plain and not self.attempt else _MISSING

    def _object(
        self, node: Node, seed: Seed, depth: int, known: Mapping[str, Any]
    ) -> dict[str, Any]:
        members, required = _dict(node.get("properties")), _list(node.get("required"))
        made: dict[str, Any] = {}
        for name in [*members, *(each for each in required if each not in members)]:
            if name not in required and not self._is_included(name, depth):
                continue
            try:
                inner = members.get(name, self._additional(node))
                made[name] = self._value(inner, name, (*seed, name), depth + 1, known)
            except NoValidValue:
                if name in required:
                    raise
        least = node.get("minProperties", 0 if members or self._is_minimal(depth) else 1)
        if node.get("additionalProperties", True) is not False:
            self._fill(made, node, least, seed, depth)
        return made

    def _fill(self, made: dict[str, Any], node: Node, least: int, seed: Seed, depth: int) -> None:
        """Add additional members where the schema describes or requires them."""
        further = node.get("additionalProperties")
        if not isinstance(further, dict) and least <= len(made):
            return
        if not isinstance(further, dict) and "minProperties" not in node:
            return
        while len(made) < least:
            name = f"key{len(made) + 1}"
            made[name] = self._value(self._additional(node), name, (*seed, name), depth + 1, {})

    def _additional(self, node: Node) -> Node:
        return _dict(node.get("additionalProperties")) or {"type": "string"}

    def _is_included(self, name: str, depth: int) -> bool:
        return not self._is_minimal(depth) and not _PAGING.search(name)

    def _is_minimal(self, depth: int) -> bool:
        return self.is_sparse or depth >= DEEPEST or self.count > LARGEST

    def _array(
        self, node: Node, name: str, seed: Seed, depth: int, known: Mapping[str, Any]
    ) -> list[Any]:
        rows: list[Any] = []
        first = _list(node.get("prefixItems"))
        item = node.get("items", {"type": "string"})
        if item is False:
            item = {}
        wanted = max(len(first), self._length(node, name, seed, depth))
        for place in range(wanted * (2 if node.get("uniqueItems") else 1)):
            if len(rows) == wanted:
                break
            inner = first[place] if place < len(first) else item
            row = self._value(inner, name, (*seed, place), depth + 1, self._row(known, place))
            if not node.get("uniqueItems") or row not in rows:
                rows.append(row)
        return rows

    def _length(self, node: Node, name: str, seed: Seed, depth: int) -> int:
        least, most = node.get("minItems", 0), node.get("maxItems")
        if _FAILURES.search(name) or self._is_minimal(depth):
            return int(least)
        wanted = 1 if depth >= _FLAT_ROWS else 1 + seeded_random.integer(3, *seed)
        is_batch = bool(self.echo.rows) and depth < _FLAT_ROWS
        wanted = len(self.echo.rows) if is_batch else wanted
        return int(max(least, wanted if most is None else min(wanted, most)))

    def _row(self, known: Mapping[str, Any], place: int) -> Mapping[str, Any]:
        mine = self.echo.rows[place] if place < len(self.echo.rows) else {}
        return {**known, **mine, "index": place}


_MISSING = object()


def _plain(kind: str, node: Node, name: str, seed: Seed, country: str) -> Any:
    if kind == "boolean":
        return seeded_random.integer(2, *seed) == 1
    if kind in {"integer", "number"}:
        return number(node, name, seed)
    return None if kind == "null" else text(node, name, seed, country)


def _kind(node: Node) -> str:
    kinds = node.get("type")
    if isinstance(kinds, list):
        kinds = next((kind for kind in kinds if kind != "null"), "null")
    if isinstance(kinds, str):
        return kinds
    if {"properties", "additionalProperties", "required"} & node.keys():
        return "object"
    if "items" in node:
        return "array"
    return "number" if {"minimum", "maximum"} & node.keys() else "string"


def _fitting(value: Any, node: Node, values: list[Any]) -> Any:
    """Return a request value in the type of the schema, or ``_MISSING``."""
    kind = _kind(node)
    if kind == "string" and isinstance(value, str | int) and not isinstance(value, bool):
        value = str(value)
    elif kind == "integer" and isinstance(value, str) and value.isdigit():
        value = int(value)
    elif not isinstance(value, _TYPES.get(kind, ())):
        return _MISSING
    return value if not values or value in values else _MISSING


_TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
