"""The depth of JSON text and the number of its values, at little cost.

A call pays one pass over its bytes. Only text that may exceed a limit is looked at closely.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_NO_BRACKETS = bytes(set(range(256)) - set(b"{}[]"))
_LONGEST = 1 << 20
"""Bytes of a text that is looked at; of a longer one, the parsed value is."""


def count_values(raw: bytes) -> int:
    """Return the number of commas and opening brackets: JSON has at most one value more."""
    return raw.count(b",") + raw.count(b"{") + raw.count(b"[")


def is_shallow(raw: bytes, levels: int) -> bool:
    """Say whether JSON text is surely nested no deeper than ``levels``.

    Each round removes at most two levels of brackets. Brackets within texts can only make a shallow
    text look deep.
    """
    if len(raw) > _LONGEST:
        return False
    brackets = raw.translate(None, _NO_BRACKETS)
    if len(brackets) <= 2 * levels:
        return True
    for _ in range(levels // 2):
        rest = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if not rest or len(rest) == len(brackets):
            return not rest
        brackets = rest
    return False


def is_deeper(value: Any, levels: int) -> bool:
    """Say whether a list or object is nested deeper than ``levels`` in a value."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(levels):
        level = [
            member
            for each in level
            for member in (each.values() if isinstance(each, dict) else each)
            if isinstance(member, dict | list)
        ]
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
