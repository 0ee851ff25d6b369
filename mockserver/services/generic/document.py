"""An OpenAPI document as a user hands it over: a file, read and judged.

Knows files, JSON and YAML, and what makes a document usable. Must not know schemas or replies.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import orjson

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
YAML_ENDINGS = frozenset({".yaml", ".yml"})

_VERSION = re.compile(r"3\.[01](\.\d+)?")
_NAME = re.compile(r"\W+")


class DocumentError(ValueError):
    """A file that cannot be served: one line with its name and the reason."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")


@dataclass(frozen=True, slots=True)
class Document:
    """One OpenAPI document: the file it came from, a short name, its parsed text."""

    file: str
    name: str
    value: dict[str, Any]

    @property
    def base(self) -> str:
        """The path that its first server puts before every path, mostly nothing."""
        servers = self.value.get("servers")
        first = servers[0] if isinstance(servers, list) and servers else {}
        url = first.get("url", "") if isinstance(first, dict) else ""
        return urlsplit(str(url)).path.rstrip("/")

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield (METHOD, path, operation) of each; parameters of the path are added."""
        for path, entry in self.value["paths"].items():
            for method in METHODS:
                operation = entry.get(method)
                if isinstance(operation, dict):
                    shared = _rows(entry.get("parameters"))
                    own = [*shared, *_rows(operation.get("parameters"))]
                    yield method.upper(), self.base + path, {**operation, "parameters": own}

    def resolve(self, value: Any) -> dict[str, Any]:
        """Return an object, through references; ``{}`` for what is none or leads nowhere."""
        for _ in range(_LONGEST_CHAIN):
            if not isinstance(value, dict):
                return {}
            if not isinstance(value.get("$ref"), str):
                return value
            value = target(self.value, value["$ref"])
        return {}


_LONGEST_CHAIN = 20
"""References that lead to one another more often than this go round in a circle."""


def target(value: Any, reference: str) -> Any:
    """Return what a reference within a document leads to, None where it leads nowhere."""
    if not reference.startswith("#/"):
        return None
    steps = (unquote(step) for step in reference[2:].split("/"))
    for step in (each.replace("~1", "/").replace("~0", "~") for each in steps):
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return None
    return value


def escaped(step: str) -> str:
    """Return a name as a step of a reference."""
    return quote(step.replace("~", "~0").replace("/", "~1"), safe="~")


def read(file: str) -> Document:
    """Return the document in ``file``.

    Raises:
        DocumentError: it cannot be read, is no JSON or YAML, or is no OpenAPI 3.0 or 3.1.
    """
    path = Path(file)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DocumentError(file, error.strerror or "cannot be read") from None
    value = _yaml(file, raw) if path.suffix.lower() in YAML_ENDINGS else _json(file, raw)
    version = str(value.get("openapi", "")) if isinstance(value, dict) else ""
    if not _VERSION.fullmatch(version):
        said = f"says {version}" if version else "does not say so"
        raise DocumentError(file, f"is no OpenAPI 3.0 or 3.1 document ({said})")
    paths = value.get("paths")
    if not isinstance(paths, dict) or not all(str(path).startswith("/") for path in paths):
        raise DocumentError(file, '"paths" is no object of paths')
    document = Document(file, _NAME.sub("-", path.stem).strip("-") or "document", value)
    value["paths"] = {path: document.resolve(entry) for path, entry in paths.items()}
    return document


def _json(file: str, raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        reason = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise DocumentError(file, f"is not JSON: {reason}") from None


def _yaml(file: str, raw: bytes) -> Any:
    try:
        yaml = importlib.import_module("yaml")  # an option: JSON needs nothing
    except ImportError:
        raise DocumentError(file, "YAML needs PyYAML: pip install pyyaml, or give JSON") from None
    try:
        return _plain(yaml.safe_load(raw))
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise DocumentError(file, f"is not YAML: {reason}") from None
    except RecursionError:
        raise DocumentError(file, "is nested too deep") from None


def _plain(value: Any) -> Any:
    """Return YAML as JSON would have it: names are text (``200:`` too), dates are text."""
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _rows(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
