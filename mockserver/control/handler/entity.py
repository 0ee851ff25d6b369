"""The entities of a sandbox in pages: by resource, profile and text."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import Any

import orjson

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.core.entity import Entity

Row = tuple[str, str, Entity]
"""Profile, resource, entity."""


def list_all(request: ControlRequest) -> Any:
    """Return one page of entities, newest first, and the number of each resource."""
    sandbox, query = request.sandbox, request.query
    with sandbox.lock:
        tables = {key: table.all() for key, table in sandbox.store.tables().items()}
    counts: Counter[str] = Counter()
    found: list[Row] = []
    for (profile, resource), entities in tables.items():
        if query.get("profileId") not in (None, profile):
            continue
        counts[resource] += len(entities)
        if query.get("resource") in (None, resource):
            found += [(profile, resource, entity) for entity in entities]
    wanted = query.get("search", "").lower().encode()
    if wanted:
        found = [row for row in found if _has(row[2], wanted)]
    found.sort(key=lambda row: row[2].seq, reverse=True)
    page = islice(found, query["offset"], query["offset"] + query["limit"])
    return {
        "total": len(found),
        "resources": dict(sorted((name, number) for name, number in counts.items() if number)),
        "entities": list(map(_shown, page)),
    }


def _has(entity: Entity, wanted: bytes) -> bool:
    """Say whether the id or the body contains a text in lower case."""
    return wanted in entity.id.lower().encode() or wanted in entity.body.lower()


def _shown(row: Row) -> dict[str, Any]:
    profile, resource, entity = row
    return {
        "id": entity.id,
        "profileId": profile,
        "resource": resource,
        "state": entity.state,
        "parents": list(entity.parents),
        "created": format_utc(entity.created),
        "updated": format_utc(entity.updated),
        "entity": orjson.loads(entity.body),
    }
