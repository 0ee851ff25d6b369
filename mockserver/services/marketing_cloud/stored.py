"""Records of an instance by the names that clients give them: workflows, schedules."""

from __future__ import annotations

import orjson

from adsmock.mockserver.services.marketing_cloud.account import Instance
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs.record_store import Record, find_in, keep_in

_GONE = "isDeleted"


class Stored:
    """The records of one kind; a deleted one leaves a mark, and its name can be used again."""

    def __init__(self, context: RequestContext, instance: Instance, kind: str) -> None:
        self._context = context
        name = f"amc.{kind}.{instance.id}"
        self._table = context.sandbox.store.table(instance.profile.id, name)

    def all(self) -> list[Record]:
        """Return every record in order of creation."""
        rows = [orjson.loads(entity.body) for entity in self._table.all()]
        return [row for row in rows if _GONE not in row]

    def find(self, name: str) -> Record | None:
        """Return a record, None without one."""
        found = find_in(self._table, name)
        return None if found is None or _GONE in found[1] else found[1]

    def keep(self, name: str, record: Record) -> None:
        """Store a record; it replaces the one with the same name."""
        keep_in(self._context, self._table, name, record)

    def delete(self, name: str) -> None:
        """Delete a record."""
        self.keep(name, {_GONE: True})
