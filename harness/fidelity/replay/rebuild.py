"""Entities of a recording, stored in a sandbox: those that its lists and reads returned."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from adsmock.contracts.operation_index import operations
from adsmock.harness.fidelity.comparison import operation_of
from adsmock.harness.fidelity.exchange import Exchange
from adsmock.harness.fidelity.traits import id_name, rows_of
from adsmock.harness.suite.control import Plane, PlaneError

PARENTS = Path(__file__).with_name("parents.toml")
_COMPUTED = ("extendedData",)
_PLACE = re.compile(r" at /profiles/[^/]*/([^/]+)/(\d+)")

Rows = dict[str, dict[str, dict[str, Any]]]
"""Resource to id to entity."""


def recorded_rows(exchanges: Iterable[Exchange]) -> Rows:
    """Return the entities that a recording's reads returned, by resource and id."""
    found: Rows = {}
    for each in exchanges:
        operation = operation_of(each)
        if operation is None or not each.is_success or operation.verb not in {"list", "get"}:
            continue
        contract, name = operations().contract(operation), id_name(operation)
        bodies = rows_of(operation, each.body)
        if bodies is None and isinstance(each.body, dict):
            bodies = [each.body]
        for row in bodies or ():
            if name in row and {"create", "list"} <= {one.verb for one in contract.operations}:
                plain = {key: value for key, value in row.items() if key not in _COMPUTED}
                known = found.setdefault(contract.name, {}).get(str(row[name]), {})
                found[contract.name][str(row[name])] = known | plain
    return found


def rebuild(plane: Plane, sandbox: str, profile: str, rows: Rows) -> list[str]:
    """Store entities in a sandbox; return why some could not be stored.

    They are sent in one document, so that the mock adds no children of its own to them.
    """
    refused: list[str] = []
    whole = {
        resource: list(entities.values()) for resource, entities in _with_parents(rows).items()
    }
    while any(whole.values()):
        try:
            plane.add_state(sandbox, {profile: whole})
        except PlaneError as error:
            resource, reason = _dropped(whole, str(error))
            refused.append(f"{resource}: {reason}")
        else:
            return refused
    return refused


def _dropped(whole: dict[str, list[Any]], reason: str) -> tuple[str, str]:
    """Remove the entity that the mock refused; return its resource and the reason.

    Without a place in the reason a whole resource is removed, so that this ends.
    """
    place = _PLACE.search(reason)
    if place is not None and place[1] in whole and int(place[2]) < len(whole[place[1]]):
        del whole[place[1]][int(place[2])]
        return place[1], reason.partition(" 400 ")[2] or reason
    resource = next((name for name in whole if name in reason), next(iter(whole)))
    del whole[resource]
    return resource, reason


def _with_parents(rows: Rows) -> Rows:
    """Return the entities with the parents that the recording only names.

    A parent that the recording shows gets the members that it lacks.
    """
    found = {resource: dict(entities) for resource, entities in rows.items()}
    for families in _parents().values():
        for template in families.values():
            own = found.get(template["resource"], {})
            if own:
                found[template["resource"]] = {
                    name: template["members"] | row for name, row in own.items()
                }
    for member in ("adGroupId", "campaignId"):
        for resource, entities in list(found.items()):
            template = _parents().get(member, {}).get(resource.partition(".")[0])
            if template is None or template["resource"] == resource:
                continue
            for entity in list(entities.values()):
                _add_parent(found, template, member, entity)
    return found


def _add_parent(
    found: Rows, template: Mapping[str, Any], member: str, entity: Mapping[str, Any]
) -> None:
    if member not in entity:
        return
    own = str(entity[member])
    known = found.setdefault(template["resource"], {})
    if own not in known:
        parent = {member: entity[member], "name": f"parent {own}", **template["members"]}
        if member != "campaignId" and "campaignId" in entity:
            parent["campaignId"] = entity["campaignId"]
        known[own] = parent


@cache
def _parents() -> dict[str, Any]:
    return tomllib.loads(PARENTS.read_text("utf-8"))
