"""Read and write dotted members of records."""

from __future__ import annotations

from typing import Any


def dig(source: Any, dotted: str) -> Any:
    """Return a dotted member, None if it is missing; a number is an index of an array."""
    for part in dotted.split("."):
        if isinstance(source, dict):
            source = source.get(part)
        elif isinstance(source, list) and part.isdecimal() and int(part) < len(source):
            source = source[int(part)]
        else:
            return None
    return source


def put(record: Any, dotted: str, value: Any) -> None:
    """Set a dotted member and create what is missing on the way: an array before a number."""
    *path, last = dotted.split(".")
    for part, after in zip(path, (*path, last)[1:], strict=True):
        record = _step(record, part, [] if after.isdecimal() else {})
    if isinstance(record, list):
        record.append(value)
    else:
        record[last] = value


def _step(record: Any, part: str, fresh: Any) -> Any:
    if isinstance(record, dict):
        return record.setdefault(part, fresh)
    if int(part) == len(record):
        record.append(fresh)
    return record[int(part)]
