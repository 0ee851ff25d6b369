"""Synthetic advertisers for ad products without resources, from the sandbox's seed.

All of it is assumed: DSP orders take the place of campaigns, line items of ad groups, creatives of
ads. An advertiser in a filter always exists, because a client cannot learn an id.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adsmock.contracts.contract_set import Marketplace
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.services.reporting.eligible import Campaign, Group, Line

_ALWAYS = (1, 3_652_059)
_NAMES = ("Spring", "Summer", "Autumn", "Winter")
_CREATIVES = ("300x250", "728x90", "1920x1080")
_BUDGET = 500
"""Daily budget of a synthetic campaign, times the marketplace's price level."""
_BID = 1.2
"""Bid of a synthetic ad group, times the marketplace's price level."""
_ADVERTISERS = 20
"""Most advertisers of one filter that get campaigns."""


def invented(seed: int, profile: str, asked: list[str], market: Marketplace) -> Iterator[Campaign]:
    """Yield the campaigns of the requested advertisers, or of the profile's own.

    Args:
        seed: the sandbox's seed.
        profile: the profile of the request.
        asked: ids of advertisers or names of brands, as a filter gives them.
        market: the profile's marketplace.
    """
    for advertiser in asked[:_ADVERTISERS] or [_number(seed, profile, "advertiser")]:
        for number in range(2):
            yield _campaign(seed, profile, str(advertiser), number, market)


def _number(*parts: object) -> str:
    return str(10**14 + seeded_random.integer(9 * 10**14, *parts))


def _campaign(
    seed: int, profile: str, advertiser: str, number: int, market: Marketplace
) -> Campaign:
    own = _number(seed, profile, advertiser, number)
    budget = market.rounded(_BUDGET * market.price_level)
    words: dict[str, Any] = {
        "id": int(own),
        "orderId": own,
        "name": f"{_NAMES[seeded_random.integer(4, seed, own)]} {number + 1}",
        "state": "ENABLED",
        "budget": budget,
        "budgetType": "DAILY_BUDGET",
        "advertiser": advertiser if not advertiser.isdigit() else f"Advertiser {advertiser[-4:]}",
        "advertiserId": advertiser,
        "entity": f"ENTITY{seeded_random.letters(12, seed, profile)}",
    }
    campaign = Campaign(own, words, *_ALWAYS, round(budget * market.minor))
    campaign.groups = [_group(seed, own, each, market) for each in range(2)]
    return campaign


def _group(seed: int, owner: str, number: int, market: Marketplace) -> Group:
    own = _number(seed, owner, number)
    bid = market.rounded(_BID * market.price_level)
    words = {
        "id": int(own),
        "lineItemId": own,
        "name": f"Line {number + 1}",
        "state": "ENABLED",
        "type": "DISPLAY",
    }
    group = Group(own, words, *_ALWAYS, round(bid * market.minor))
    for each, size in enumerate(_CREATIVES):
        ad = _number(seed, own, "ad", each)
        shown = {"id": int(ad), "creativeId": ad, "name": f"Creative {each + 1}", "size": size}
        known = {"type": "IMAGE", "language": "en", "state": "ENABLED"}
        group.ads.append(Line(ad, {**shown, **known}, *_ALWAYS))
        target = _number(seed, own, "target", each)
        text = f"audience {each + 1}"
        meant = {
            "id": int(target),
            "text": text,
            "match": "TARGETING_EXPRESSION",
            "bid": bid,
        }
        group.targets.append(
            Line(target, {**meant, "kind": meant["match"], "state": "ENABLED"}, *_ALWAYS)
        )
    return group
