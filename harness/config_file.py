"""A partner's file in TOML, JSON or YAML, validated, with the position of each member."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind

from adsmock.contracts.bounded_file import (
    CONFIGURATION_BYTES,
    BoundError,
    check_aliases,
    parse_json,
    parse_toml,
    read_bytes,
)
from adsmock.contracts.loader import FOLDER, META
from adsmock.contracts.suggest import did_you_mean
from adsmock.harness.config_positions import (
    Position,
    Positions,
    json_positions,
    toml_positions,
    yaml_positions,
)


class DocumentError(ValueError):
    """A partner's file that cannot be used: names the file, the place and the reason."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")


@dataclass(frozen=True, slots=True)
class Document:
    """A file's values and the positions of their members by dotted path."""

    file: str
    values: dict[str, Any]
    positions: Mapping[str, Position] = field(default_factory=dict)

    def line_of(self, path: str) -> int:
        """Return the line of a member, or of the nearest member around it; else 1."""
        return position_of(path, self.positions).line

    def record(self) -> dict[str, Any]:
        """Return the document as the record of a run keeps it."""
        lines = {path: position.line for path, position in self.positions.items()}
        return {"file": self.file, "values": self.values, "lines": lines}


def read(path: Path, schema: str) -> Document:
    """Return the document in a file; ``schema`` names its schema in ``contracts/meta``.

    Raises:
        DocumentError: the text is malformed or does not fit its schema.
        OSError: the file cannot be read.
    """
    parse = _PARSERS.get(path.suffix.lower())
    if parse is None:
        suffixes = ", ".join(sorted(_PARSERS))
        raise DocumentError(path.name, f"unknown file type: name it {suffixes}")
    try:
        text = read_bytes(path, CONFIGURATION_BYTES).decode("utf-8", "replace")
        values, positions = parse(text)
        values = _json_values(values)
    except BoundError as error:
        raise DocumentError(path.name, f"is {error}") from None
    except _Malformed as error:
        raise DocumentError(path.name, str(error)) from None
    except RecursionError:
        format_name = path.suffix[1:].upper()
        raise DocumentError(path.name, f"is not {format_name}: nested too deep") from None
    for misfit in _validator(schema).iter_errors(values):
        raise DocumentError(path.name, _complaint(misfit, positions, schema))
    return Document(_shown(path), values, positions)


def position_of(path: str, positions: Mapping[str, Position]) -> Position:
    """Return the position of a member, or of the nearest member around it; else the start."""
    while path and path not in positions:
        path = path.rpartition(".")[0]
    return positions.get(path, Position(1, 1))


class _Malformed(ValueError):
    """A text that its parser refuses."""


def _toml(text: str) -> tuple[Any, Positions]:
    return parse_toml(text), toml_positions(text)


def _json(text: str) -> tuple[Any, Positions]:
    return parse_json(text), json_positions(text)


def _yaml(text: str) -> tuple[Any, Positions]:
    """Return values by the rules of YAML 1.2: ``NO`` and ``on`` are strings."""
    try:
        from ruamel.yaml import YAML  # noqa: PLC0415 -- only with the extra "yaml"
        from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415 -- as above
    except ImportError:
        raise _Malformed(
            "YAML needs ruamel.yaml: run pip install 'adsmock[yaml]', or write TOML or JSON"
        ) from None
    try:
        values = YAML(typ="safe", pure=True).load(text)
        check_aliases(values)
        return values, yaml_positions(YAML(typ="safe", pure=True).compose(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" (at line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise _Malformed(f"is not YAML: {error.problem}{place}") from None
    except BoundError:
        raise
    except (YAMLError, ValueError) as error:
        raise _Malformed(f"is not YAML: {' '.join(str(error).split())}") from None


_PARSERS: dict[str, Callable[[str], tuple[Any, Positions]]] = {
    ".json": _json,
    ".toml": _toml,
    ".yaml": _yaml,
    ".yml": _yaml,
}


def _json_values(value: Any) -> Any:
    """Return the value with dates as ISO 8601 strings and every key a string."""
    if isinstance(value, dict):
        return {str(key): _json_values(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_json_values(member) for member in value]
    return value.isoformat() if isinstance(value, date) else value


def _shown(path: Path) -> str:
    """Return the path relative to the working directory where it is below it."""
    absolute, current = path.resolve(), Path.cwd()
    below = absolute.is_relative_to(current)
    return (absolute.relative_to(current) if below else path).as_posix()


@cache
def _schema(name: str) -> Any:
    return json.loads((FOLDER / META / f"{name}.schema.json").read_text("utf-8"))


@cache
def _validator(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(_schema(name))


def _complaint(
    error: jsonschema_rs.ValidationError, positions: Mapping[str, Position], schema: str
) -> str:
    """Return the place, what is wrong there and what was expected."""
    kind, steps = error.kind, [str(step) for step in error.instance_path]
    match kind:
        case ValidationErrorKind.AdditionalProperties():
            unknown = str(kind.unexpected[0])
            steps.append(unknown)
            message = f"unknown key: {did_you_mean(unknown, _members(error, schema))}"
        case ValidationErrorKind.Required():
            message = f"{kind.property} is missing"
        case ValidationErrorKind.Enum() if isinstance(error.instance, str):
            hint = did_you_mean(error.instance, map(str, kind.options))
            message = f'"{error.instance}" is not valid: {hint}'
        case ValidationErrorKind.Pattern():
            message = "is empty or has the wrong format"
        case _:
            message = error.message
    where = ".".join(steps)
    line, column = position_of(where, positions)
    return f"line {line}, column {column}: {where + ': ' if where else ''}{message}"


def _members(error: jsonschema_rs.ValidationError, schema: str) -> list[str]:
    """Return the members that the schema knows where it refused one."""
    part = _schema(schema)
    for step in error.schema_path[:-1]:
        part = part[step]
    return list(part.get("properties", {}))
