"""Serving status: why an entity does or does not serve, from its state, days, content and parents.

Source: campaign management reference 2.11 (documented: the words and the rule of completeness;
observed in an older version: the problem of the highest parent is the one reported).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import orjson

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.catalog.resource import Awaits, Parent, Resource, Review
from adsmock.mockserver.core.entity import ARCHIVED, Entity
from adsmock.mockserver.services.status.moderation import best_result, entity_result
from adsmock.mockserver.services.validation.normalize import getter
from adsmock.mockserver.services.validation.validation_context import ValidationContext
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource

_LIVE = "ENABLED"
_UNNAMED = "OTHER"
"""The only status with a detail of the same name. Source: OpenAPI SponsoredProducts 3.0."""

Moment = Callable[[float], str]
_MOMENTS = 1024
"""Times formatted once per list: adjacent entities were often created by one batch."""

Known = dict[tuple[str, str], tuple[str, ...]]


def extended_bodies(
    entities: list[Entity], compiled: CompiledResource, validation: ValidationContext
) -> list[bytes]:
    """Return rendered entities with their extended members, dates in UTC.

    They are in ``extendedData``, or among the other members in rows of a bare array.
    """
    known: Known = {}
    moment = lru_cache(_MOMENTS)(format_utc)
    members = [(name, _MEMBERS[kind]) for name, kind in compiled.extension]
    rows: list[bytes] = []
    for entity in entities:
        words = statuses(entity, compiled.resource, validation, known)
        data = orjson.dumps({name: read(entity, words, moment) for name, read in members})
        if compiled.contract.row is not None:
            rows.append(b"%b,%b" % (entity.body[:-1], data[1:]))
        else:
            rows.append(b'%b,"extendedData":%b}' % (entity.body[:-1], data))
    return rows


def _detail(word: str) -> str:
    return word if word == _UNNAMED else f"{word}_DETAIL"


_MEMBERS: dict[str, Callable[[Entity, tuple[str, ...], Moment], Any]] = {
    "created dateTime": lambda entity, _, moment: moment(entity.created),
    "updated dateTime": lambda entity, _, moment: moment(entity.updated),
    "created int64": lambda entity, *_: int(entity.created * 1000),
    "updated int64": lambda entity, *_: int(entity.updated * 1000),
    "status": lambda _, words, __: words[0],
    "details object": lambda _, words, __: [{"name": _detail(word)} for word in words],
    "details string": lambda _, words, __: [_detail(word) for word in words],
}
"""How an extended member is read, by ``CompiledResource.extension``."""


def statuses(
    entity: Entity, resource: Resource, validation: ValidationContext, known: Known
) -> tuple[str, ...]:
    """Return why the entity does not serve, highest parent first, or the word for serving."""
    problems: list[str] = []
    for parent, parent_id in zip(resource.parents, entity.parents, strict=True):
        key = (parent.resource, parent_id)
        if key not in known:
            holder = validation.table(parent.resource).get(parent_id)
            row = CATALOG[parent.resource]
            known[key] = _own_problems(holder, row, validation) if holder is not None else ()
        problems.extend(known[key])
    problems.extend(_own_problems(entity, resource, validation))
    problems.extend(_under_review(entity, resource, validation))
    return tuple(problems) or (resource.serving.states[_LIVE],)


def _own_problems(
    entity: Entity, resource: Resource, validation: ValidationContext
) -> tuple[str, ...]:
    """Return why the entity itself does not serve, the most serious reason first."""
    serving = resource.serving
    if entity.state == ARCHIVED:
        return (serving.states[ARCHIVED],)
    problems: list[str] = [*_of_holder(entity, serving.holder, validation)]
    if entity.state != _LIVE:
        problems.append(serving.states.get(entity.state, _UNNAMED))
    problems.extend(_by_day(entity, resource, validation))
    if serving.incomplete and not _is_complete(entity, resource, validation):
        problems.append(serving.incomplete)
    return tuple(problems)


def _of_holder(
    entity: Entity, link: Parent | None, validation: ValidationContext
) -> tuple[str, ...]:
    """Return why the portfolio of a campaign does not serve; empty without one."""
    if link is None:
        return ()
    found = validation.document(entity).get(link.member)
    holder = validation.table(link.resource).get(str(found)) if found else None
    return _own_problems(holder, CATALOG[link.resource], validation) if holder else ()


def _under_review(entity: Entity, resource: Resource, validation: ValidationContext) -> list[str]:
    """Return the word of a pending or failed review: the entity's, or all its children's."""
    review, awaits = resource.review, resource.serving.awaits
    if entity.state == ARCHIVED:
        return []
    words: Review | Awaits
    if awaits is not None:
        words, table, child = awaits, validation.table(awaits.resource), CATALOG[awaits.resource]
        children = table.many(table.children(len(resource.parents), entity.id))
        found = best_result(
            entity_result(each, child, validation) for each in children if each.state != ARCHIVED
        )
    elif review is not None:
        words, found = review, entity_result(entity, resource, validation)
    else:
        return []
    if found == "passed":
        return []
    return [words.waiting if found == "waiting" else words.refused]


def _by_day(entity: Entity, resource: Resource, validation: ValidationContext) -> list[str]:
    serving = resource.serving
    if not serving.begins:
        return []
    document = validation.document(entity)
    first, last = _read(serving.begins)(document), _read(serving.ends)(document)
    today = validation.today if "-" in (first or last or "-") else validation.day("day")
    if (last or today) < today:
        return [serving.ended]
    if (first or today) > today:
        return [serving.pending]
    return []


_read = cache(getter)
"""Reads a dotted member; compiled once."""


def _is_complete(entity: Entity, resource: Resource, validation: ValidationContext) -> bool:
    """Say whether the entity has a live child of each required kind."""
    number = len(resource.parents)  # its number among the parents of its children
    return all(
        any(validation.table(name).live_children.get((number, entity.id)) for name in names)
        for names in resource.serving.needs
    )
