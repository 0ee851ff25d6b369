"""Which entities could serve on which days: campaigns with their ad groups, targets and ads.

There is no history of states: an entity that is paused or archived now was live until the day of
its last change, and never if it has not changed since its creation. An entity that was created on
its campaign's own day is as old as the campaign (assumed). Bids and budgets have a history:
``past_amounts``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from adsmock.contracts.contract_set import Marketplace
from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.catalog.reporting.model import Product, Subject
from adsmock.mockserver.catalog.reporting.subject import AUTOMATIC, MANUAL, WORDS
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.store import Change, Store, Table
from adsmock.mockserver.services.reporting.past_amounts import (
    Past,
    amount_on,
    past_of,
    replaced_entities,
)

Tables = dict[str, list[Entity]]
"""Entities by resource."""
Words = dict[str, Any]

_LIVE = "ENABLED"
_NEVER = (1, 0)
_FOR_EVER = date.max.toordinal()
_QUARTER = 900
"""Seconds of a quarter of an hour; midnight of every zone starts one."""
PLAIN_BID = 0.75
"""Maximum cost of a click without a known bid, times the marketplace's price level (assumed)."""
_LIFETIME = "LIFETIME_BUDGET"
_LIFETIME_DAYS = 30
"""Days over which a lifetime budget is spread (assumed)."""


@dataclass(slots=True)
class Line:
    """One entity: its words in reports, its first and last live day."""

    id: str
    words: Words
    first: int
    last: int

    def is_live(self, day: int) -> bool:
        """Say whether it was live on a day."""
        return self.first <= day <= self.last


@dataclass(slots=True)
class Group(Line):
    """One ad group. ``bid`` in minor units; ``past`` has earlier ones."""

    bid: int = 1
    past: Past = ()
    targets: list[Line] = field(default_factory=list)
    ads: list[Line] = field(default_factory=list)

    def shown(self, first: int, last: int) -> Sequence[int]:
        """Return the days when it could serve: an ad and a target were live."""
        days = range(max(first, self.first), min(last, self.last) + 1)
        if not days or all(_spans(lines, days) for lines in (self.ads, self.targets)):
            return days
        lines = (self.ads, self.targets)
        return [
            day for day in days if all(any(item.is_live(day) for item in each) for each in lines)
        ]


def _spans(lines: list[Line], days: range) -> bool:
    return any(line.first <= days[0] and line.last >= days[-1] for line in lines)


@dataclass(slots=True)
class Campaign(Line):
    """One campaign. ``budget`` of a day in minor units; ``past`` has earlier ones."""

    budget: int = 0
    past: Past = ()
    groups: list[Group] = field(default_factory=list)


