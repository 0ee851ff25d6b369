"""An advertiser's account before the event: varied like a real one, and equal for equal seeds.

Only the ids come from the mock. No first bid is one that the bundled optimizer writes: a change
that is lost would not show then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from adsmock.contracts.contract_set import Marketplace
from adsmock.harness.client.random_source import RandomSource
from adsmock.mockserver.catalog.product_words import nouns, qualities

Item = dict[str, Any]

BIDS = (5, 150)
"""The least and the most of a first bid, in steps of the marketplace's lowest bid: 0.11 to 3.01 in
US dollars. Half a step is added, because the optimizer writes whole steps."""

BUDGETS = (500, 10_000)
"""The same of a daily budget: 10 to 200 in US dollars."""

AGES = (60, 400)
"""Days since a campaign began: reports about past days have rows."""

AUTOMATIC, PAUSED = 3, 9
"""One campaign in so many has automatic targeting; one campaign, or keyword, is paused."""

FURTHER = (0.25, 0.05)
"""The parts of the campaigns that have a second and a third ad group."""

MATCHES = ("BROAD", "PHRASE", "EXACT")


@dataclass(frozen=True, slots=True)
class Account:
    """Entities without ids.

    An ad group comes with the place of its campaign, an ad or a keyword with that of its ad group.
    """

    campaigns: list[Item]
    groups: list[tuple[int, Item]]
    ads: list[tuple[int, Item]]
    keywords: list[tuple[int, Item]]


def account(
    campaigns: int, keywords: int, market: Marketplace, draw: RandomSource, today: date
) -> Account:
    """Return an account with so many campaigns and keywords; ``today`` is the service's date."""
    made = [_campaign(number, market, draw, today) for number in range(campaigns)]
    groups = [
        (place, _group(each["name"], number, market, draw))
        for place, each in enumerate(made)
        for number in range(1 + sum(draw.fraction() < part for part in FURTHER))
    ]
    manual = [
        number
        for number, (place, _group) in enumerate(groups)
        if made[place]["targetingType"] == "MANUAL"
    ]
    return Account(
        made,
        groups,
        [
            (number, {"sku": f"SKU-{number:05d}", "state": "ENABLED"})
            for number in range(len(groups))
        ],
        [
            # The square gives few ad groups many keywords, and many ad groups few.
            (manual[int(len(manual) * draw.fraction() ** 2)], _keyword(number, market, draw))
            for number in range(keywords)
        ],
    )


def _campaign(number: int, market: Marketplace, draw: RandomSource, today: date) -> Item:
    is_automatic = number % AUTOMATIC == AUTOMATIC - 1
    begun = today - timedelta(days=int(_between(AGES, draw)))
    budget = {"budget": _amount(BUDGETS, market, draw), "budgetType": "DAILY"}
    return {
        "name": f"{_product(market, draw)} {number + 1:03d}",
        "state": _state(number),
        "targetingType": "AUTO" if is_automatic else "MANUAL",
        "startDate": begun.isoformat(),
        "budget": budget,
    }


def _group(name: str, number: int, market: Marketplace, draw: RandomSource) -> Item:
    own = f"{name} {number + 1}" if number else name
    return {"name": own, "defaultBid": _amount(BIDS, market, draw), "state": "ENABLED"}


def _keyword(number: int, market: Marketplace, draw: RandomSource) -> Item:
    return {
        "keywordText": f"{_product(market, draw)} {number + 1}",
        "matchType": MATCHES[number % len(MATCHES)],
        "state": _state(number),
        "bid": _amount(BIDS, market, draw),
    }


def _state(number: int) -> str:
    return "PAUSED" if number % PAUSED == PAUSED - 1 else "ENABLED"


def _product(market: Marketplace, draw: RandomSource) -> str:
    words = (nouns(market.country), qualities(market.country))
    return " ".join(each[int(draw.fraction() * len(each))] for each in words)


def _amount(steps: tuple[int, int], market: Marketplace, draw: RandomSource) -> float:
    """Return an amount between two numbers of steps of the lowest bid; small ones are frequent."""
    return market.rounded((int(_between(steps, draw)) + 0.5) * market.limits["sp.bid"].minimum)


def _between(bounds: tuple[int, int], draw: RandomSource) -> float:
    least, most = bounds
    return float(least * (most / least) ** draw.fraction())
