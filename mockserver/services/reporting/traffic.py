"""Synthetic traffic: what an ad group did on one day, and how it splits into parts.

Every number is a function of the sandbox's seed, the ad group's id and the day, so the same request
always gives the same numbers. An ad group is hashed once; its days are integer arithmetic from
there, because a report can need hundreds of thousands of them.

Guarantees: impressions >= clicks >= purchases; cost = clicks x price; a campaign spends no more
than its daily budget; parts of a day add up to the day; a purchase shows only once its day
has come, so numbers settle for a month, as real attribution does. Amounts are in minor units of
the profile's currency, and the sales of a purchase follow the bid: an ad group's cost is 12 to 45 %
of its sales (assumed).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from operator import mul
from typing import NamedTuple

from adsmock.mockserver.core import seeded_random

LAST_LAG = 29
"""Most days between a click and its purchases."""

WHOLE = 1024
"""The denominator of shares and rates: 1,024 parts."""

_BITS = 10
_BYTE = 256
_MASK = (1 << 64) - 1
_STRIDE = 0x9E3779B97F4A7C15
_MIX = 0xBF58476D1CE4E5B9
_BUSY = tuple(614 + (part * 819 >> _BITS) for part in range(1024))
"""Range of a day's traffic, of 1,024 parts of its weekday's."""
_PRICES = tuple(410 + part * 614 // 255 for part in range(256))
"""Range of the price of a click, of 1,024 parts of the bid."""
_ACOS = (0.12, 0.45)
"""Range of the cost of an ad group as a part of its sales (assumed)."""
_PRICE = sum(_PRICES) / len(_PRICES) / 1024
"""The mean price of a click as a part of the bid."""
_WEEK = (0.95, 0.9, 0.9, 0.95, 1.0, 1.15, 1.15)
"""Traffic of each weekday, Monday first (assumed)."""


def _lags() -> tuple[int, ...]:
    """Return for each day after a click how many of 1,024 purchases have happened."""
    marks = ((0, 600), (6, 820), (13, 940), (LAST_LAG, WHOLE))
    found = [marks[0][1]]
    for (first, low), (last, high) in pairwise(marks):
        found += [low + (high - low) * (day - first) // (last - first) for day in
                  range(first + 1, last + 1)]  # fmt: skip
    return tuple(found)


LAGS = _lags()
"""Delay of purchases: three of five on the day of the click, the last 29 days later (assumed)."""


@dataclass(frozen=True, slots=True)
class Traits:
    """The constant properties of an ad group with a bid.

    ``busy`` are the impressions of each day of the week, Sunday first; ``lure`` and ``worth`` of
    65,536 how many impressions are clicked and clicks followed by a purchase; ``value`` in minor
    units the sales of one; ``flags`` of 256 purchases how many have each flag.
    """

    key: int
    busy: tuple[int, ...]
    lure: int
    worth: int
    value: int
    units: int
    flags: tuple[int, ...]


FLAGS = ("own", "click", "fresh")
"""Flags of a purchase: the advertised product, after a click, by a new customer."""


class Day(NamedTuple):
    """One ad group's day. ``price`` of a click in minor units; ``phase`` decides details."""

    impressions: int
    clicks: int
    price: int
    purchases: int
    phase: int


class Days:
    """An ad group's days as columns, one value per day; whole columns are added at once."""

    __slots__ = ("clicks", "impressions", "phase", "price", "purchases")

    def __init__(self, days: Iterable[tuple[int, int, int, int, int]]) -> None:
        columns = list(zip(*days, strict=True)) or [()] * len(Day._fields)
        self.impressions, self.clicks, self.price, self.purchases, self.phase = columns

    def __len__(self) -> int:
        return len(self.phase)

    def __iter__(self) -> Iterator[Day]:
        columns = (self.impressions, self.clicks, self.price, self.purchases, self.phase)
        return map(Day, *columns)

    def costs(self) -> list[int]:
        """Return what each day's clicks cost, in minor units."""
        return list(map(mul, self.clicks, self.price))


class Cell(NamedTuple):
    """A part of a day: its range of the day's impressions and clicks."""

    first_impression: int
    last_impression: int
    first_click: int
    last_click: int


@lru_cache(maxsize=50_000)
def traits(seed: int, group: str, bid: int) -> Traits:
    """Return the constant properties of an ad group.

    Args:
        seed: the sandbox's seed.
        group: the ad group's id.
        bid: its bid in minor units, which its sales are in proportion to.
    """
    dice = seeded_random.digest(16, seed, "traits", group)
    busy, lure, worth, acos, pairs, own, click, fresh = (part / _BYTE for part in dice[8:])
    shown = 10 ** (2 + 1.7 * busy)
    units = 1 if pairs < 0.8 else 2  # noqa: PLR2004 -- one ad group in five sells pairs
    rate = 0.04 + 0.11 * worth
    least, most = _ACOS
    sales = bid * _PRICE / rate / (least + (most - least) * acos)
    return Traits(
        key=int.from_bytes(dice[:8]),
        busy=tuple(int(shown * _WEEK[day - 1]) for day in range(7)),
        lure=int((0.002 + 0.018 * lure) * 65_536),
        worth=int(rate * 65_536),
        value=max(1, round(sales / units)),
        units=units,
        flags=(int(150 + 90 * own), int(190 + 60 * click), int(60 + 120 * fresh)),
    )


