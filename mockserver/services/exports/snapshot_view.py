"""A profile as it was when a job began, for files that are written later.

Indexes are built only when they are first used: a large file needs few.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import repeat

import orjson

from adsmock.mockserver.core.entity import ARCHIVED, Entity
from adsmock.mockserver.core.store import Table
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext

Tables = dict[str, list[Entity]]


class Rows(Table):
    """A list of entities with the interface of the table that it was copied from."""

    __slots__ = ("_below", "_named")

    def __init__(self, entities: list[Entity]) -> None:
        super().__init__()
        self._named = {each.id: each for each in entities}
        self._below: dict[int, dict[str, list[str]]] = {}
        live = [each.parents for each in entities if each.state != ARCHIVED]
        for number in range(len(live[0]) if live else 0):
            above = [parents[number] for parents in live]
            self.live_children.update(zip(repeat(number), above, strict=False))

    def get(self, entity_id: str) -> Entity | None:
        """Return one entity."""
        return self._named.get(entity_id)

    def children(self, parent: int, parent_id: str) -> list[str]:
        """Return ids whose parent number ``parent`` is ``parent_id``, in order of creation."""
        if parent not in self._below:
            below = self._below[parent] = {}
            for each in self._named.values():
                below.setdefault(each.parents[parent], []).append(each.id)
        return self._below[parent].get(parent_id, [])

    def many(self, ids: Iterable[str]) -> list[Entity]:
        """Return the entities of these ids."""
        return [self._named[each] for each in ids]


@dataclass(slots=True)
class SnapshotView(ValidationContext):
    """One profile with the tables in ``kept``. Only the last document is cached."""

    kept: Tables = field(default_factory=dict)
    _entity: Entity | None = None
    _item: Item = field(default_factory=dict)

    def table(self, resource: str) -> Table:
        """Return the rows of ``resource``; the snapshot must have it."""
        found = self._tables.get(resource)
        if found is None:
            found = self._tables[resource] = Rows(self.kept[resource])
        return found

    def document(self, entity: Entity) -> Item:
        """Return an entity's members. Do not change them."""
        if self._entity is not entity:
            self._entity, self._item = entity, orjson.loads(entity.body)
        return self._item
