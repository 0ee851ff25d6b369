"""Records that are no resource of a campaign: kept whole, by an id, in order of creation.

Knows how a record is kept in the store, of one profile or of the client. Must not know any kind of
record by name: it is kept under the name of its contract.
"""

from __future__ import annotations

from typing import Any

import orjson

from adsmock.mockserver.core.entity import ENABLED, Entity
from adsmock.mockserver.core.store import Table
from adsmock.mockserver.services.work import Work

Record = dict[str, Any]


def table_of(work: Work, kind: str = "") -> Table:
    """Return the table of the contract's records; ``kind`` tells several kinds apart."""
    profile = work.principal.profile if work.operation.scope else None
    name = f"{work.contract.name}.{kind}" if kind else work.contract.name
    return work.sandbox.store.table(profile.id if profile else "", name)


def keep(work: Work, record_id: str, record: Record, kind: str = "") -> None:
    """Keep a record, in the place of the one with its id."""
    table = table_of(work, kind)
    before = table.get(record_id)
    seq = before.seq if before else work.sandbox.store.next_seq()
    made = before.created if before else work.now
    body = orjson.dumps(record)
    table.put(Entity(record_id, seq, ENABLED, body, (), None, made, work.now))


def records(work: Work, kind: str = "") -> list[tuple[Entity, Record]]:
    """Return every record with the entity that keeps it."""
    return [(each, orjson.loads(each.body)) for each in table_of(work, kind).all()]


def find(work: Work, record_id: str, kind: str = "") -> tuple[Entity, Record] | None:
    """Return one record with the entity that keeps it."""
    stored = table_of(work, kind).get(record_id)
    return None if stored is None else (stored, orjson.loads(stored.body))
