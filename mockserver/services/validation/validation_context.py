"""What checks read: the profile's tables, the date, and the entity that an item would become."""

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
    """One item to check.

    ``given`` are the members in the request, ``whole`` is the entity that would result. An update
    has the stored entity in ``stored`` and its members in ``before``. Checks fill ``parents`` and
    ``key``.
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
    """One profile during one call. ``now`` is sandbox time in seconds since 1970."""

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
        """The current date in the profile's time zone, ``YYYY-MM-DD``."""
        if not self._today:
            self._today = _day(self.profile.timezone, int(self.now // _QUARTER))
        return self._today

    def day(self, kind: str) -> str:
        """Return the current date in the format of a type: ``date`` or ``day``."""
        return self.today.replace("-", "") if kind == "day" else self.today

    def document(self, entity: Entity) -> Item:
        """Return an entity's members, parsed once per call. Do not change them."""
        known = self._documents.get(entity.id)
        if known is not None and known[0] is entity.body:
            return known[1]
        parsed: Item = orjson.loads(entity.body)
        self._documents[entity.id] = (entity.body, parsed)
        return parsed


@lru_cache(maxsize=256)
def _day(timezone: str, quarter: int) -> str:
    """Return the date of a quarter of an hour; midnight of every zone starts one."""
    zone = ZoneInfo(timezone)
    return datetime.fromtimestamp(quarter * _QUARTER, zone).date().isoformat()


Check = Callable[[Candidate, ValidationContext], Failure | None]
"""A rule bound to a resource; returns None for a valid item."""

BatchCheck = Callable[[list[Item], ValidationContext], bool]
"""A check of all items of a create at once; true if every item is valid."""


def with_batch_check(check: Check, check_batch: BatchCheck) -> Check:
    """Return ``check`` with a check of a whole batch.

    Most batches are valid: one batch check of ten items costs a third of ten checks (measured).
    """
    check.check_batch = check_batch  # type: ignore[attr-defined]  # a function takes attributes
    return check


def batch_check_of(check: Check) -> BatchCheck | None:
    """Return the batch check of a check, None without one."""
    return getattr(check, "check_batch", None)
