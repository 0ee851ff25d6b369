"""An OpenAPI document that a user passes with ``--openapi``: read from JSON or YAML 1.2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import orjson
from jsonpointer import escape, resolve_pointer

from adsmock.contracts.bounded_file import (
    JSON_BYTES,
    YAML_BYTES,
    BoundError,
    check_aliases,
    read_bytes,
)

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
YAML_ENDINGS = frozenset({".yaml", ".yml"})

_VERSION = re.compile(r"3\.[01](\.\d+)?")
_NAME = re.compile(r"\W+")


class DocumentError(ValueError):
    """A file that cannot be served: one line with the file name and the reason."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")


@dataclass(frozen=True, slots=True)
class Document:
    """One OpenAPI document: its file, a short name and its parsed value."""

    file: str
    name: str
    value: dict[str, Any]

    @property
    def base(self) -> str:
        """The path prefix of its first server, usually empty."""
        servers = self.value.get("servers")
        first = servers[0] if isinstance(servers, list) and servers else {}
        url = first.get("url", "") if isinstance(first, dict) else ""
        return urlsplit(str(url)).path.rstrip("/")

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield (METHOD, path, operation), with the parameters of the path added."""
        for path, entry in self.value["paths"].items():
            for method in METHODS:
                operation = entry.get(method)
                if isinstance(operation, dict):
                    shared = _list(entry.get("parameters"))
                    own = [*shared, *_list(operation.get("parameters"))]
                    yield method.upper(), self.base + path, {**operation, "parameters": own}

    def resolve(self, value: Any) -> dict[str, Any]:
        """Return an object after following references; ``{}`` for a missing or other value."""
        for _ in range(_LONGEST_CHAIN):
            if not isinstance(value, dict):
                return {}
            if not isinstance(value.get("$ref"), str):
                return value
            value = target(self.value, value["$ref"])
        return {}


_LONGEST_CHAIN = 20
"""A longer chain of references is taken for a cycle."""


def target(value: Any, reference: str) -> Any:
    """Return the value that a reference within the document points to, None for none."""
    if not reference.startswith("#"):
        return None
    return resolve_pointer(value, unquote(reference[1:]), None)


def escaped(step: str) -> str:
    """Return a name as a step of a reference."""
    return quote(escape(step), safe="~")


def read(file: str) -> Document:
    """Return the document in ``file``.

    Raises:
        DocumentError: the file cannot be read, or is not OpenAPI 3.0 or 3.1 in JSON or YAML.
    """
    path = Path(file)
    try:
        is_yaml = path.suffix.lower() in YAML_ENDINGS
        raw = read_bytes(path, YAML_BYTES if is_yaml else JSON_BYTES)
        value = _yaml(file, raw) if is_yaml else _json(file, raw)
    except OSError as error:
        raise DocumentError(file, error.strerror or "cannot be read") from None
    except BoundError as error:
        raise DocumentError(file, f"is {error}") from None
    version = str(value.get("openapi", "")) if isinstance(value, dict) else ""
    if not _VERSION.fullmatch(version):
        found = f'its "openapi" is {version}' if version else 'it has no "openapi" member'
        raise DocumentError(
            file, f"is not an OpenAPI 3.0 or 3.1 document ({found}): convert it to one of these"
        )
    paths = value.get("paths")
    if not isinstance(paths, dict):
        raise DocumentError(file, '"paths" must be an object whose names are paths')
    for path_name in paths:
        if not path_name.startswith("/"):
            raise DocumentError(
                file, f'"paths" has "{path_name}", but a path starts with "/": use "/{path_name}"'
            )
    document = Document(file, _NAME.sub("-", path.stem).strip("-") or "document", value)
    value["paths"] = {path: document.resolve(entry) for path, entry in paths.items()}
    return document


def _json(file: str, raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        reason = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise DocumentError(file, f"is not valid JSON: {reason}") from None


def _yaml(file: str, raw: bytes) -> Any:
    try:
        from ruamel.yaml import YAML  # noqa: PLC0415 -- an extra: JSON needs nothing
        from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415 -- as above
    except ImportError:
        raise DocumentError(
            file,
            "YAML needs ruamel.yaml, which is not installed: run "
            "pip install 'adsmock[yaml]', or convert the file to JSON",
        ) from None
    try:
        value = YAML(typ="safe", pure=True).load(raw)
        check_aliases(value)
        return _json_values(value)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        reason = " ".join(str(error.problem or error.context).split())
        raise DocumentError(file, f"is not valid YAML: {reason}{place}") from None
    except BoundError:
        raise
    except (YAMLError, ValueError) as error:
        raise DocumentError(file, f"is not valid YAML: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise DocumentError(file, "is nested too deeply to read") from None


def _json_values(value: Any) -> Any:
    """Return a YAML value as JSON has it: member names (``200:`` too) and dates are strings."""
    if isinstance(value, dict):
        return {str(name): _json_values(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_json_values(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
