"""What checks look at: the profile's tables, the day, and the item as it would become.

Knows how to reach stored entities within one call. Must not know any resource by name.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.core.sandbox import Profile, Sandbox
from adsmock.mockserver.core.store import Table

Item = dict[str, Any]

_QUARTER = 900
"""Seconds of a quarter of an hour."""


@dataclass(slots=True)
class Candidate:
    """One item under judgement.

    ``given`` are the members that the request brought, ``whole`` the entity as it would be.
    ``before`` and ``stored`` are what an update found. Checks fill ``parents`` and ``key``.
    """

    index: int
    given: Item
    whole: Item
    stored: Entity | None = None
    before: Item | None = None
    parents: tuple[Entity, ...] = ()
    key: Hashable = None


@dataclass(slots=True)
class ValidationContext:
    """One profile at one moment. ``now`` is sandbox time in seconds."""

    sandbox: Sandbox
    profile: Profile
    now: float
    _today: str = ""
    _documents: dict[str, tuple[bytes, Item]] = field(default_factory=dict)
    _tables: dict[str, Table] = field(default_factory=dict)

    def table(self, resource: str) -> Table:
        """Return the profile's table of ``resource``."""
        found = self._tables.get(resource)
        if found is None:
            found = self._tables[resource] = self.sandbox.store.table(self.profile.id, resource)
        return found

    @property
    def today(self) -> str:
        """The present day in the profile's time zone, ``YYYY-MM-DD``."""
        if not self._today:
            self._today = _day(self.profile.timezone, int(self.now // _QUARTER))
        return self._today

    def day(self, kind: str) -> str:
        """Return the present day as a member of type ``kind`` writes it: ``date`` or ``day``."""
        return self.today.replace("-", "") if kind == "day" else self.today

    def document(self, entity: Entity) -> Item:
        """Return an entity's members, parsed once a call. Do not change them."""
        known = self._documents.get(entity.id)
        if known is not None and known[0] is entity.body:
            return known[1]
        parsed: Item = orjson.loads(entity.body)
        self._documents[entity.id] = (entity.body, parsed)
        return parsed


@lru_cache(maxsize=256)
def _day(timezone: str, quarter: int) -> str:
    """Return the day of a quarter of an hour; every zone's midnight begins one."""
    zone = ZoneInfo(timezone)
    return datetime.fromtimestamp(quarter * _QUARTER, zone).date().isoformat()


Check = Callable[[Candidate, ValidationContext], Failure | None]
"""One rule, bound to a resource: None lets the item pass."""

BatchCheck = Callable[[list[Item], ValidationContext], bool]
"""A look at all items of a create: true when the rule lets each of them pass."""


def with_batch_check(check: Check, check_batch: BatchCheck) -> Check:
    """Return ``check`` with a look at a whole batch.

    Most batches are lawful: one look at ten items costs a third of ten questions (measured).
    """
    check.check_batch = check_batch  # type: ignore[attr-defined]  # a function takes attributes
    return check


def batch_check_of(check: Check) -> BatchCheck | None:
    """Return the look that a check came with, if any."""
    return getattr(check, "check_batch", None)
