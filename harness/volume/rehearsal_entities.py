"""Sponsored Products entities for a rehearsal, in the numbers of a plan's group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Item = dict[str, Any]

FIRST_ID = 10**14
"""Ids have 15 digits, as Amazon's do."""

DAILY = 50.0
BID = 1.0


def entities_for(counts: Mapping[str, int]) -> dict[str, list[Item]]:
    """Return entities by resource, each with an id; children are distributed over parents."""
    ids = iter(range(FIRST_ID, FIRST_ID + sum(counts.values()) + 1))
    campaigns = [_campaign(number, ids) for number in range(counts.get("campaigns", 0))]
    groups = list(_under(campaigns, counts.get("ad_groups", 0), ids, ad_group))
    return {
        "sp.campaigns": campaigns,
        "sp.adGroups": groups,
        "sp.productAds": list(_under(groups, counts.get("ads", 0), ids, ad)),
        "sp.keywords": list(_under(groups, counts.get("keywords", 0), ids, keyword)),
        "sp.targets": list(_under(groups, counts.get("targets", 0), ids, _target)),
    }


def campaign(name: str) -> Item:
    """Return the body of a campaign's creation."""
    return {
        "name": name,
        "targetingType": "MANUAL",
        "state": "ENABLED",
        "budget": {"budget": DAILY, "budgetType": "DAILY"},
        "startDate": "2026-01-01",
    }


def ad_group(number: int) -> Item:
    """Return an ad group without its campaign."""
    return {"name": f"Group {number}", "defaultBid": BID, "state": "ENABLED"}


def ad(number: int) -> Item:
    """Return a product ad without its ad group."""
    return {"sku": f"SKU-{number:07d}", "state": "ENABLED"}


def keyword(number: int) -> Item:
    """Return a keyword without its ad group."""
    text = f"running shoe {number}"
    return {"keywordText": text, "matchType": "EXACT", "bid": BID, "state": "ENABLED"}


def _campaign(number: int, ids: Iterator[int]) -> Item:
    return campaign(f"Campaign {number}") | {"campaignId": str(next(ids))}


def _target(number: int) -> Item:
    clause = {"type": "ASIN_SAME_AS", "value": f"B{number:09d}"}
    return {"expression": [clause], "expressionType": "MANUAL", "bid": BID, "state": "ENABLED"}


def _under(parents: list[Item], count: int, ids: Iterator[int], make: Any) -> Iterator[Item]:
    """Distribute ``count`` children over the parents, with the ids of their ancestors."""
    for number in range(count if parents else 0):
        parent = parents[number % len(parents)]
        above = {name: parent[name] for name in ("campaignId", "adGroupId") if name in parent}
        child = make(number) | above
        own = _OWN[make]
        yield child | {own: str(next(ids))}


_OWN = {ad_group: "adGroupId", ad: "adId", keyword: "keywordId", _target: "targetId"}
