"""JSON text of large values in slices: text that is made at once would hold all other threads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson

SLICE: Final = 1_000
"""Members of a list that are written or read at once: some milliseconds."""


def sorted_slices(value: Any) -> Iterator[bytes]:
    """Yield the JSON text of a value with sorted members, a slice of each long list at a time."""
    if isinstance(value, dict) and any(isinstance(each, dict | list) for each in value.values()):
        yield b"{"
        for number, name in enumerate(sorted(value)):
            yield (b"," if number else b"") + orjson.dumps(name) + b":"
            yield from sorted_slices(value[name])
        yield b"}"
    elif isinstance(value, list) and len(value) > SLICE:
        yield b"["
        for begin in range(0, len(value), SLICE):
            yield (b"," if begin else b"") + _sorted(value[begin : begin + SLICE])[1:-1]
        yield b"]"
    else:
        yield _sorted(value)


def _sorted(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
