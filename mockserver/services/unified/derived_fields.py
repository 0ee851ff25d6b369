"""A campaign member without a unified name, set by the first target below the campaign."""

from __future__ import annotations

from collections.abc import Iterator

from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.services.unified.model import MappedResource
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.write import render

Before = list[tuple[str, Entity]]
"""Resources with their entities before the change."""


def set_derived(
    item: Item, native: Item, mapped: MappedResource, validation: ValidationContext
) -> Before:
    """Set the member of the top parent that a new entity needs, and return what changed.

    Changes nothing if the parent has children already.
    """
    derived, parents = mapped.mapping.derived, mapped.compiled.resource.parents
    if derived is None or not parents:
        return []
    found = str(native.get(parents[0].member))
    wanted = derived.values.get(item["targetType"])
    if wanted is None or validation.table(mapped.compiled.name).children(0, found):
        return []
    before = [
        (resource, entity)
        for resource, entity in _affected(mapped, found, validation)
        if validation.document(entity).get(derived.member) != wanted
    ]
    for resource, entity in before:
        whole = {**validation.document(entity), derived.member: wanted}
        validation.table(resource).put(entity._replace(body=render(whole)))
    return before


def restore(before: Before, validation: ValidationContext) -> None:
    """Undo ``set_derived`` for an entity that was refused."""
    for resource, entity in before:
        validation.table(resource).put(entity)


def _affected(
    mapped: MappedResource, found: str, validation: ValidationContext
) -> Iterator[tuple[str, Entity]]:
    assert mapped.mapping.derived is not None
    top = mapped.compiled.resource.parents[0].resource
    entity = validation.table(top).get(found)
    if entity is not None:
        yield top, entity
    for resource in mapped.mapping.derived.copies:
        table = validation.table(resource)
        for each in table.many(table.children(0, found)):
            yield resource, each
