"""Find out whether a create was done: read back by what makes an entity unique.

Knows the natural keys of the resources. Must not decide what to do with what it finds.
Source: developer notes, uniqueness (documented); ids of the parents narrow the read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.client.multistatus import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from harness.client.call import Book
    from harness.client.pager import Pager

_FILTER_WIDTH = 100
"""The most values that a filter by parent or by name may carry (documented)."""

_LIVE = {"stateFilter": {"include": ["ENABLED", "PAUSED", "PROPOSED"]}}
"""An archived namesake is not the entity that we asked for."""


_ALIVE = {"stateFilter": ["enabled", "paused"]}
"""The same in the words of a query."""


@dataclass(frozen=True, slots=True)
class NaturalKey:
    """The members that make an entity unique, and the filter that narrows a list to them.

    ``narrow`` is the member whose values go into the filter ``by``; ``exactly`` adds the word
    that text filters want. A ``bare`` filter is a list of values for a query.
    """

    members: tuple[str, ...]
    narrow: str
    by: str
    exactly: bool = False
    bare: bool = False

    def given(self, item: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the members of the key that an item names; an ad has a sku or an asin."""
        return tuple(member for member in self.members if item.get(member) is not None)

    def filters(self, items: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield list filters that together cover all items."""
        wanted = list(dict.fromkeys(str(item.get(self.narrow)) for item in items))
        if self.bare:
            yield {self.by: wanted, **_ALIVE}
            return
        for start in range(0, len(wanted), _FILTER_WIDTH):
            selector: dict[str, Any] = {"include": wanted[start : start + _FILTER_WIDTH]}
            if self.exactly:
                selector["queryTermMatchType"] = "EXACT_MATCH"
            yield {self.by: selector, **_LIVE}


_IN_CAMPAIGN = ("campaignId", "campaignIdFilter")
_IN_AD_GROUP = ("adGroupId", "adGroupIdFilter")
_TEXT = ("keywordText", "matchType")

NATURAL_KEYS = {
    "sp.campaigns": NaturalKey(("name",), "name", "nameFilter", exactly=True),
    "sp.adGroups": NaturalKey(("campaignId", "name"), *_IN_CAMPAIGN),
    "sp.productAds": NaturalKey(("adGroupId", "sku", "asin"), *_IN_AD_GROUP),
    "sp.keywords": NaturalKey(("adGroupId", *_TEXT), *_IN_AD_GROUP),
    "sp.negativeKeywords": NaturalKey(("adGroupId", *_TEXT), *_IN_AD_GROUP),
    "sp.campaignNegativeKeywords": NaturalKey(("campaignId", *_TEXT), *_IN_CAMPAIGN),
    "sp.targets": NaturalKey(("adGroupId", "expressionType", "expression"), *_IN_AD_GROUP),
    "sp.negativeTargets": NaturalKey(("adGroupId", "expression"), *_IN_AD_GROUP),
    "sp.campaignNegativeTargets": NaturalKey(("campaignId", "expression"), *_IN_CAMPAIGN),
    "sd.adGroups": NaturalKey(("campaignId", "name"), *_IN_CAMPAIGN, bare=True),
    "sd.productAds": NaturalKey(("adGroupId", "sku", "asin"), *_IN_AD_GROUP, bare=True),
    "sd.targets": NaturalKey(("adGroupId", "expression"), *_IN_AD_GROUP, bare=True),
    "sd.negativeTargets": NaturalKey(("adGroupId", "expression"), *_IN_AD_GROUP, bare=True),
}


class ReadBack:
    """Looks for items that may have been created."""

    def __init__(self, book: Book, pager: Pager) -> None:
        self._book = book
        self._pager = pager

    def find(
        self, resource: str, profile: str, items: Mapping[int, Mapping[str, Any]]
    ) -> dict[int, Outcome]:
        """Return an outcome, under the same place, for each item that exists by now.

        What has no natural key cannot be told from its like, so none of it is found.
        """
        key = NATURAL_KEYS.get(resource)
        if key is None:
            return {}
        identity = self._book.contract(resource).identity
        assert identity is not None, "what can be created has an id"
        stored = [
            entity
            for filters in key.filters(list(items.values()))
            for entity in self._pager.items(resource, profile, filters)
        ]
        shelves: dict[tuple[str, ...], dict[str, dict[str, Any]]] = {}
        found: dict[int, Outcome] = {}
        for place, item in items.items():
            members = key.given(item)
            if members not in shelves:
                shelves[members] = {_value(entity, members): entity for entity in stored}
            # Each entity answers for one item: the second of two equal items was not created.
            entity = shelves[members].pop(_value(item, members), None)
            if entity is not None:
                found[place] = Outcome(place, id=str(entity[identity.field]), entity=entity)
        return found


def _value(item: Mapping[str, Any], members: tuple[str, ...]) -> str:
    """Return the key's value, comparable between what is sent and what is read.

    An id counts the same as string and as number.
    """
    values = [item.get(member) for member in members]
    plain = [str(value) if isinstance(value, int) else value for value in values]
    return json.dumps(plain, sort_keys=True, ensure_ascii=False)
