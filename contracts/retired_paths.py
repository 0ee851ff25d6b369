"""The former replies of retired paths, read on demand.

Few runs use a date before a path was retired, so ``contracts.loader`` does not read this table.
When a path ended is in ``contracts/deprecations.json``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from adsmock.contracts.cross_checks import ContractError, check_sources
from adsmock.contracts.from_json import from_json
from adsmock.contracts.loader import FOLDER, TABLES, validate

FILE = f"retired/{TABLES}/past.json"
META = "past"

SCALARS = frozenset({"integer", "number", "string", "boolean", "day", "moment", "url"})
"""Types of members that are no form: ``day`` is YYYYMMDD, ``moment`` milliseconds."""

DATES = "dates"
"""The form with the members that an extended read adds."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of entity whose operations follow the old pattern: arrays, and ids in paths.

    ``serving`` is the serving status of its extended reads.
    """

    name: str
    path: str
    identity: str
    form: str
    does: tuple[str, ...]
    serving: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of no resource. ``form`` may be two, joined by ``+``; empty: no body."""

    name: str
    method: str
    path: str
    status: int
    form: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class RetiredPaths:
    """All retired paths; ``forms`` give the type of each member, by the form's name.

    A type is a scalar, a form, a list of words, or an array that has one or more items of a form
    (``each``) or that has none (``none``).
    """

    forms: dict[str, dict[str, Any]]
    resources: tuple[Resource, ...]
    operations: tuple[Operation, ...]


def read() -> dict[str, Any]:
    """Return the parsed table by its path below the contracts."""
    value: Any = json.loads((FOLDER / FILE).read_text("utf-8"))
    return {FILE: value}


@cache
def load() -> RetiredPaths:
    """Return the installed table.

    Raises:
        ContractError: it breaks its meta-schema or names something unknown.
    """
    return assemble(read()[FILE])


def assemble(value: dict[str, Any]) -> RetiredPaths:
    """Return a parsed table, checked.

    Raises:
        ContractError: names the file, the JSON pointer and the reason.
    """
    validate(FILE, "", META, value)
    check_sources(FILE, value)
    retired = RetiredPaths(
        forms=value["forms"],
        resources=from_json(tuple[Resource, ...], value["resources"]),
        operations=from_json(tuple[Operation, ...], value["operations"]),
    )
    for form, members in retired.forms.items():
        for member, kind in members.items():
            if not _named(kind) <= retired.forms.keys():
                raise ContractError(FILE, f"/forms/{form}/{member}", f"unknown form {kind}")
    used = {row.name: row.form for row in retired.resources}
    used |= {row.name: row.form for row in retired.operations if row.form}
    for name, form in used.items():
        if form not in retired.forms:
            raise ContractError(FILE, f"/{name}", f"unknown form {form}")
    return retired


def _named(kind: Any) -> set[str]:
    """Return the forms that a member's type names."""
    if isinstance(kind, dict):
        return {*kind.values()}
    return {kind} - SCALARS if isinstance(kind, str) else set()
