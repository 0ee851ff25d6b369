"""The shape of JSON values: which members appear how often, with which types and formats.

Values do not survive, except texts that look like members of an enumeration.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from adsmock.harness.fidelity.reply_members import ANY, Path

_FORMATS = (
    ("date-time", re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("day", re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])")),
    ("digits", re.compile(r"\d+")),
    ("uuid", re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")),
    ("url", re.compile(r"https?://\S+")),
    ("asin", re.compile(r"B0[A-Z0-9]{8}")),
    ("enum", re.compile(r"[A-Za-z][A-Za-z0-9_]{1,60}")),
)
STRONG = frozenset({"date-time", "date", "day", "uuid", "url"})
"""Formats that no other text has by chance."""

MOST_VALUES = 40
"""More different values are no enumeration."""


@dataclass(slots=True)
class MemberShape:
    """What was seen of one member: ``parents`` counts the objects that could contain it."""

    parents: int = 0
    count: int = 0
    types: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    values: set[str] = field(default_factory=set)

    @property
    def is_always(self) -> bool:
        """Whether every object had the member."""
        return 0 < self.parents <= self.count

    def see(self, value: Any) -> None:
        """Count one value."""
        self.count += 1
        kind = type_of(value)
        self.types[kind] += 1
        if isinstance(value, str):
            form = format_of(value)
            self.formats[form] += 1
            if form == "enum" and len(self.values) <= MOST_VALUES:
                self.values.add(value)


Shape = dict[Path, MemberShape]


def shape_of(bodies: Iterable[Any]) -> Shape:
    """Return the shape that several bodies have together."""
    found: Shape = {}
    objects: Counter[Path] = Counter()
    for body in bodies:
        found.setdefault((), MemberShape()).see(body)
        _add(body, (), found, objects)
    for path, shape in found.items():
        if path:
            shape.parents = objects[path[:-1]] if path[-1] != ANY else shape.count
    return found


def objects_at(shape: Shape, path: Path) -> int:
    """Return how many objects were seen at a path."""
    return shape[path].types["object"] if path in shape else 0


def _add(value: Any, path: Path, found: Shape, objects: Counter[Path]) -> None:
    if isinstance(value, dict):
        objects[path] += 1
        for name, each in value.items():
            found.setdefault((*path, name), MemberShape()).see(each)
            _add(each, (*path, name), found, objects)
    elif isinstance(value, list):
        for each in value:
            found.setdefault((*path, ANY), MemberShape()).see(each)
            _add(each, (*path, ANY), found, objects)


def type_of(value: Any) -> str:
    """Return the JSON type of a value; integers are numbers."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    names: dict[type, str] = {str: "string", list: "array", dict: "object"}
    return names[type(value)]


def format_of(text: str) -> str:
    """Return the format of a text, such as ``date`` or ``uuid``; ``text`` if it has none."""
    return next((name for name, pattern in _FORMATS if pattern.fullmatch(text)), "text")
