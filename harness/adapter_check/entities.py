"""Entities of the check's account, created and read with the reference client.

So each resource has entities to list and change, whatever the adapter can create.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from adsmock.harness.adapter_check.items import templates
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.clock import SystemClock
from adsmock.harness.client.settings import Settings

Row = dict[str, Any]

FIRST_NUMBER = 1001
"""Four digits, so that ``B00000{n}`` is an ASIN."""


class Entities:
    """Creates entities of any resource with its parents, and reads what exists."""

    def __init__(self, request: Row, profile: str, parents: dict[str, str]) -> None:
        clock = SystemClock()
        self.client = AdsClient(Settings.from_task(request), clock=clock, sleeper=clock)
        self._profile = profile
        self._parents = parents
        self._numbers = count(FIRST_NUMBER)
        self._before: dict[str, set[str]] = {}

    def item(self, resource: str) -> Row:
        """Return a new item with its parents, which exist."""
        template = templates()[resource]
        item = template.numbered(next(self._numbers))
        for member, parent in template.parents.items():
            is_new = template.is_alone and member == list(template.parents)[-1]
            if is_new or parent not in self._parents:
                self._parents[parent] = self.add(parent)
            item[member] = self._written(resource, member, self._parents[parent])
        return item

    def add(self, resource: str) -> str:
        """Create an entity and return its id."""
        name = templates()[resource].created_as or resource
        (outcome,) = self.client.create(name, self._profile, [self.item(resource)])
        assert outcome.id, f"the check cannot create {resource}: {outcome.errors}"
        return outcome.id

    def change(self, resource: str, entity_id: str) -> Row:
        """Return an update of an entity."""
        template, field_name = templates()[resource], self.id_field(resource)
        row = self.stored(resource)[entity_id]
        kept = {name: row[name] for name in template.keep}
        own = {field_name: self._written(resource, field_name, entity_id)}
        return own | kept | template.changed(next(self._numbers))

    def stored(self, resource: str) -> dict[str, Row]:
        """Return the entities that a list returns without filters, by id."""
        rows = self.client.list(resource, self._profile)
        return {str(row[self.id_field(resource)]): row for row in rows}

    def mark(self, resource: str) -> None:
        """Remember which entities exist now."""
        self._before[resource] = set(self.stored(resource))

    def added(self, resource: str) -> set[str]:
        """Return the ids of the entities that exist since ``mark``."""
        return set(self.stored(resource)) - self._before[resource]

    def id_field(self, resource: str) -> str:
        """Return the member with the id of an entity."""
        identity = self.client.api.contract(resource).identity
        assert identity is not None, f"{resource} has ids"
        return identity.field

    def _written(self, resource: str, member: str, entity_id: str) -> Any:
        """Return an id as an item of the resource writes it."""
        kinds = self.client.api.contract(resource).id_types if " " not in resource else {}
        return int(entity_id) if kinds.get(member) == "int64" else entity_id
