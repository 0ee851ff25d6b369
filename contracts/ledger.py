"""The ledger of facts: every fact of the contracts, with its evidence and its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from adsmock.contracts import report_fields, report_tables, retired_paths
from adsmock.contracts.from_json import from_json
from adsmock.contracts.loader import FOLDER, load, read
from adsmock.contracts.model import Source, Status

_NAMES = ("id", "name", "field", "where", "country", "document")
"""The members that identify a record, in order of preference; the first of several places."""
_SILENT = {"sources", "fields", "items", "filters", "record", "base", "groups", "names", "by"}


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One fact: its id, its sentence, its evidence and its source."""

    id: str
    says: str
    status: Status
    source: str


@cache
def rows() -> tuple[LedgerRow, ...]:
    """Return every fact of the contract files, ordered by file and place.

    Raises:
        ContractError: the contract files do not load.
    """
    load()  # checks the files
    found: list[LedgerRow] = []
    files = (
        read(FOLDER)
        | report_tables.read(report_tables.FOLDER)
        | report_tables.forms()
        | report_fields.read()
        | retired_paths.read()
    )
    for file, value in files.items():
        sources = from_json(dict[str, Source], value["sources"])
        name = value.get("name", file.removesuffix(".json"))
        for pointer, says, key in _facts(value, name):
            source = sources[key]
            found.append(LedgerRow(pointer, says, source.status, source.source))
    return tuple(found)


def counts() -> dict[Status, int]:
    """Return how many facts are documented, observed and assumed."""
    return dict(Counter(row.status for row in rows()))


def _facts(value: Any, pointer: str) -> Iterator[tuple[str, str, str]]:
    """Yield every fact below ``value`` as (id, sentence, key of its source)."""
    if isinstance(value, list):
        names = [_called(item, index) for index, item in enumerate(value)]
        for index, item in enumerate(value):
            again = f"-{index}" if names.count(names[index]) > 1 else ""
            yield from _facts(item, f"{pointer}.{names[index]}{again}")
        return
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        if key == "by":
            yield pointer, _sentence(value), item
        elif key.endswith("_by"):
            yield from _parts(value, pointer, key.removesuffix("_by"), item)
        elif key != "sources":
            yield from _facts(item, f"{pointer}.{key}")


def _parts(
    value: dict[str, Any], pointer: str, part: str, item: Any
) -> Iterator[tuple[str, str, str]]:
    """Yield the facts of a part of a record with its own source, or one for each key."""
    if isinstance(item, str):
        said = {key: each for key, each in value.items() if key != f"{part}_by"}
        stem = part.removesuffix("s")
        said = {key: each for key, each in said.items() if stem in key} or {part: ""}
        yield f"{pointer}.{part}", _short(said), item
        return
    tables = [each for key, each in value.items() if isinstance(each, dict) and key[-3:] != "_by"]
    for name, key in item.items():
        said_here = [_short(table[name]) for table in tables if name in table]
        yield f"{pointer}.{part}.{name}", f"{name}: {'; '.join(said_here)}", key


def _called(item: Any, index: int) -> str:
    if isinstance(item, dict):
        for name in _NAMES:
            found = item.get(name)
            if found:
                return str(found[0] if isinstance(found, list) else found)
    return str(index)


def _sentence(value: dict[str, Any]) -> str:
    """Return a record's own sentence, or its members as ``member value`` pairs."""
    for own in ("says", "why"):
        if own in value:
            return str(value[own])
    parts = [
        f"{key} {_short(item)}"
        for key, item in value.items()
        if key not in _SILENT and not key.endswith("_by") and f"{key}_by" not in value
    ]
    return "; ".join(parts)


def _short(item: Any) -> str:
    if isinstance(item, dict):
        return ", ".join(f"{key} {_short(each)}" for key, each in item.items())
    if isinstance(item, list):
        return " ".join(_short(each) for each in item)
    return str(item)
