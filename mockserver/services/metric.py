"""Invented traffic: what an ad group did on one day, and how it falls to its parts.

Every number is drawn from the sandbox's seed, the ad group's id and the day, so the same question
always gets the same answer. All reports derive from the days made here: campaigns are sums of
their ad groups, and an ad group's day is dealt out whole to its targets, ads or placements, so
sums agree whatever they are grouped by. Knows arithmetic. Must not know wire names or resources.

What holds by construction: impressions >= clicks >= purchases; cost = clicks x price; a campaign
spends no more than its budget in a day; a purchase is credited only once its day has come, so
numbers settle for a month as real attribution does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from mockserver.core import draw

MINOR = 100
"""Minor units of a currency; amounts are whole numbers of them until they are shown."""

_BYTE = 256
_SPARE = 12
"""Bytes of a day's digest that traffic takes; purchases share the rest."""
_DIGEST = 48
_WEEK = (0.95, 0.9, 0.9, 0.95, 1.0, 1.15, 1.15)
"""How busy each day of the week is, Monday first (assumed)."""
_LAGS = (150, 205, 235)
"""Of 256 purchases, how many come on the day of the click, within 7 days, within 14 (assumed)."""


class Purchase(NamedTuple):
    """One purchase: the number of the click it follows, days between them, of the same product."""

    click: int
    lag: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class Traits:
    """What stays the same about an ad group from day to day. Amounts in minor units."""

    impressions: float
    click_rate: float
    purchase_rate: float
    value: int
    units: int


@dataclass(slots=True)
class Traffic:
    """One ad group's day. ``price`` is the cost of a click, ``value`` the sales of a purchase."""

    impressions: int
    clicks: int
    price: int
    value: int
    units: int
    purchases: tuple[Purchase, ...]


class Share(NamedTuple):
    """What of a day falls to one part."""

    impressions: int
    clicks: int
    purchases: list[Purchase]


@lru_cache(maxsize=100_000)
def traits(seed: int, group: str) -> Traits:
    """Return an ad group's own character."""
    busy, lure, worth, price, units = (
        part / _BYTE for part in draw.digest(5, seed, "traits", group)
    )
    return Traits(
        impressions=10 ** (2 + 1.7 * busy),
        click_rate=0.002 + 0.018 * lure,
        purchase_rate=0.04 + 0.11 * worth,
        value=round((8 + 72 * price) * MINOR),
        units=1 if units < 0.8 else 2,  # noqa: PLR2004 -- one ad group in five sells pairs
    )


def traffic(seed: int, group: str, day: int, bid: int, passed: float = 1.0) -> Traffic:
    """Return what an ad group did on a day, before any budget.

    Args:
        seed: the sandbox's seed.
        group: the ad group's id.
        day: the day's ordinal.
        bid: the ad group's default bid in minor units; a click costs 40 to 100 % of it.
        passed: the part of the day that is over.
    """
    own = traits(seed, group)
    dice = draw.digest(_DIGEST, seed, "day", group, day)
    swing = 0.6 + 0.8 * int.from_bytes(dice[0:2]) / 65_536
    shown = int(own.impressions * swing * _WEEK[(day - 1) % 7])
    clicks = min(shown, int(shown * own.click_rate + dice[2] / _BYTE))
    bought = min(clicks, int(clicks * own.purchase_rate + dice[3] / _BYTE))
    price = max(1, int(bid * (0.4 + 0.6 * dice[4] / _BYTE)))
    now_clicks = int(clicks * passed)
    purchases = tuple(
        purchase for purchase in _purchases(dice, clicks, bought) if purchase.click < now_clicks
    )
    impressions = max(now_clicks, int(shown * passed))
    return Traffic(impressions, now_clicks, price, own.value, own.units, purchases)


def _purchases(dice: bytes, clicks: int, count: int) -> list[Purchase]:
    if not count:
        return []
    step, offset = clicks // count, dice[5]
    found = []
    for number in range(count):
        byte = dice[_SPARE + number % (_DIGEST - _SPARE)]
        click = (offset + number * step) % clicks
        found.append(Purchase(click, _lag(byte, number), byte % 4 != 0))
    return found


def _lag(byte: int, number: int) -> int:
    """Return the days between a click and its purchase, 0 to 29."""
    same_day, week, fortnight = _LAGS
    if byte < same_day:
        return 0
    if byte < week:
        return 1 + (byte + number) % 6
    return 7 + (byte + number) % 7 if byte < fortnight else 14 + (byte + number) % 16


def within(days: Sequence[Traffic], budget: int) -> None:
    """Cut the days of a campaign's ad groups to its budget, in the order given."""
    left = budget
    for day in days:
        if day.clicks * day.price > left:
            affordable = left // day.price
            day.impressions = day.impressions * affordable // day.clicks
            day.clicks = affordable
            day.purchases = tuple(each for each in day.purchases if each.click < affordable)
        left -= day.clicks * day.price


@lru_cache(maxsize=200_000)
def weight(seed: int, part: str) -> int:
    """Return how much of its ad group's traffic a target or ad draws, against its siblings."""
    return 1 + draw.integer(1_000, seed, "weight", part)


def deal(day: Traffic, weights: Sequence[int]) -> list[Share]:
    """Return the shares of a day, one per weight: whole numbers that add up to the day."""
    impressions = apportion(day.impressions, weights)
    clicks = apportion(day.clicks, impressions)
    shares = [Share(shown, clicked, []) for shown, clicked in zip(impressions, clicks, strict=True)]
    ends = list(accumulate(clicks))
    for purchase in day.purchases:
        shares[bisect_right(ends, purchase.click)].purchases.append(purchase)
    return shares


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Return ``total`` in whole parts by weight, by largest remainder.

    No part exceeds its weight while the total does not exceed theirs.
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [total * each // whole for each in weights]
    missing = total - sum(parts)
    if missing:
        rest = sorted(range(len(weights)), key=lambda n: (-(total * weights[n] % whole), n))
        for number in rest[:missing]:
            parts[number] += 1
    return parts
