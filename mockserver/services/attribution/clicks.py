"""What happened after the clicks of a publisher's tags, by creative and day.

All numbers follow from the seed (assumed). Each later step is a part of the step before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from adsmock.mockserver.core import seeded_random

STEPS = ("views", "carts", "purchases", "units", "sales", "new", "newUnits", "newSales")
"""What is counted of the promoted product and of others of the brand; sales in minor units."""

_EACH = 2
"""Campaigns of a publisher, ad groups of a campaign, creatives of an ad group."""
_COMPLETE_DAYS = 3
"""Days after which all conversions of a day are known: 48 hours after its end."""
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Creative:
    """A tag that clicks arrive with: its ids, its publisher, and the two products behind it."""

    publisher: str
    campaign: str
    group: str
    id: str
    promoted: str
    other: str
    level: int


@dataclass(frozen=True, slots=True)
class ClickDay:
    """One creative's day: clicks, and the steps of the promoted product and of the other one."""

    creative: Creative
    day: int
    clicks: int
    promoted: dict[str, int]
    other: dict[str, int]


def creatives_of(
    seed: tuple[object, ...], publisher: str, products: list[str], *, has_numbers: bool
) -> Iterator[Creative]:
    """Yield the creatives of a publisher; its ids are numbers, or names that a client chose."""
    for campaign, group, creative in product(range(_EACH), repeat=3):
        place = (*seed, publisher, campaign)
        first = seeded_random.integer(len(products), *place, group, creative, "product")
        is_rare = campaign == group == creative == _EACH - 1
        level = 0 if is_rare else 2 + seeded_random.integer(38, *place, group, creative, "level")
        other = products[(first + 1) % len(products)]
        yield Creative(
            publisher,
            _number(*place) if has_numbers else f"campaign-{campaign + 1}",
            _number(*place, group) if has_numbers else f"group-{campaign + 1}-{group + 1}",
            _number(*place, group, creative) if has_numbers else f"creative-{creative + 1}",
            products[first],
            other,
            level,
        )


def click_day(
    seed: tuple[object, ...], creative: Creative, day: int, age: int, prices: dict[str, int]
) -> ClickDay:
    """Return a creative's day as it is known ``age`` days later."""
    place = (*seed, creative.publisher, creative.campaign, creative.group, creative.id)
    part = seeded_random.digest(10, *place, day)
    clicks = creative.level * (64 + part[0]) // 256
    if not creative.level:  # a tag that hardly anybody clicks
        clicks = int(part[0] == 0)
    known = 2 if age >= _COMPLETE_DAYS else 1
    return ClickDay(
        creative,
        day,
        clicks,
        _steps(clicks * known, part[1:5], prices[creative.promoted]),
        _steps(clicks * known // 4, part[5:9], prices[creative.other]),
    )


def _steps(twice: int, part: bytes, price: int) -> dict[str, int]:
    """Return the steps after half of ``twice`` clicks."""
    views = twice * (60 + part[0] % 40) // (2 * _PERCENT)
    carts = views * (part[1] % 50) // _PERCENT
    purchases = carts * (part[2] % 80) // _PERCENT
    many = 1 + part[3] % 2
    new = purchases * (part[3] % 90) // _PERCENT
    return {
        "views": views,
        "carts": carts,
        "purchases": purchases,
        "units": purchases * many,
        "sales": purchases * many * price,
        "new": new,
        "newUnits": new * many,
        "newSales": new * many * price,
    }


def _number(*place: object) -> str:
    return str(10**10 + seeded_random.integer(9 * 10**10, *place, "id"))
