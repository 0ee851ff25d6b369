"""Numbers of a request as they were written on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Self


class WrittenNumber(float):
    """A number with the digits of the wire: ``str`` returns them, arithmetic rounds them."""

    def __new__(cls, text: str) -> Self:
        """Return the number written in ``text``."""
        made = super().__new__(cls, float(text))
        made.text = text
        return made

    text: str

    def __str__(self) -> str:
        """Return the digits of the wire."""
        return self.text


def as_written(body: Any, inexact: Mapping[str, str]) -> Any:
    """Return a body with the numbers that its parser rounded, by JSON pointer, as written.

    A pointer that names no number is ignored: the record may have been edited.
    """
    if not inexact:
        return body
    exact = deepcopy(body)
    for pointer, text in inexact.items():
        *path, last = [_unescaped(part) for part in pointer.split("/")[1:]]
        holder = exact
        for part in path:
            holder = _member(holder, part)
        if isinstance(_member(holder, last), float):
            holder[int(last) if isinstance(holder, list) else last] = WrittenNumber(text)
    return exact


def _member(value: Any, part: str) -> Any:
    if isinstance(value, list):
        return value[int(part)] if part.isdigit() and int(part) < len(value) else None
    return value.get(part) if isinstance(value, dict) else None


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
