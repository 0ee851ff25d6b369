"""Report types and their columns, read on demand.

The tables are large and most runs request no report, so ``contracts.loader`` does not read them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from adsmock.contracts.cross_checks import ContractError, check_sources
from adsmock.contracts.loader import FOLDER as CONTRACTS
from adsmock.contracts.loader import FORMS, TABLES, validate

FOLDER = CONTRACTS / "reporting" / TABLES
META = "report_types"

Row = dict[str, Any]

__all__ = ["FOLDER", "assemble", "columns", "forms", "read", "types"]


def types() -> dict[str, Row]:
    """Return the report types by id, aliases included: products, groups, columns, limits.

    Raises:
        ContractError: a table breaks its meta-schema or names something unknown.
    """
    return _installed()[0]


def columns() -> dict[str, str]:
    """Return the type of each column: ``integer``, ``decimal``, ``string``, ``id`` or ``date``.

    Raises:
        ContractError: as ``types``.
    """
    return _installed()[1]


@cache
def _installed() -> tuple[dict[str, Row], dict[str, str]]:
    return assemble(read(FOLDER))


def read(folder: Path) -> dict[str, Any]:
    """Return the parsed tables by their path below the contracts.

    Raises:
        ContractError: a file is not JSON.
    """
    files: dict[str, Any] = {}
    for path in sorted(folder.glob("*.json")):
        name = f"reporting/{TABLES}/{path.name}"
        try:
            files[name] = json.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise ContractError(name, "", f"not JSON: {error}") from None
    return files


def forms() -> dict[str, Any]:
    """Return the parsed files of forms by their path below the contracts."""
    return {
        path.relative_to(CONTRACTS).as_posix(): json.loads(path.read_text("utf-8"))
        for path in sorted(CONTRACTS.glob(f"*/{FORMS}/*.json"))
    }


def assemble(files: dict[str, Any]) -> tuple[dict[str, Row], dict[str, str]]:
    """Return types and columns of parsed tables.

    Raises:
        ContractError: names the file, the JSON pointer and the reason.
    """
    kinds: dict[str, str] = {}
    found: dict[str, Row] = {}
    for name, value in files.items():
        validate(name, "", META, value)
        check_sources(name, value)
        for row in value.get("columns", []):
            kinds |= dict.fromkeys(row["names"], row["type"])
    for name, value in files.items():
        for kind, stated in value.get("types", {}).items():
            row = {**stated, "base": [*stated["base"], *stated.get("beside", ())]}
            _check_columns(name, kind, row, kinds)
            for alias in (kind, *row.get("aliases", ())):
                if alias in found:
                    raise ContractError(name, f"/types/{kind}", f"{alias} is already taken")
                found[alias] = row
    return found, kinds


def _check_columns(file: str, kind: str, row: Row, kinds: dict[str, str]) -> None:
    """Check that a report type names described columns and its own groups."""
    for column in (
        *row["base"],
        *(name for each in row["groups"].values() for name in each["columns"]),
    ):
        if column not in kinds:
            raise ContractError(file, f"/types/{kind}", f"unknown column {column}")
    for group in (
        *row.get("one_of", ()),
        *(name for each in row.get("together", ()) for name in each),
    ):
        if group not in row["groups"]:
            raise ContractError(file, f"/types/{kind}", f"unknown group {group}")
