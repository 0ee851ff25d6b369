"""Comparison of the members of replies: which appear, their types, formats and values of enums.

Optional members come and go with the data, and both sides have different data. A member that one
side lacks is a difference only where the contract requires it, where no contract knows it, or
where one side always has it and the other never, over enough objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adsmock.contracts.model import Operation
from adsmock.harness.fidelity.difference import Aspect, Difference
from adsmock.harness.fidelity.fact_index import facts
from adsmock.harness.fidelity.reply_members import Path, ReplyMember, reply_members
from adsmock.harness.fidelity.shape import STRONG, MemberShape, Shape, objects_at, shape_of

ENOUGH = 8
"""Objects on each side after which "always" and "never" are no chance."""

_NOTHING = ReplyMember(frozenset())


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both shapes of the replies to one operation, and what the contract says."""

    operation: Operation
    service: Shape
    mock: Shape
    known: Mapping[Path, ReplyMember]
    steps: tuple[str, ...]

    def differ(self, aspect: Aspect, path: Path, service: str, mock: str) -> Difference:
        return Difference(
            self.operation.id,
            aspect,
            shown(path),
            service,
            mock,
            facts().member(self.operation, path),
            self.steps,
        )


def compare_members(
    operation: Operation, service: Iterable[Any], mock: Iterable[Any], steps: tuple[str, ...]
) -> Iterator[Difference]:
    """Yield the differences between the bodies of successful replies to one operation."""
    known = reply_members(operation.id)
    sides = _Sides(operation, shape_of(service), shape_of(mock), known, steps)
    for path in sorted({*sides.service, *sides.mock}):
        one, other = sides.service.get(path), sides.mock.get(path)
        if _is_below_open(known, path):
            continue
        if one is not None and other is not None:
            yield from _both(sides, path, one, other)
        elif one is not None:
            yield from _added(sides, path, one)
        elif other is not None:
            yield from _missing(sides, path, other)


def confirmed_members(service: Iterable[Any], mock: Iterable[Any]) -> Iterator[Path]:
    """Yield the paths that both sides have; the empty path of the body itself is not one."""
    one, other = shape_of(service), shape_of(mock)
    yield from (path for path in one if path and path in other)


def shown(path: Path) -> str:
    """Return a path as text: ``campaigns/*/name``."""
    return "/".join(path)


def _is_below_open(known: Mapping[Path, ReplyMember], path: Path) -> bool:
    """Say whether any name is allowed at a path."""
    return any(
        known[path[:length]].is_open for length in range(len(path)) if path[:length] in known
    )


def _both(sides: _Sides, path: Path, one: MemberShape, other: MemberShape) -> Iterator[Difference]:
    member = sides.known.get(path, _NOTHING)
    allowed = set(other.types) | member.types | {"null"}
    strange = sorted(set(one.types) - allowed)
    if strange:
        yield sides.differ("type", path, " or ".join(strange), _types(other, member))
    if (
        one.types["null"]
        and not other.types["null"]
        and path in sides.known
        and not member.nullable
    ):
        yield sides.differ("nullability", path, "null", "never null")
    if member.required and one.count < one.parents:
        yield sides.differ("member-missing", path, "missing in some objects", "always present")
    yield from _values(sides, path, one, other)


def _values(
    sides: _Sides, path: Path, one: MemberShape, other: MemberShape
) -> Iterator[Difference]:
    member = sides.known.get(path, _NOTHING)
    if member.enum:
        strange = sorted(one.values - member.enum - other.values)
        if strange:
            known = ", ".join(sorted(member.enum)[:6])
            yield sides.differ("enum", path, ", ".join(strange[:6]), f"knows {known}")
        return
    mine, theirs = set(one.formats), set(other.formats)
    if mine and theirs and not mine & theirs and (mine | theirs) & STRONG:
        yield sides.differ("format", path, _joined(mine), _joined(theirs))


def _added(sides: _Sides, path: Path, one: MemberShape) -> Iterator[Difference]:
    """Compare a member that only the service has."""
    around = path[:-1]
    if not path or not objects_at(sides.mock, around):
        return
    if path not in sides.known:
        if _has_name(path) and around in sides.known:
            yield sides.differ("member-added", path, _joined(one.types), "no such member")
    elif one.is_always and min(one.parents, objects_at(sides.mock, around)) >= ENOUGH:
        yield sides.differ("member-added", path, "always present", "never present")


def _missing(sides: _Sides, path: Path, other: MemberShape) -> Iterator[Difference]:
    """Compare a member that only the mock has."""
    parents = objects_at(sides.service, path[:-1])
    if not path or not parents:
        return
    member = sides.known.get(path, _NOTHING)
    is_enough = min(parents, other.parents) >= ENOUGH or _is_envelope(path)
    if member.required or (other.is_always and is_enough):
        yield sides.differ("member-missing", path, "never present", "always present")


def _has_name(path: Path) -> bool:
    return bool(path) and path[-1] != "*"


def _is_envelope(path: Path) -> bool:
    """Say whether a member belongs to the reply itself, which every reply has."""
    return len(path) == 1 and path[0] not in {"nextToken", "*"}


def _types(shape: MemberShape, member: ReplyMember) -> str:
    return " or ".join(sorted(set(shape.types) | member.types))


def _joined(words: Iterable[str]) -> str:
    return " or ".join(sorted(words))
