"""A file that a partner writes: TOML, JSON or YAML, checked, with the lines its members stand on.

Knows file forms and meta-schemas. Must not know what any member means.
"""

from __future__ import annotations

import importlib
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from adsmock.contracts.loader import FOLDER, META


class DocumentError(ValueError):
    """A file of the partner's that cannot be used: names the file, the place and the reason."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")


@dataclass(frozen=True, slots=True)
class Document:
    """A file as values, with where they stand: ``lines`` by dotted path, the first line is 1."""

    file: str
    values: dict[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)


def read(path: Path, form: str) -> Document:
    """Return the document in a file; ``form`` names its schema in ``contracts/meta``.

    Raises:
        DocumentError: not of its form, or a key that nobody knows.
        OSError: the file cannot be read.
    """
    text = path.read_bytes().decode("utf-8", "replace")
    parse = _READERS.get(path.suffix.lower())
    if parse is None:
        raise DocumentError(path.name, f"name it {', '.join(sorted(_READERS))}")
    values = _plain(parse(path.name, text))
    lines = _lines(text, values)
    for error in _schema(form).iter_errors(values):
        raise DocumentError(path.name, _complaint(error, lines))
    return Document(_shown(path), values, lines)


def _shown(path: Path) -> str:
    """Return the path as a repository names it: from where the command is run, where it can."""
    whole, here = path.resolve(), Path.cwd()
    return (whole.relative_to(here) if whole.is_relative_to(here) else path).as_posix()


@cache
def _schema(form: str) -> jsonschema_rs.Validator:
    schema = json.loads((FOLDER / META / f"{form}.schema.json").read_text("utf-8"))
    return jsonschema_rs.validator_for(schema)


def _complaint(error: jsonschema_rs.ValidationError, lines: Mapping[str, int]) -> str:
    """Return what is wrong and where, in the words of someone who wrote the file by hand."""
    kind, steps = error.kind, [str(step) for step in error.instance_path]
    message = error.message
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
        steps.append(str(kind.unexpected[0]))
        message = "unknown key"
    elif isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
        message = f"{kind.property} is missing"
    elif isinstance(kind, jsonschema_rs.ValidationErrorKind.Pattern):
        message = "is empty or of the wrong form"
    where = ".".join(steps)
    line = f"line {lines[where]}: " if where in lines else ""
    return f"{line}{where + ': ' if where else ''}{message}"


def _toml(name: str, text: str) -> Any:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DocumentError(name, f"is not TOML: {error}") from None


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise DocumentError(name, f"is not JSON: {error}") from None


def _yaml(name: str, text: str) -> Any:
    try:
        yaml = importlib.import_module("yaml")
    except ImportError:
        raise DocumentError(name, "PyYAML is not installed; write it as TOML or JSON") from None
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise DocumentError(name, f"is not YAML: {error}") from None


_READERS: dict[str, Callable[[str, str], Any]] = {
    ".json": _json,
    ".toml": _toml,
    ".yaml": _yaml,
    ".yml": _yaml,
}


def _plain(value: Any) -> Any:
    """Return the value with dates as ISO texts and every key a text."""
    if isinstance(value, dict):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value.isoformat() if isinstance(value, date) else value


def _lines(text: str, values: Any) -> dict[str, int]:
    """Return the line of every member by dotted path.

    All three forms write a key before its members and list members in order, so each is looked
    for from where the one around it, or the one before it in a list, was found.
    """
    rows = [row.partition("#")[0] for row in text.splitlines()]
    found: dict[str, int] = {}

    def walk(value: Any, path: str, start: int) -> int:
        last = start
        if isinstance(value, dict):
            for key, member in value.items():
                is_header = bool(path) and "".join(rows[start : start + 1]).lstrip().startswith("[")
                place = _place(rows, key, start + is_header)
                found[f"{path}{key}"] = place + 1
                last = max(last, walk(member, f"{path}{key}.", place))
        elif isinstance(value, list):
            for index, member in enumerate(value):
                end = walk(member, f"{path}{index}.", last + (index > 0))
                first = [found[name] for name in found if name.startswith(f"{path}{index}.")]
                found[f"{path}{index}"] = min(first, default=start + 1)
                last = end if isinstance(member, dict) else start
        return last

    walk(values, "", 0)
    return found


def _place(rows: list[str], key: str, start: int) -> int:
    """Return the index of the first row from ``start`` on that names a key; else of the start."""
    named = re.compile(rf"(?:^|[\s\[{{,.\"']){re.escape(key)}[\"']?\s*(?:[=:\].]|$)")
    for number in range(start, len(rows)):
        if named.search(rows[number]):
            return number
    return max(0, min(start, len(rows) - 1))
