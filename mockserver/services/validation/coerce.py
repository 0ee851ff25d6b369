"""Coerce list bodies into the documented types, as the service does.

The journal keeps what was sent. Source: notes and code of public clients (observed: values joined
with commas, and ``"true"`` for a boolean, are accepted).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from adsmock.contracts.model import Filter

_WORDS = {"true": True, "false": False}


def coerce_list_body(body: Any, filters: Iterable[Filter]) -> Any:
    """Return a list body with comma-separated values as arrays and booleans as booleans."""
    if not isinstance(body, dict):
        return body
    for value in body.values():
        if isinstance(value, str) or (
            isinstance(value, dict) and isinstance(value.get("include"), str)
        ):
            arrays = {row.name for row in filters if row.kind == "values"}
            return {name: _coerce(member, name in arrays) for name, member in body.items()}
    return body


def _coerce(value: Any, is_array: bool) -> Any:
    if isinstance(value, str):
        return _parts(value) if is_array else _WORDS.get(value.lower(), value)
    if isinstance(value, dict) and isinstance(value.get("include"), str):
        return {**value, "include": _parts(value["include"])}
    return value


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
