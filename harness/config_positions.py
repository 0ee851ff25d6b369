"""Line and column of every member of a TOML, JSON or YAML text that a parser has accepted.

ruamel.yaml reports positions. The TOML and JSON parsers of the standard library do not, so this
module scans their tokens; strings and comments are tokens too and are never taken for a key.
"""

from __future__ import annotations

import json
import re
import tomllib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple


class Position(NamedTuple):
    """Where a member starts; the first line and the first column are 1."""

    line: int
    column: int


Positions = dict[str, Position]
"""Positions by dotted path; the items of a list are numbered from 0."""

_BLANK = re.compile(r"(?:\s+|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]*")


def json_positions(text: str) -> Positions:
    """Return the positions in a valid JSON text."""
    scanner = _Scanner(text, json.loads)
    scanner.value("")
    return scanner.found


def toml_positions(text: str) -> Positions:
    """Return the positions in a valid TOML text."""
    scanner = _Scanner(text, lambda token: tomllib.loads(f"key = {token}")["key"])
    scanner.document()
    return scanner.found


def yaml_positions(node: Any) -> Positions:
    """Return the positions in the tree that ``ruamel.yaml`` composed; None has no members."""
    return dict(_yaml_members(node, "", frozenset()))


def _yaml_members(node: Any, path: str, parents: frozenset[int]) -> Iterator[tuple[str, Position]]:
    if node is None or node.id == "scalar" or id(node) in parents:
        return
    is_mapping = node.id == "mapping"
    for index, member in enumerate(node.value):
        key, value = member if is_mapping else (member, member)
        name = f"{path}{key.value if is_mapping else index}"
        yield name, Position(key.start_mark.line + 1, key.start_mark.column + 1)
        yield from _yaml_members(value, f"{name}.", parents | {id(node)})


class _Scanner:
    """Reads a valid text from start to end and notes the position of every member.

    ``decode`` returns the text that a quoted key represents.
    """

    def __init__(self, text: str, decode: Callable[[str], str]) -> None:
        self.found: Positions = {}
        self._text, self._decode, self._at = text, decode, 0
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._tables: Counter[str] = Counter()
        """How many tables each ``[[array]]`` has so far, by path."""

    def document(self) -> None:
        """Read a TOML document."""
        table = ""
        while self._peek():
            if self._skip("["):
                table = self._header(is_item=self._skip("["))
            else:
                self._member(table)

    def value(self, path: str) -> None:
        """Read a value with members at ``path``, which ends with a dot unless it is empty."""
        first = self._peek()
        if self._skip("["):
            for index in self._items("]"):
                self.found[f"{path}{index}"] = self._position()
                self.value(f"{path}{index}.")
        elif self._skip("{"):
            for _ in self._items("}"):
                self._member(path)
        else:
            self._take(_STRING if first in "\"'" else _SCALAR)

    def _member(self, path: str) -> None:
        for name, position in self._key():
            self.found.setdefault(f"{path}{name}", position)
            path = f"{path}{name}."
        self._skip("=:")
        self.value(path)

    def _header(self, *, is_item: bool) -> str:
        """Return the path of the table that ``[key]`` or ``[[key]]`` opens."""
        path = ""
        parts = self._key()
        for number, (name, position) in enumerate(parts, 1):
            path = f"{path}{name}"
            self.found.setdefault(path, position)
            self._tables[path] += is_item and number == len(parts)
            if self._tables[path]:
                path = f"{path}.{self._tables[path] - 1}"
                self.found.setdefault(path, position)
            path = f"{path}."
        while self._skip("]"):
            pass
        return path

    def _key(self) -> list[tuple[str, Position]]:
        """Return the parts of a dotted key."""
        parts = []
        while True:
            is_quoted = self._peek() in "\"'"
            position = self._position()
            token = self._take(_STRING if is_quoted else _BARE_KEY)
            parts.append((self._decode(token) if is_quoted else token, position))
            if not self._skip("."):
                return parts

    def _items(self, closing: str) -> Iterator[int]:
        index = 0
        while not self._skip(closing):
            yield index
            index += 1
            self._skip(",")

    def _peek(self) -> str:
        """Return the next character that is no blank and no comment; "" at the end."""
        self._take(_BLANK)
        return self._text[self._at : self._at + 1]

    def _skip(self, marks: str) -> bool:
        mark = self._peek()
        is_here = mark != "" and mark in marks
        self._at += is_here
        return is_here

    def _take(self, token: re.Pattern[str]) -> str:
        found = token.match(self._text, self._at)
        assert found is not None, "the text is valid"
        self._at = found.end()
        return found.group()

    def _position(self) -> Position:
        self._peek()
        line = bisect_right(self._lines, self._at)
        return Position(line, self._at - self._lines[line - 1] + 1)
