"""Find out whether a create was done: look the entity up by its natural key.

Source: developer notes, uniqueness (documented).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .api import Api, Contract, Filter
from .multistatus import Outcome
from .pager import Pager

_FILTER_WIDTH = 100
"""The most values in a filter by parent or by name, unless the contract has a lower limit."""

_LIVE = frozenset({"ENABLED", "PAUSED", "PROPOSED"})
"""States that count: an archived entity of the same name is another one."""


@dataclass(frozen=True, slots=True)
class NaturalKey:
    """The members that make an entity unique, and the filter that narrows a list to them.

    ``narrow`` is the member with the values for the filter ``by``; without one, the whole list is
    read. ``exactly`` adds the match type that text filters need.
    """

    members: tuple[str, ...]
    narrow: str = ""
    by: str = ""
    exactly: bool = False

    def members_of(self, item: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the members of the key that an item has; an ad has a sku or an asin."""
        return tuple(member for member in self.members if item.get(member) is not None)

    def filters(
        self, items: list[Mapping[str, Any]], contract: Contract
    ) -> Iterator[dict[str, Any]]:
        """Yield list filters that together cover all items, in the format of the contract."""
        state = next(row for row in contract.filters if row.field == "state")
        live = _filter_body([(state, [word for word in state.enum if word.upper() in _LIVE])])
        if not self.by:
            yield live
            return
        by = next(row for row in contract.filters if row.name == self.by)
        width = min(by.max_items or _FILTER_WIDTH, _FILTER_WIDTH)
        wanted = list(dict.fromkeys(str(item.get(self.narrow)) for item in items))
        for start in range(0, len(wanted), width):
            part = wanted[start : start + width]
            if by.kind == "typed":
                yield _filter_body([(by, part)], live["filters"])
                continue
            narrow = _filter_body([(by, part)])
            if self.exactly:
                narrow[self.by]["queryTermMatchType"] = "EXACT_MATCH"
            yield {**narrow, **live}


def _filter_body(rows: list[tuple[Filter, list[str]]], more: Sequence[Any] = ()) -> dict[str, Any]:
    """Return filters and their values as the body of a list."""
    body: dict[str, Any] = {}
    typed = list(more)
    for row, values in rows:
        if row.kind == "typed":
            typed.append({"filterType": row.name, "values": values})
        else:
            body[row.name] = values if row.kind == "comma" else {"include": values}
    return {**body, "filters": typed} if typed else body


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
    "portfolios": NaturalKey(("name",), "name", "nameFilter", exactly=True),
    "sb.campaigns": NaturalKey(("name",), "name", "nameFilter", exactly=True),
    "sb.adGroups": NaturalKey(("campaignId", "name"), *_IN_CAMPAIGN),
    "sb.keywords": NaturalKey(("adGroupId", *_TEXT), *_IN_AD_GROUP),
    "sb.negativeKeywords": NaturalKey(("adGroupId", *_TEXT), *_IN_AD_GROUP),
    "sb.targets": NaturalKey(("adGroupId", "expressions"), "adGroupId", "AD_GROUP_ID"),
    "sb.negativeTargets": NaturalKey(("adGroupId", "expressions"), "adGroupId", "AD_GROUP_ID"),
    "sb.themes": NaturalKey(("adGroupId", "themeType"), *_IN_AD_GROUP),
    "sd.campaigns": NaturalKey(("name",)),
    "sd.locations": NaturalKey(("adGroupId", "expression"), *_IN_AD_GROUP),
    "sd.adGroups": NaturalKey(("campaignId", "name"), *_IN_CAMPAIGN),
    "sd.productAds": NaturalKey(("adGroupId", "sku", "asin"), *_IN_AD_GROUP),
    "sd.targets": NaturalKey(("adGroupId", "expression"), *_IN_AD_GROUP),
    "sd.negativeTargets": NaturalKey(("adGroupId", "expression"), *_IN_AD_GROUP),
}
"""Ads of Sponsored Brands and creatives have none: two equal ones may exist."""


class ReadBack:
    """Finds items that may have been created."""

    def __init__(self, api: Api, pager: Pager) -> None:
        self._api = api
        self._pager = pager

    def knows(self, resource: str) -> bool:
        """Return whether entities of a resource can be found by a natural key."""
        return resource in NATURAL_KEYS

    def find(
        self, resource: str, profile: str, items: Mapping[int, Mapping[str, Any]]
    ) -> dict[int, Outcome]:
        """Return an outcome, under the same place, for each item that exists now.

        Without a natural key an entity cannot be identified, so none is found.
        """
        key = NATURAL_KEYS.get(resource)
        if key is None:
            return {}
        contract = self._api.contract(resource)
        identity = contract.identity
        assert identity is not None, "what can be created has an id"
        stored = [
            entity
            for filters in key.filters(list(items.values()), contract)
            for entity in self._pager.items(resource, profile, filters)
        ]
        entities_by_key: dict[tuple[str, ...], dict[str, dict[str, Any]]] = {}
        found: dict[int, Outcome] = {}
        for place, item in items.items():
            members = key.members_of(item)
            if members not in entities_by_key:
                entities_by_key[members] = {_value(entity, members): entity for entity in stored}
            # Each entity counts for one item: the second of two equal items was not created.
            entity = entities_by_key[members].pop(_value(item, members), None)
            if entity is not None:
                found[place] = Outcome(place, id=str(entity[identity.field]), entity=entity)
        return found


def _value(item: Mapping[str, Any], members: tuple[str, ...]) -> str:
    """Return the value of the key, equal for a sent item and the entity read back.

    An id is equal as string and as number.
    """
    values = [item.get(member) for member in members]
    plain = [str(value) if isinstance(value, int) else value for value in values]
    return json.dumps(plain, sort_keys=True, ensure_ascii=False)
