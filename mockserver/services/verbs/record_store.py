"""Records that are not entities of a campaign, such as budget rules, in order of creation."""

from __future__ import annotations

from typing import Any

import orjson

from adsmock.mockserver.core.entity import ENABLED, Entity
from adsmock.mockserver.core.store import Table
from adsmock.mockserver.services.request_context import RequestContext

Record = dict[str, Any]


def table_of(context: RequestContext, kind: str = "") -> Table:
    """Return the table of the contract's records; ``kind`` separates several kinds."""
    profile = context.principal.profile if context.operation.scope else None
    name = f"{context.contract.name}.{kind}" if kind else context.contract.name
    return context.sandbox.store.table(profile.id if profile else "", name)


def keep(context: RequestContext, record_id: str, record: Record, kind: str = "") -> None:
    """Store a record; it replaces the record with the same id."""
    keep_in(context, table_of(context, kind), record_id, record)


def keep_in(context: RequestContext, table: Table, record_id: str, record: Record) -> None:
    """Store a record in a table that is not the contract's own."""
    before = table.get(record_id)
    seq = before.seq if before else context.sandbox.store.next_seq()
    made = before.created if before else context.now
    body = orjson.dumps(record)
    table.put(Entity(record_id, seq, ENABLED, body, (), None, made, context.now))


def records(context: RequestContext, kind: str = "") -> list[tuple[Entity, Record]]:
    """Return every record with its stored entity."""
    return [(each, orjson.loads(each.body)) for each in table_of(context, kind).all()]


def find(context: RequestContext, record_id: str, kind: str = "") -> tuple[Entity, Record] | None:
    """Return one record with its stored entity, None if there is none."""
    return find_in(table_of(context, kind), record_id)


def find_in(table: Table, record_id: str) -> tuple[Entity, Record] | None:
    """Return one record of a table with its stored entity, None if there is none."""
    stored = table.get(record_id)
    return None if stored is None else (stored, orjson.loads(stored.body))
