"""Read and write dotted members of records."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

_KNOWN_PATHS = 4_096
"""Paths whose parts are kept: those of all mappings are fewer."""


def dig(source: Any, dotted: str) -> Any:
    """Return a dotted member, None if it is missing; a number is an index of an array."""
    for part, index in _parts(dotted):
        if isinstance(source, dict):
            source = source.get(part)
        elif isinstance(source, list) and -1 < index < len(source):
            source = source[index]
        else:
            return None
    return source


def put(record: Any, dotted: str, value: Any) -> None:
    """Set a dotted member and create what is missing on the way: an array before a number."""
    steps, last = _steps(dotted)
    for part, make in steps:
        record = _step(record, part, make)
    if isinstance(record, list):
        record.append(value)
    else:
        record[last] = value


def _step(record: Any, part: str, make: Callable[[], Any]) -> Any:
    if isinstance(record, dict):
        found = record.get(part)
        if found is None:
            found = record[part] = make()
        return found
    if int(part) == len(record):
        record.append(make())
    return record[int(part)]


@lru_cache(_KNOWN_PATHS)
def _parts(dotted: str) -> tuple[tuple[str, int], ...]:
    """Return the parts of a path, each with the index that it is, -1 if it is none."""
    return tuple((part, int(part) if part.isdecimal() else -1) for part in dotted.split("."))


@lru_cache(_KNOWN_PATHS)
def _steps(dotted: str) -> tuple[tuple[tuple[str, Callable[[], Any]], ...], str]:
    """Return the parts of a path before the last, each with what makes its value, and the last."""
    *path, last = dotted.split(".")
    kinds = [list if after.isdecimal() else dict for after in (*path, last)[1:]]
    return tuple(zip(path, kinds, strict=True)), last
