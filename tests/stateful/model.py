"""What a sandbox should do, as plain dictionaries: the oracle of the state machine.

Each method answers with the word of the outcome, ``ok`` or a kind of item error. What a resource
is (its parent, what must be unique) is read from the catalog;
the rules are written here a second time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from adsmock.mockserver.catalog.index import CATALOG

Row = dict[str, Any]
Table = dict[str, Row]


@dataclass
class Shop:
    """One profile: entities by resource and id, as the wire writes them."""

    account: str
    tables: dict[str, Table] = field(default_factory=dict)

    def table(self, resource: str) -> Table:
        return self.tables.setdefault(resource, {})

    def judge(self, resource: str, row: Row, own: str = "") -> str:
        """Judge an entity as it would be: its parent first, then what it may not share."""
        if self.is_orphan(resource, row):
            return "entityStateError" if own else "parentEntityError"
        unique = CATALOG[resource].unique
        if unique is None or (unique.accounts and self.account not in unique.accounts):
            return "ok"
        key = [row.get(name) for name in unique.fields]
        taken = any(
            [other.get(name) for name in unique.fields] == key
            and not is_archived(other)
            and found != own
            for found, other in self.table(resource).items()
        )
        return "duplicateValueError" if taken else "ok"

    def parent_of(self, resource: str, row: Row) -> Row | None:
        """Return the lowest parent; one that does not exist is as good as archived."""
        parents = CATALOG[resource].parents
        if not parents:
            return None
        lowest = parents[-1]
        return self.table(lowest.resource).get(str(row[lowest.member]), {"state": "ARCHIVED"})

    def is_orphan(self, resource: str, row: Row) -> bool:
        """Say whether a parent, or one of its own, does not live."""
        parent = self.parent_of(resource, row)
        if parent is None:
            return False
        above = CATALOG[resource].parents[-1].resource
        return is_archived(parent) or self.is_orphan(above, parent)

    def judge_update(self, resource: str, found: str, changes: Row) -> str:
        refused = self.judge_archive(resource, found)
        if refused != "ok":
            return refused
        return self.judge(resource, {**self.table(resource)[found], **changes}, found)

    def judge_archive(self, resource: str, found: str) -> str:
        if found not in self.table(resource):
            return "entityNotFoundError"
        return "entityStateError" if is_archived(self.table(resource)[found]) else "ok"


def is_archived(row: Row) -> bool:
    return str(row.get("state", "")).upper() == "ARCHIVED"
