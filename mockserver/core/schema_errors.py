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
_LENGTH_ERRORS = frozenset({"minItems", "minProperties", "required"})
"""What cutting a list or object may cause."""

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
            SchemaError(tuple(error.instance_path), error) for error in validator.iter_errors(value)
        )
    return _of_large(validator, value)


def is_small(value: Any, most: int = _SMALL) -> bool:
    """Say whether a value has at most ``most`` values in it."""
    left, waiting = most, [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict | list):
            left -= len(each)
            if left < 0:
                return False
            waiting.extend(each.values() if isinstance(each, dict) else each)
    return True


def _of_large(validator: Any, value: Any) -> Iterator[SchemaError]:
    """Yield the errors outside a value's longest list, then those of the list's items."""
    key, rows = _longest_list(value)
    if rows is None:
        yield from _of_cut(validator, value, ())
        return
    envelope: Any = [] if key is None else {**value, key: []}
    place: Path = () if key is None else (key,)
    outside = [each for each in _of_cut(validator, envelope, ()) if each.path != place]
    yield from outside
    has_error = bool(outside)
    # With an error outside, every item alone looks invalid: a few must do.
    for index, row in enumerate(rows[:_WIDTH] if outside else rows):
        alone: Any = [row] if key is None else {**envelope, key: [row]}
        if not validator.is_valid(alone):
            for each in _of_cut(validator, alone, ()):
                if each.path[: len(place)] == place and len(each.path) > len(place):
                    has_error = True
                    rest = each.path[len(place) + 1 :]
                    yield SchemaError((*place, index, *rest), each.error)
    if not has_error:
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


def _of_cut(validator: Any, value: Any, place: Path) -> Iterator[SchemaError]:
    cut: set[Path] = set()
    small = _cut(value, place, cut, [_SMALL])
    if validator.is_valid(small):
        return
    for error in validator.iter_errors(small):
        path = tuple(error.instance_path)
        if path not in cut or error.kind.name not in _LENGTH_ERRORS:
            yield SchemaError(path, error)


def _cut(value: Any, path: Path, cut: set[Path], left: list[int]) -> Any:
    """Return a copy without what exceeds ``_WIDTH`` or ``left``; ``cut`` gets the paths."""
    if not isinstance(value, dict | list):
        return value
    kept = max(0, min(len(value), _WIDTH, left[0]))
    left[0] -= kept
    if kept < len(value):
        cut.add(path)
    if isinstance(value, dict):
        rows = islice(value.items(), kept)
        return {name: _cut(each, (*path, name), cut, left) for name, each in rows}
    return [_cut(each, (*path, number), cut, left) for number, each in enumerate(value[:kept])]
