"""The depth of JSON text and the number of its values, at little cost.

A call pays one pass over its bytes. Only text that may exceed a limit is looked at closely.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_UNMARKED = bytes(set(range(256)) - set(b'{}[]"\\'))
"""Everything but brackets, and the characters that tell which of them are within texts."""
_LONGEST = 1 << 20
"""Bytes of a text that is looked at; of a longer one, the parsed value is."""


def count_values(raw: bytes) -> int:
    """Return the number of commas and opening brackets: JSON has at most one value more."""
    return raw.count(b",") + raw.count(b"{") + raw.count(b"[")


def is_shallow(raw: bytes, levels: int) -> bool:
    """Say whether valid JSON text is surely nested no deeper than ``levels``.

    At any place, a bracket that closes and the next one, which opens, raise the level by at most
    one together: so most batches are shallow by their counts. Of the others, whose texts must
    contain no brackets, each round removes at most two levels.
    """
    if len(raw) <= 2 * levels:
        return True
    if len(raw) > _LONGEST:
        return False
    marks = raw.translate(None, _UNMARKED)
    count = marks.count(b"{") + marks.count(b"[")
    if count <= levels or count - marks.count(b"}{") <= levels:
        return True
    brackets = marks.replace(b'""', b"")
    if b'"' in brackets or b"\\" in brackets:
        return False
    return _is_emptied(brackets, levels // 2)


def _is_emptied(brackets: bytes, rounds: int) -> bool:
    """Say whether nothing is left once empty pairs were removed so many times."""
    for _ in range(rounds):
        rest = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if len(rest) == len(brackets):
            break
        brackets = rest
    return not brackets


def is_deeper(value: Any, levels: int) -> bool:
    """Say whether a list or object is nested deeper than ``levels`` in a value."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(levels):
        members: list[Any] = []
        for each in level:
            members.extend(each.values() if isinstance(each, dict) else each)
        level = [each for each in members if isinstance(each, (dict, list))]
        if not level:
            return False
    return True


def path_beyond(value: Any, levels: int) -> list[Any] | None:
    """Return the path of the first list or object that is nested deeper than ``levels``."""
    if not isinstance(value, dict | list):
        return None
    members: Iterable[tuple[Any, Any]] = (
        value.items() if isinstance(value, dict) else enumerate(value)
    )
    for name, member in members:
        if isinstance(member, dict | list):
            if levels == 1:
                return [name]
            rest = path_beyond(member, levels - 1)
            if rest is not None:
                return [name, *rest]
    return None
