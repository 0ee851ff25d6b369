"""A member that no unified item names: the first target below a campaign tells its value.

Knows turns as faces give them. Must not know any resource or member by name.
"""

from __future__ import annotations

from collections.abc import Iterator

from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.services.unified.model import NativeSide
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.write import render

Before = list[tuple[str, Entity]]
"""Resources, and their entities as they were."""


def turn(item: Item, native: Item, side: NativeSide, validation: ValidationContext) -> Before:
    """Give the uppermost parent of a new entity the member that its kind needs.

    Where something stands below the parent already, nothing is turned. Returns what was changed.
    """
    turns, parents = side.face.turns, side.compiled.resource.parents
    if turns is None or not parents:
        return []
    found = str(native.get(parents[0].member))
    wanted = turns.values.get(item["targetType"])
    if wanted is None or validation.table(side.compiled.name).children(0, found):
        return []
    before = [
        (resource, entity)
        for resource, entity in _concerned(side, found, validation)
        if validation.document(entity).get(turns.member) != wanted
    ]
    for resource, entity in before:
        whole = {**validation.document(entity), turns.member: wanted}
        validation.table(resource).put(entity._replace(body=render(whole)))
    return before


def turn_back(before: Before, validation: ValidationContext) -> None:
    """Put back what was turned for an entity that was refused."""
    for resource, entity in before:
        validation.table(resource).put(entity)


def _concerned(
    side: NativeSide, found: str, validation: ValidationContext
) -> Iterator[tuple[str, Entity]]:
    assert side.face.turns is not None
    top = side.compiled.resource.parents[0].resource
    entity = validation.table(top).get(found)
    if entity is not None:
        yield top, entity
    for resource in side.face.turns.copies:
        table = validation.table(resource)
        for each in table.many(table.children(0, found)):
            yield resource, each
