"""Serving status: why an entity is or is not shown, from its state, days, content and parents.

Knows the words that the catalog gives. Must not know any resource by name.

Source: campaign management reference 2.11 (documented: the words and the rule of completeness;
observed in an older version: the problem of the highest parent is the one reported).
"""

from __future__ import annotations

import orjson

from mockserver.catalog.entry import Resource
from mockserver.catalog.index import CATALOG
from mockserver.core.clock import iso
from mockserver.core.store import ARCHIVED, Entity
from mockserver.services.plan import Plan
from mockserver.services.scene import Scene

_LIVE = "ENABLED"
_UNNAMED = "OTHER"
"""The one status whose detail goes by the same name. Source: OpenAPI SponsoredProducts 3.0."""

Known = dict[tuple[str, str], tuple[str, ...]]


def extend(entities: list[Entity], plan: Plan, scene: Scene) -> list[bytes]:
    """Return rendered entities with their ``extendedData``, dates in UTC."""
    known: Known = {}
    moments: dict[float, str] = {}
    rows: list[bytes] = []
    for entity in entities:
        for moment in (entity.created, entity.updated):
            if moment not in moments:
                moments[moment] = iso(moment)
        words = statuses(entity, plan.resource, scene, known)
        data = orjson.dumps(
            {
                "creationDateTime": moments[entity.created],
                "lastUpdateDateTime": moments[entity.updated],
                "servingStatus": words[0],
                "servingStatusDetails": [{"name": _detail(word)} for word in words],
            }
        )
        rows.append(b'%b,"extendedData":%b}' % (entity.body[:-1], data))
    return rows


def _detail(word: str) -> str:
    return word if word == _UNNAMED else f"{word}_DETAIL"


def statuses(entity: Entity, resource: Resource, scene: Scene, known: Known) -> tuple[str, ...]:
    """Return what stands against the entity, highest parent first, or that it is live."""
    problems: list[str] = []
    for parent, parent_id in zip(resource.parents, entity.parents, strict=True):
        key = (parent.resource, parent_id)
        if key not in known:
            holder = scene.table(parent.resource).get(parent_id)
            row = CATALOG[parent.resource]
            known[key] = _own_problems(holder, row, scene) if holder is not None else ()
        problems.extend(known[key])
    problems.extend(_own_problems(entity, resource, scene))
    return tuple(problems) or (resource.serving.states[_LIVE],)


def _own_problems(entity: Entity, resource: Resource, scene: Scene) -> tuple[str, ...]:
    """Return what stands against the entity itself, the gravest first."""
    serving = resource.serving
    if entity.state == ARCHIVED:
        return (serving.states[ARCHIVED],)
    problems: list[str] = []
    if entity.state != _LIVE:
        problems.append(serving.states.get(entity.state, _UNNAMED))
    problems.extend(_by_day(entity, resource, scene))
    if serving.incomplete and not _is_complete(entity, resource, scene):
        problems.append(serving.incomplete)
    return tuple(problems)


def _by_day(entity: Entity, resource: Resource, scene: Scene) -> list[str]:
    begins, ends = resource.serving.begins, resource.serving.ends
    if not begins:
        return []
    document = scene.document(entity)
    if (document.get(ends) or scene.today) < scene.today:
        return ["ENDED"]
    if (document.get(begins) or scene.today) > scene.today:
        return ["PENDING_START_DATE"]
    return []


def _is_complete(entity: Entity, resource: Resource, scene: Scene) -> bool:
    """Say whether the entity has a live child of each kind it needs."""
    number = len(resource.parents)  # its own place in the chain of its children's parents
    return all(
        any(scene.table(name).live_children.get((number, entity.id)) for name in names)
        for names in resource.serving.needs
    )