def traffic(own: Traits, days: Iterable[int], bid: int) -> Days:
    """Return an ad group's traffic on whole days, before any budget.

    Args:
        own: its properties.
        days: the days' ordinals.
        bid: its bid in minor units; a click costs 40 to 100 % of it.
    """
    key, busy, lure, worth = own.key, own.busy, own.lure, own.worth
    found = []
    for day in days:
        dice = (key + day * _STRIDE) & _MASK
        dice = ((dice ^ (dice >> 31)) * _MIX) & _MASK
        dice ^= dice >> 29
        shown = busy[day % 7] * _BUSY[dice & 1023] >> _BITS
        clicks = (shown * lure + (dice >> 10 & 65_535)) >> 16
        price = bid * _PRICES[dice >> 42 & 255] >> _BITS or 1
        bought = (clicks * worth + (dice >> 26 & 65_535)) >> 16
        found.append((shown, clicks, price, bought, dice >> 48))
    return Days(found)


def within(days: Days, costs: Sequence[int], budget: int) -> Days:
    """Return an ad group's days, each cut to its share of the campaign's budget of a day.

    Args:
        days: the ad group's days.
        costs: what all ad groups of the campaign would cost on each of them.
        budget: the most that they may cost together on one day.
    """
    if max(costs, default=0) <= budget:
        return days
    return Days(
        day if cost <= budget else _part(day, budget, cost)
        for day, cost in zip(days, costs, strict=True)
    )


def today_so_far(days: Days, passed: int) -> Days:
    """Return days that end today, with ``passed`` of 1,024 parts of today."""
    *before, today = days
    return Days([*before, so_far(today, passed)])


def so_far(day: Day, passed: int) -> Day:
    """Return the traffic of the first ``passed`` of 1,024 parts of a day."""
    return _part(day, passed, WHOLE)


def _part(day: Day, above: int, below: int) -> Day:
    """Return a fraction of a day, at most the whole.

    Purchases are rounded up or down by the day's phase, so that days with few keep their rate.
    """
    clicks = day.clicks * above // below
    purchases = (day.purchases * above + day.phase % below) // below
    return day._replace(
        impressions=day.impressions * above // below,
        clicks=clicks,
        purchases=min(clicks, purchases),
    )


def seen(day: Day, lag: int) -> int:
    """Return how many of a day's purchases happen within ``lag`` days."""
    return (day.purchases * LAGS[min(lag, LAST_LAG)] + (day.phase & 1023)) >> _BITS


def all_seen(days: Days, ages: tuple[int, ...], lag: int) -> list[int]:
    """Return ``seen`` of each day at its age, at most ``lag``."""
    return [
        (purchases * share + (phase & 1023)) >> _BITS
        for purchases, phase, share in zip(
            days.purchases, days.phase, _shares(ages, lag), strict=True
        )
    ]


@lru_cache(maxsize=1_000)
def _shares(ages: tuple[int, ...], lag: int) -> list[int]:
    """Return how many of 1,024 purchases have followed days of these ages within ``lag`` days."""
    return [LAGS[min(lag, age)] for age in ages]


def flagged(count: int, share: int, phase: int) -> int:
    """Return how many of the first ``count`` purchases have a flag that ``share`` of 256 have."""
    return (count * share + (phase & 255)) >> 8


def clicks_of(day: Day) -> list[int]:
    """Return the click of each of a day's purchases; no click has two."""
    if not day.purchases:
        return []
    step = day.clicks // day.purchases
    return [(day.phase + number * step) % day.clicks for number in range(day.purchases)]


def events(first: int, last: int, rates: Sequence[tuple[int, int]]) -> int:
    """Return how many of a range lead to an event, through a chain of events.

    Args:
        first: start of the range in the day.
        last: end of the range.
        rates: of each event in the chain how many of 1,024 lead to it, and its phase. Adjacent
            ranges add up, and no event is more frequent than the one before it.
    """
    for rate, phase in rates:
        first = (first * rate + phase) >> _BITS
        last = (last * rate + phase) >> _BITS
    return last - first


@lru_cache(maxsize=200_000)
def weight(seed: int, part: str) -> int:
    """Return the share of a target or ad in its ad group's traffic, relative to its siblings."""
    return 1 + seeded_random.integer(1_000, seed, "weight", part)


def whole(day: Day) -> Cell:
    """Return a day as one cell."""
    return Cell(0, day.impressions, 0, day.clicks)


def deal(cell: Cell, weights: Sequence[int], unclicked: Sequence[int] = ()) -> list[Cell]:
    """Return the adjacent parts of a cell, one per weight; they add up to the cell.

    The parts whose numbers are in ``unclicked`` get impressions only.
    """
    shown = bounds(cell.last_impression - cell.first_impression, weights)
    lengths = _lengths(shown)
    for number in unclicked:
        lengths[number] = 0
    clicked = bounds(cell.last_click - cell.first_click, lengths)
    return [
        Cell(
            cell.first_impression + shown[number],
            cell.first_impression + shown[number + 1],
            cell.first_click + clicked[number],
            cell.first_click + clicked[number + 1],
        )
        for number in range(len(weights))
    ]


def bounds(total: int, weights: Sequence[int], phase: int = 0) -> list[int]:
    """Return the bounds that divide ``total`` into integer parts by weight, from 0 to the total.

    No part exceeds its weight while the total does not exceed theirs. ``phase`` decides which
    parts are rounded up; without one the first are rounded down.
    """
    sums = list(accumulate(weights, initial=0))
    everything = sums[-1]
    if not everything:
        return [0] * len(sums)
    phase %= everything
    return [(total * each + phase) // everything for each in sums]


def _lengths(ends: Sequence[int]) -> list[int]:
    return [last - first for first, last in pairwise(ends)]


def owner_of(click: int, cells: Sequence[Cell]) -> int:
    """Return which of adjacent cells has a click."""
    return bisect_right([cell.last_click for cell in cells], click)