class Calendar:
    """Days of one time zone as ordinals."""

    def __init__(self, timezone: str) -> None:
        self.timezone = timezone
        self._zone = ZoneInfo(timezone)
        self._days: dict[int, int] = {}

    def day(self, moment: float) -> int:
        """Return the day of a moment (sandbox seconds)."""
        quarter = int(moment // _QUARTER)
        if quarter not in self._days:
            self._days[quarter] = datetime.fromtimestamp(moment, self._zone).toordinal()
        return self._days[quarter]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The entities that a product's reports need, and the logged changes of their profile."""

    entities: Tables
    changes: Sequence[Change]

    @property
    def size(self) -> int:
        """How many entities there are."""
        return sum(map(len, self.entities.values()))


def tables(product: Product, store: Store, profile_id: str) -> Snapshot:
    """Return the current entities that a product's reports need, and what replaced them."""
    subjects = (product.campaigns, product.groups, *product.ads, *product.targets)
    found = {
        each.resource: store.table(profile_id, each.resource).all()
        for each in subjects
        if each.resource in CATALOG
    }
    changes = [each for each in store.changes(profile_id) if each[1] and each[0] in found]
    return Snapshot(found, changes)


def tables_of_part(
    product: Product, store: Store, profile_id: str, first: int, count: int
) -> Snapshot:
    """Return the same of ``count`` campaigns from number ``first`` on, without a look at others."""
    campaigns = store.table(profile_id, product.campaigns.resource)
    ids = campaigns.order[first : first + count]
    found = {product.campaigns.resource: _entities(campaigns, ids)}
    parent, owners = product.campaigns, ids
    for each in (product.groups, *product.ads, *product.targets):
        if each.resource in CATALOG:
            table = store.table(profile_id, each.resource)
            number = _number_of(each, parent)
            below = [name for owner in owners for name in table.children(number, owner)]
            found[each.resource] = _entities(table, below)
            if each is product.groups:
                parent, owners = each, below
    changes = [each for each in store.changes(profile_id) if each[1] and each[0] in found]
    return Snapshot(found, changes)


def _entities(table: Table, ids: Iterable[str]) -> list[Entity]:
    return [entity for entity in map(table.get, ids) if entity is not None]


def _number_of(subject: Subject, parent: Subject) -> int:
    """Return the number of a resource among the parents of another."""
    return [each.resource for each in CATALOG[subject.resource].parents].index(parent.resource)


class EligibleCampaigns:
    """The campaigns of a snapshot, in order of creation.

    Keeps only references: each campaign and its children are read when the iteration reaches them,
    so that ten thousand take no more memory than the largest. The words of targets and ads are read
    only on request.
    """

    def __init__(
        self,
        product: Product,
        found: Snapshot,
        calendar: Calendar,
        market: Marketplace,
        *,
        has_words: bool = True,
    ) -> None:
        self._product = product
        self._market = market
        self._has_words = has_words
        self._calendar = calendar
        entities = found.entities
        self._campaigns = entities.get(product.campaigns.resource, [])
        self._groups = _by_parent(entities, product.groups, product.campaigns)
        below = (*product.ads, *product.targets)
        self._below = {each.resource: _by_parent(entities, each, product.groups) for each in below}
        self._subjects = {
            each.resource: each for each in (product.campaigns, product.groups, *product.targets)
        }
        self._replaced = replaced_entities(found.changes, calendar.day)

    def __iter__(self) -> Iterator[Campaign]:
        """Yield the campaigns one by one."""
        for entity in self._campaigns:
            campaign = self._campaign(entity)
            made = self._calendar.day(entity.created)
            for below in self._groups.get(entity.id, ()):
                campaign.groups.append(self._group(below, campaign, made))
            yield campaign

    def _campaign(self, entity: Entity) -> Campaign:
        words = _words(entity, self._product.campaigns)
        first, last = _life(entity, _ordinal(words.get("begins"), 0), self._calendar)
        last = min(last, _ordinal(words.get("ends"), _FOR_EVER))
        budget = self._budget(words)
        past = self._past(entity.id, self._budget, budget)
        return Campaign(entity.id, words, first, last, budget, past)

    def _budget(self, words: Words) -> int:
        budget = self._minor(words.get("budget"))
        return budget // _LIFETIME_DAYS if words.get("budgetType") == _LIFETIME else budget

    def _group(self, entity: Entity, owner: Campaign, made: int) -> Group:
        words = _words(entity, self._product.groups)
        span = self._span(entity, owner, made)
        group = Group(entity.id, words, *span)
        has_words = self._has_words or not words.get("bid")  # else the bid comes from the targets
        for subject in self._product.ads:
            group.ads += self._lines(entity.id, subject, owner, made, self._has_words)
        for subject in self._product.targets:
            group.targets += self._lines(entity.id, subject, owner, made, has_words)
        for line in group.targets:
            _complete(line.words, words)
        if words.get("bid"):
            group.bid = self._bid(words)
            group.past = self._past(entity.id, self._bid, group.bid)
        else:
            group.bid, group.past = self._bid_of_targets(group.targets)
        return group

    def _bid_of_targets(self, targets: Sequence[Line]) -> tuple[int, Past]:
        """Return the highest bid of targets, and the earlier ones."""
        amounts = [(each.id, self._minor(each.words.get("bid"))) for each in targets]
        plain = self._minor(PLAIN_BID * self._market.price_level) or 1
        bid = max((amount for _, amount in amounts), default=0) or plain
        own = [
            (self._past(name, lambda words: self._minor(words.get("bid")), amount), amount)
            for name, amount in amounts
        ]
        days = sorted({day for past, _ in own for day, _ in past})
        highest = (max(amount_on(*each, day) for each in own) for day in days)
        return bid, tuple(zip(days, (each or plain for each in highest), strict=True))

    def _bid(self, words: Words) -> int:
        plain = PLAIN_BID * self._market.price_level
        return self._minor(words.get("bid")) or self._minor(plain) or 1

    def _past(self, entity_id: str, amount: Callable[[Words], int], now: int) -> Past:
        replaced = self._replaced.get(entity_id)
        if replaced is None:
            return ()
        return past_of(
            replaced, lambda name, before: amount(_words(before, self._subjects[name])), now
        )

    def _minor(self, amount: Any) -> int:
        return round(float(amount or 0) * self._market.minor)

    def _lines(
        self,
        group: str,
        subject: Subject,
        owner: Campaign,
        made: int,
        has_words: bool,
    ) -> Iterator[Line]:
        is_read = has_words or "excludes" in subject.words
        for entity in self._below[subject.resource].get(group, ()):
            words = _words(entity, subject) if is_read else {}
            if not words.get("excludes"):
                yield Line(entity.id, words, *self._span(entity, owner, made))

    def _span(self, entity: Entity, owner: Campaign, made: int) -> tuple[int, int]:
        """Return the span of a descendant, inside its campaign's."""
        born = self._calendar.day(entity.created)
        first, last = _life(entity, owner.first if born <= made else born, self._calendar)
        return max(first, owner.first), min(last, owner.last)


def _by_parent(found: Tables, subject: Subject, parent: Subject) -> dict[str, list[Entity]]:
    """Return a resource's entities by the parent that they have in another."""
    grouped: dict[str, list[Entity]] = {}
    entities = found.get(subject.resource, [])
    if entities:
        number = _number_of(subject, parent)
        for entity in entities:
            grouped.setdefault(entity.parents[number], []).append(entity)
    return grouped


def _life(entity: Entity, first: int, calendar: Calendar) -> tuple[int, int]:
    if entity.state.upper() == _LIVE:
        return first, _FOR_EVER
    if entity.updated == entity.created:
        return _NEVER
    return first, calendar.day(entity.updated) - 1


def _words(entity: Entity, subject: Subject) -> Words:
    """Return an entity's members by the words of reports.

    A number in a member's path is an index of an array.
    """
    document = orjson.loads(entity.body)
    words = dict(subject.defaults)
    for word, path in subject.words.items():
        value = _member(document, path) if "." in path else document.get(path)
        if value is not None:
            words[word] = value
    for word in ("id", "portfolio"):
        if word in words:
            words[word] = int(words[word])
    for word in ("state", "match", "kind", "costType", "budgetType"):
        if word in words:
            words[word] = WORDS.get(words[word].upper(), words[word].upper())
    return words


def _member(value: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(value, list):
            value = value[int(step)] if value else None
        else:
            value = value.get(step) if value is not None else None
    return value


def _complete(words: Words, group: Words) -> None:
    """Add the words of a target's expression and of its ad group."""
    if "expression" in words:
        words["text"] = _expression(words["expression"])
        kind = AUTOMATIC if str(words.get("automatic")).upper() == "AUTO" else MANUAL
        words["match"] = words["kind"] = kind
    if words.get("bid") is None and "bid" in group:
        words["bid"] = group["bid"]


def _expression(parts: Iterable[Words]) -> str:
    """Return a targeting expression as text: ``close-match``, ``asin="B000000000"``."""
    texts = []
    for part in parts:
        word = WORDS.get(part.get("type", ""), str(part.get("type")).lower())
        value = part.get("value")
        if isinstance(value, list):
            texts.append(f"{word}=({_expression(value)})")
        else:
            texts.append(word if value is None else f'{word}="{value}"')
    return " ".join(texts)


def _ordinal(text: Any, missing: int) -> int:
    return date.fromisoformat(text.partition("T")[0]).toordinal() if text else missing
