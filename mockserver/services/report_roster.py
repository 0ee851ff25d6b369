"""Who could be shown on which days: campaigns with their ad groups, targets and ads.

Knows how long an entity was live, as far as its state, days and parents tell. Must not know
columns or draws. There is no history of states: an entity that is paused or archived now was live
until the day of its last change, and never if it has not changed since it was made. One that was
made on its campaign's own day is as old as the campaign (assumed).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from mockserver.catalog.report import (
    AD_GROUPS,
    ADS,
    AUTOMATIC,
    CAMPAIGNS,
    MANUAL,
    TARGETS,
    WORDS,
    Targets,
)
from mockserver.core.store import Entity, Store
from mockserver.services.metric import MINOR

Tables = dict[str, list[Entity]]
Document = dict[str, Any]

_LIVE = "ENABLED"
_NEVER = (1, 0)
_FOR_EVER = date.max.toordinal()


@dataclass(slots=True)
class Line:
    """One entity: its members as reports know them and its first and last live day."""

    id: str
    document: Document
    first: int
    last: int

    def is_live(self, day: int) -> bool:
        """Say whether it was live on a day."""
        return self.first <= day <= self.last


@dataclass(slots=True)
class Group(Line):
    """One ad group. ``bid`` in minor units."""

    bid: int = 0
    targets: list[Line] = field(default_factory=list)
    ads: list[Line] = field(default_factory=list)

    def shows(self, day: int) -> bool:
        """Say whether anything of it could be shown: it takes an ad and something to match."""
        return (
            self.is_live(day)
            and any(one.is_live(day) for one in self.ads)
            and any(one.is_live(day) for one in self.targets)
        )


@dataclass(slots=True)
class Campaign(Line):
    """One campaign. ``budget`` of a day in minor units."""

    budget: int = 0
    groups: list[Group] = field(default_factory=list)


class Calendar:
    """Days of one time zone as ordinals."""

    def __init__(self, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)

    def day(self, moment: float) -> int:
        """Return the day of a moment (sandbox seconds)."""
        return datetime.fromtimestamp(moment, self._zone).toordinal()

    def passed(self, day: int, now: float) -> float:
        """Return the part of a day that is over at ``now``, 0 to 1."""
        begin = datetime.combine(date.fromordinal(day), datetime.min.time(), self._zone)
        end = datetime.combine(begin.date() + timedelta(days=1), begin.time(), self._zone)
        length = end.timestamp() - begin.timestamp()
        return min(1.0, max(0.0, (now - begin.timestamp()) / length))


def tables(store: Store, profile_id: str) -> Tables:
    """Return every entity that reports need, as they stand now."""
    names = (CAMPAIGNS, AD_GROUPS, ADS, *(row.resource for row in TARGETS))
    return {name: store.table(profile_id, name).all() for name in names}


def roster(found: Tables, calendar: Calendar) -> list[Campaign]:
    """Return the campaigns of a snapshot with all that is below them, in order of creation."""
    campaigns = {each.id: _campaign(each, calendar) for each in found[CAMPAIGNS]}
    made = {each.id: calendar.day(each.created) for each in found[CAMPAIGNS]}
    groups: dict[str, Group] = {}
    for entity in found[AD_GROUPS]:
        owner = campaigns[entity.parents[0]]
        first, last = _below(entity, owner, made[owner.id], calendar)
        document = orjson.loads(entity.body)
        group = Group(entity.id, document, first, last, _minor(document.get("defaultBid")))
        groups[group.id] = group
        owner.groups.append(group)
    for table, known in ((found[ADS], None), *((found[row.resource], row) for row in TARGETS)):
        for entity in table:
            owner, group = campaigns[entity.parents[0]], groups[entity.parents[1]]
            span = _below(entity, owner, made[owner.id], calendar)
            members = orjson.loads(entity.body)
            if known is None:
                group.ads.append(Line(entity.id, members, *span))
            else:
                group.targets.append(Line(entity.id, _target(members, known, group), *span))
    return list(campaigns.values())


def _campaign(entity: Entity, calendar: Calendar) -> Campaign:
    document = orjson.loads(entity.body)
    first, last = _life(entity, _ordinal(document.get("startDate"), 0), calendar)
    last = min(last, _ordinal(document.get("endDate"), _FOR_EVER))
    budget = _minor((document.get("budget") or {}).get("budget"))
    return Campaign(entity.id, document, first, last, budget)


def _below(entity: Entity, owner: Campaign, made: int, calendar: Calendar) -> tuple[int, int]:
    """Return the span of a descendant, inside its campaign's."""
    born = calendar.day(entity.created)
    first, last = _life(entity, owner.first if born <= made else born, calendar)
    return max(first, owner.first), min(last, owner.last)


def _life(entity: Entity, first: int, calendar: Calendar) -> tuple[int, int]:
    if entity.state == _LIVE:
        return first, _FOR_EVER
    if entity.updated == entity.created:
        return _NEVER
    return first, calendar.day(entity.updated) - 1


def _target(members: Document, row: Targets, group: Group) -> Document:
    """Return a keyword or targeting clause in the words that they share in reports."""
    if row.text:
        match = members.get(row.match)
        shown = {"text": members.get(row.text), "match": match, "kind": match}
    else:
        kind = AUTOMATIC if members.get(row.kind) == "AUTO" else MANUAL
        shown = {"text": _expression(members.get(row.expression) or ()), "match": kind}
        shown["kind"] = kind
    bid = members.get("bid")
    shown["bid"] = group.document.get("defaultBid") if bid is None else bid
    return {**shown, "id": members.get(row.id), "state": members.get("state")}


def _expression(parts: Iterable[Document]) -> str:
    """Return a targeting expression as text: ``close-match``, ``asin="B000000000"``."""
    texts = []
    for part in parts:
        word = WORDS.get(part.get("type", ""), str(part.get("type")).lower())
        value = part.get("value")
        texts.append(word if value is None else f'{word}="{value}"')
    return " ".join(texts)


def _ordinal(text: Any, missing: int) -> int:
    return date.fromisoformat(text).toordinal() if text else missing


def _minor(amount: Any) -> int:
    return round(float(amount or 0) * MINOR)
