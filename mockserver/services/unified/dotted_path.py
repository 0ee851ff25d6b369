"""Dotted members of records: read, and written with what is missing on the way."""

from __future__ import annotations

from typing import Any


def dig(source: Any, dotted: str) -> Any:
    """Return a dotted member, None where it is missing; a digit is a place in an array."""
    for part in dotted.split("."):
        if isinstance(source, dict):
            source = source.get(part)
        elif isinstance(source, list) and part.isdecimal() and int(part) < len(source):
            source = source[int(part)]
        else:
            return None
    return source


def put(record: Any, dotted: str, value: Any) -> None:
    """Write a dotted member; what is missing on the way is made, an array where a digit says so."""
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
