"""What retired paths answered while they were alive: a sheet, read when somebody asks for one.

Knows where the sheet lies and which of its names must fit each other. Hardly a run lives before
the day of a retired path, so the catalogue of ``contracts.loader`` goes without it. Must not know
when a path ended: that is ``contracts/deprecations.json``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from adsmock.contracts.cross_checks import ContractError, check_sources
from adsmock.contracts.loader import FOLDER, SHEETS, build, conform

FILE = f"retired/{SHEETS}/past.json"
META = "past"

SCALARS = frozenset({"integer", "number", "string", "boolean", "day", "moment", "url"})
"""Types of members that are no form: a day is written YYYYMMDD, a moment in milliseconds."""

DATES = "dates"
"""The form of what an extended read adds."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of entity whose verbs are all of the old pattern: arrays, ids in paths.

    ``serving`` is the serving status that its extended reads show.
    """

    name: str
    path: str
    identity: str
    form: str
    does: tuple[str, ...]
    by: str
    serving: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """What stands alone. ``form`` may be two, joined by ``+``; without one there is no body."""

    name: str
    method: str
    path: str
    status: int
    by: str
    form: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """The whole sheet; ``forms`` give the type of each member, by the form's name.

    A type is a scalar, a form, a list of words, or an array that has one or more items of a form
    (``each``) or that has none (``none``).
    """

    forms: dict[str, dict[str, Any]]
    resources: tuple[Resource, ...]
    operations: tuple[Operation, ...]


def read() -> dict[str, Any]:
    """Return the parsed sheet by its path below the contracts."""
    value: Any = json.loads((FOLDER / FILE).read_text("utf-8"))
    return {FILE: value}


@cache
def load() -> Past:
    """Return the installed sheet.

    Raises:
        ContractError: it breaks its meta-schema or names something unknown.
    """
    return assemble(read()[FILE])


def assemble(value: dict[str, Any]) -> Past:
    """Return a parsed sheet, checked.

    Raises:
        ContractError: names the file, the JSON pointer and the reason.
    """
    conform(FILE, "", META, value)
    check_sources(FILE, value)
    past = Past(
        forms=value["forms"],
        resources=build(tuple[Resource, ...], value["resources"]),
        operations=build(tuple[Operation, ...], value["operations"]),
    )
    for form, members in past.forms.items():
        for member, kind in members.items():
            if not _named(kind) <= past.forms.keys():
                raise ContractError(FILE, f"/forms/{form}/{member}", f"no form is called {kind}")
    said = {row.name: row.form for row in past.resources}
    said |= {row.name: row.form for row in past.operations if row.form}
    for name, form in said.items():
        if form not in past.forms:
            raise ContractError(FILE, f"/{name}", f"no form is called {form}")
    return past


def _named(kind: Any) -> set[str]:
    """Return the forms that a member's type names."""
    if isinstance(kind, dict):
        return {*kind.values()}
    return {kind} - SCALARS if isinstance(kind, str) else set()
