"""The first errors of a value against a schema, at a cost that does not grow with the value.

The validator collects every error before it returns one, and copies what it found wrong. So it only
gets small values: of a large value the items that are invalid, with long lists and objects cut.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

MAX_ERRORS = 10
"""Errors of one refusal; a thousand would only hide the first."""

_SMALL = 2_000
"""Values of which every error may be computed: about 10 milliseconds."""
_WIDTH = 100
"""Members of a list or object that remain of a longer one."""
_LENGTH = 4_096
"""Characters that remain of a longer text: more than any schema allows."""
_WINDOWS = 20
"""Parts of a long list that are looked at, beginning with the first."""
_LENGTH_ERRORS = frozenset({"minItems", "minProperties"})
"""What cutting a list or object causes, besides missing members."""

Path = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SchemaError:
    """One error: where it is, and the validator's own error with its kind and instance."""

    path: Path
    error: Any


def first_errors(validator: Any, value: Any) -> Iterator[SchemaError]:
    """Yield errors of an invalid value, the first ones first.

    Nothing comes where the value is large and each of its parts is valid on its own.
    """
    if is_small(value):
        return (
            SchemaError(tuple(each.instance_path), each) for each in validator.iter_errors(value)
        )
    return _of_large(validator, value)


def is_small(value: Any, most: int = _SMALL) -> bool:
    """Say whether a value has at most ``most`` values in it."""
    left, waiting = most, [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            if len(each) > _LENGTH:
                return False
        elif isinstance(each, dict | list):
            left -= len(each)
            if left < 0:
                return False
            waiting.extend(each.values() if isinstance(each, dict) else each)
    return True


def _of_large(validator: Any, value: Any) -> Iterator[SchemaError]:
    """Yield the errors outside a value's longest list, then those of the list's items."""
    key, rows = _longest_list(value)
    if rows is None:
        yield from _of_cut(validator, value)
        return
    envelope: Any = [] if key is None else {**value, key: []}
    place: Path = () if key is None else (key,)
    outside = [
        each
        for each in _of_cut(validator, envelope)
        if each.path != place or each.error.kind.name not in _LENGTH_ERRORS
    ]
    yield from outside
    has_error = bool(outside)
    # With an error outside, every item alone looks invalid: a few must do.
    for index, row in enumerate(rows[:_WIDTH] if outside else rows):
        alone: Any = [row] if key is None else {**envelope, key: [row]}
        if not validator.is_valid(alone):
            for each in _of_cut(validator, alone, (*place, 0)):
                has_error = True
                yield SchemaError((*place, index, *each.path[len(place) + 1 :]), each.error)
    if rows and not has_error and is_small(rows[0]):
        yield from _of_length(validator, envelope, key, rows)


def _of_length(validator: Any, envelope: Any, key: Any, rows: list[Any]) -> Iterator[SchemaError]:
    """Yield the error of a list of valid items that is too long."""

    def is_too_long(length: int) -> bool:
        part = rows[:length]
        return not validator.is_valid(part if key is None else {**envelope, key: part})

    least = bisect_left(range(len(rows)), True, key=is_too_long)
    many = [rows[0]] * least
    for error in validator.iter_errors(many if key is None else {**envelope, key: many}):
        if error.kind.name == "maxItems":
            yield SchemaError(tuple(error.instance_path), error)


def _longest_list(value: Any) -> tuple[str | None, list[Any] | None]:
    """Return the key and the longest list of an object, or the value itself if it is a list."""
    if isinstance(value, list):
        return None, value
    if not isinstance(value, dict):
        return None, None
    lists = [(key, each) for key, each in value.items() if isinstance(each, list)]
    return max(lists, key=lambda row: len(row[1])) if lists else (None, None)


def _of_cut(validator: Any, value: Any, below: Path = ()) -> Iterator[SchemaError]:
    """Yield the errors of a value, of the first part of it that has any if it is large.

    Only errors at or below a path count.
    """
    if is_small(value):
        yield from _errors(validator, value, value, below, {})
        return
    for start in range(0, _WINDOWS * _WIDTH, _WIDTH):
        offsets: dict[Path, int] = {}
        has_error = False
        part = _cut(value, (), start, offsets, [_SMALL])
        for each in _errors(validator, part, value, below, offsets):
            has_error = True
            yield each
        if has_error or start > max(offsets.values(), default=-1):
            return


def _errors(
    validator: Any, value: Any, whole: Any, below: Path, offsets: dict[Path, int]
) -> Iterator[SchemaError]:
    """Yield the errors of a small value.

    ``offsets`` has its lists and objects that were cut, ``whole`` is the value before that.
    """
    for error in () if validator.is_valid(value) else validator.iter_errors(value):
        path = tuple(error.instance_path)
        shifted = tuple(
            step + offsets.get(path[:place], 0) if isinstance(step, int) else step
            for place, step in enumerate(path)
        )
        is_caused = path in offsets and _is_caused(error.kind, _at(whole, shifted))
        if path[: len(below)] == below and not is_caused:
            yield SchemaError(shifted, error)


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _is_caused(kind: Any, whole: Any) -> bool:
    """Say whether only cutting made an error in a list or object."""
    if kind.name == "required":
        return kind.property in whole
    return kind.name in _LENGTH_ERRORS


def _cut(value: Any, path: Path, start: int, offsets: dict[Path, int], left: list[int]) -> Any:
    """Return a copy with at most ``_WIDTH`` members of each list or object, ``left`` of all.

    Lists that are long enough are cut from ``start``; ``offsets`` gets the place of the cut.
    """
    if not isinstance(value, dict | list):
        return value[:_LENGTH] if isinstance(value, str) else value
    kept = max(0, min(len(value), _WIDTH, left[0]))
    left[0] -= kept
    if isinstance(value, dict):
        if kept < len(value):
            offsets[path] = 0
        rows = islice(value.items(), kept)
        return {name: _cut(each, (*path, name), start, offsets, left) for name, each in rows}
    first = start if start < len(value) else 0
    if kept < len(value):
        offsets[path] = first
    part = value[first : first + kept]
    return [_cut(each, (*path, n), start, offsets, left) for n, each in enumerate(part)]
