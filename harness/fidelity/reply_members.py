"""What the contracts say about each member of a successful reply, by its path.

A path is a tuple of member names; ``*`` is any row of an array.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from adsmock.contracts.operation_index import operations
from adsmock.contracts.reply_schema import reply_body

Path = tuple[str, ...]
ANY = "*"
_NUMBERS = {"integer", "number"}


@dataclass(frozen=True, slots=True)
class ReplyMember:
    """One member as documented; ``is_open`` if members below it have any name."""

    types: frozenset[str]
    required: bool = False
    nullable: bool = False
    enum: frozenset[str] = frozenset()
    format: str = ""
    is_open: bool = False


@cache
def reply_members(operation_id: str) -> Mapping[Path, ReplyMember]:
    """Return the documented members of the successful reply of an operation, by path."""
    index = operations()
    operation = next(row for row in index.all() if row.id == operation_id)
    try:
        schema = reply_body(index.contract(operation), operation.verb, operation)
    except KeyError:  # its reply has a form of its own that no contract describes
        return {}
    found: dict[Path, ReplyMember] = {}
    for path, member in _walk(schema, (), required=True):
        found[path] = _union(found[path], member) if path in found else member
    return found


def _walk(
    schema: Mapping[str, Any], path: Path, *, required: bool
) -> Iterator[tuple[Path, ReplyMember]]:
    for arm in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _walk(arm, path, required=required)
    kinds = schema.get("type", [])
    types = {kinds} if isinstance(kinds, str) else set(kinds)
    properties = schema.get("properties", {})
    additional = schema.get("additionalProperties")
    if types or properties or not schema:
        yield (
            path,
            ReplyMember(
                frozenset("number" if kind in _NUMBERS else kind for kind in types - {"null"}),
                required,
                "null" in types or None in schema.get("enum", ()),
                frozenset(filter(None, schema.get("enum", ()))),
                schema.get("format", ""),
                is_open=(not properties and "object" in types) or isinstance(additional, dict),
            ),
        )
    for name, below in properties.items():
        yield from _walk(below, (*path, name), required=name in schema.get("required", ()))
    if isinstance(schema.get("items"), dict):
        yield from _walk(schema["items"], (*path, ANY), required=False)


def _union(one: ReplyMember, other: ReplyMember) -> ReplyMember:
    """Return what holds for a member that has several forms."""
    has_both = bool(one.enum and other.enum)
    return ReplyMember(
        one.types | other.types,
        one.required and other.required,
        one.nullable or other.nullable,
        one.enum | other.enum if has_both else frozenset(),
        one.format if one.format == other.format else "",
        one.is_open or other.is_open,
    )
