"""The hourly numbers behind reports: what Amazon Marketing Stream delivers hour by hour.

``hourly_cells`` is the hook for pushed data. A cell is the finest part of an ad product's traffic:
one campaign, ad group, ad, target and placement, in one hour of the profile's day. Everything
follows from the same model as reports, so nothing has to be stored, and asking again gives the same
cells.

What agrees with reports, exactly and in integers (amounts in minor units of the currency):

- The settled values of a day's cells, added up by campaign, ad group, ad, target or placement, are
  that day's report rows of the same grain, on days of 23, 24 and 25 hours. Any measure of
  ``measures.measure`` can be asked for, events such as ``video.complete`` included.
- ``HourlyCell.value(name, age)`` adds up to what a report answers ``age`` days after that day.
- While the day runs, the impressions, clicks and cost of an ad group's ended hours are what a
  report answers at the full hour. Finer parts and purchases of today agree once the day is over.

Conversions belong to the hour of their click. ``HourlyCell.history`` has the changes in the order
in which they become known; added up they are the settled values:

- ``first``: at the end of the hour. Clicks and impressions include the invalid ones that
  ``spGrossAndInvalids`` reports; purchases are those of the click's day.
- ``invalid``: 6 to 72 hours later the invalid clicks, their cost and impressions are taken back.
- ``late``: purchases of the next 29 days, each at midnight of the day from which reports show it.
- ``returned``: one purchase in forty is first credited twice; the second credit is taken back 30 to
  59 days after the click. Reports never show it.

All ``invalid`` changes of an ad group's hour come at one time, and so do all ``returned`` changes
of its day: ``due_changes.DueChanges`` finds what is due without a look at the other hours and days.

So at any moment a report of a past day is the sum of the changes so far, except for the ``invalid``
and ``returned`` changes that come later. All rates, the hours of a day and both corrections
are assumed; the time limits are documented (Amazon Marketing Stream: 72 hours, 60 days).

An entity that was paused or archived has no traffic on that day any more, as in reports: who has
delivered earlier hours must deliver the difference.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from adsmock.contracts.contract_set import Marketplace
from adsmock.contracts.loader import load
from adsmock.mockserver.catalog.reporting.event import FIXED
from adsmock.mockserver.catalog.reporting.model import Part
from adsmock.mockserver.catalog.reporting.subject import PLACEMENTS, PRODUCTS
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.sandbox import Profile, Sandbox
from adsmock.mockserver.services.reporting.cells import by_hour, overlaps
from adsmock.mockserver.services.reporting.day_hours import SECONDS, Hour, hours
from adsmock.mockserver.services.reporting.eligible import (
    Calendar,
    Campaign,
    EligibleCampaigns,
    Group,
    Line,
    tables,
    tables_of_part,
)
from adsmock.mockserver.services.reporting.measures import Slice, measure
from adsmock.mockserver.services.reporting.served import served
from adsmock.mockserver.services.reporting.traffic import (
    LAST_LAG,
    Cell,
    Day,
    Traits,
    clicks_of,
    deal,
    seen,
    weight,
    whole,
)

Reason = Literal["first", "invalid", "late", "returned"]

_NOWHERE = (Part(1, {"placement": ""}),)
_TWICE = 40
"""One of so many purchases is credited twice at first."""
_INVALID = {
    "impressions": ("invalid.impressions", False),
    "clicks": ("invalid.clicks", False),
    "cost": ("invalid.clicks", True),
}
"""The measure that is taken back from each measure of traffic, and whether it is money."""
WITHDRAWN = frozenset(_INVALID)
"""The measures that invalid traffic is taken back from."""


class Change(NamedTuple):
    """A change of a cell's values.

    Reports know it from ``at`` on (sandbox seconds). ``values`` follow the names asked for.
    """

    at: float
    reason: Reason
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GroupDay:
    """An ad group's day in the profile's time zone; ``day`` is its ordinal."""

    seed: int
    timezone: str
    day: int
    campaign: Campaign
    group: Group
    own: Traits
    traffic: Day

    def invalid_at(self, hour: Hour) -> float:
        """Return when the invalid traffic of an hour is taken back."""
        return hour.end + (6 + self._drawn(67, "invalid", hour.text)) * SECONDS

    def is_twice(self, number: int) -> bool:
        """Say whether a purchase is credited twice at first."""
        return not self._drawn(_TWICE, "twice", number)

    def returned_age(self) -> int:
        """Return the days after which second credits are taken back."""
        return LAST_LAG + 1 + self._drawn(30, "returned")

    def is_corrected(self, age: int) -> bool:
        """Say whether its purchases change ``age`` days later, from 1 on."""
        if age <= LAST_LAG:
            return seen(self.traffic, age) != seen(self.traffic, age - 1)
        if age != self.returned_age():
            return False
        return any(self.is_twice(number) for number in range(self.traffic.purchases))

    def _drawn(self, below: int, *of: object) -> int:
        return seeded_random.integer(below, self.seed, "hour", self.group.id, self.day, *of)


@dataclass(frozen=True, slots=True)
class HourlyCell:
    """One ad, target and placement of an ad group's day in one hour.

    ``placement`` is empty for products without placements. ``part`` is its range of the day's
    impressions and clicks, ``chosen`` are the numbers of its purchases.
    """

    of: GroupDay
    ad: Line
    target: Line
    placement: str
    hour: Hour
    part: Cell
    chosen: tuple[int, ...]

    def value(self, name: str, age: int = LAST_LAG + 1) -> int:
        """Return a measure as reports show it ``age`` days later, by default settled."""
        return self._measured(name, age, self.chosen)

    def history(self, names: Sequence[str]) -> list[Change]:
        """Return the changes of some measures in order of time; none is of zeros alone."""
        changes = [*self._invalid(names), *self._credited(names)]
        changes.sort(key=lambda change: change.at)
        return changes

    def known_at(self, names: Sequence[str], moment: float) -> list[int] | None:
        """Return some measures as pushed data shows them at a moment, None before its first number.

        That is the sum of the changes so far.
        """
        if moment < self.hour.end:
            return None
        if self.chosen:
            known = [each.values for each in self.history(names) if each.at <= moment]
            return [sum(each) for each in zip(*known, strict=True)] or [0] * len(names)
        piece = Slice(self.of.traffic, self.of.own, self.part, LAST_LAG + 1, ())
        values = [measure(name).part(piece) for name in names]
        if moment >= self.of.invalid_at(self.hour):
            return values
        return [value + self._gross(name) for value, name in zip(values, names, strict=True)]

    def _measured(self, name: str, age: int, chosen: Sequence[int]) -> int:
        return measure(name).part(Slice(self.of.traffic, self.of.own, self.part, age, chosen))

    def _invalid(self, names: Sequence[str]) -> Iterator[Change]:
        """Yield the withdrawal of invalid traffic."""
        values = tuple(-self._gross(name) for name in names)
        if any(values):
            yield Change(self.of.invalid_at(self.hour), "invalid", values)

    def _gross(self, name: str) -> int:
        """Return how much of a measure is taken back as invalid."""
        if name not in _INVALID:
            return 0
        invalid, is_money = _INVALID[name]
        return self.value(invalid) * (self.of.traffic.price if is_money else 1)

    def _credited(self, names: Sequence[str]) -> Iterator[Change]:
        """Yield what is reported first, and all later changes of purchases."""
        twice = [each for each in self.chosen if self.of.is_twice(each)]
        credited = (*self.chosen, *twice)
        before = [0] * len(names)
        for age in self._ages():
            after = [self._measured(name, age, credited) for name in names]
            change = [new - old for new, old in zip(after, before, strict=True)]
            if not age:
                change = [new + self._gross(name) for new, name in zip(change, names, strict=True)]
            if any(change):
                at = self._midnight(age) if age else self.hour.end
                yield Change(at, "late" if age else "first", tuple(change))
            before = after
        returned = [self._measured(name, LAST_LAG, twice) for name in names] if twice else ()
        if any(returned):
            at = self._midnight(self.of.returned_age())
            yield Change(at, "returned", tuple(-each for each in returned))

    def _ages(self) -> list[int]:
        """Return the days after the click on which a purchase of the cell becomes known, and 0."""
        counts = [seen(self.of.traffic, age) for age in range(LAST_LAG + 1)] if self.chosen else []
        return sorted({0, *(bisect_right(counts, number) for number in self.chosen)})

    def _midnight(self, age: int) -> float:
        return hours(self.of.timezone, self.of.day + age)[0].start


def hourly_cells(
    sandbox: Sandbox,
    profile: Profile,
    ad_product: str,
    day: date,
    part: tuple[int, int] | None = None,
) -> Iterator[HourlyCell]:
    """Yield the cells of a profile's day that have traffic, campaign by campaign, hour by hour.

    Cells of hours that have not ended are included: a caller compares ``hour.end`` with the
    sandbox's time. The entities are those of the moment of the first cell.

    Args:
        sandbox: its seed and entities.
        profile: the advertiser; its time zone and currency.
        ad_product: such as ``SPONSORED_PRODUCTS``, a key of ``catalog.reporting.subject``.
        day: the day in the profile's time zone.
        part: the number of the first campaign and how many, None for all.
    """
    product, calendar = PRODUCTS[ad_product], Calendar(profile.timezone)
    with sandbox.lock:
        if part is None:
            found = tables(product, sandbox.store, profile.id)
        else:
            found = tables_of_part(product, sandbox.store, profile.id, *part)
    market: Marketplace = load().marketplaces[profile.country]
    for campaign in EligibleCampaigns(product, found, calendar, market):
        yield from campaign_cells(
            sandbox.seed,
            campaign,
            profile.timezone,
            day.toordinal(),
            PLACEMENTS.get(ad_product, ""),
        )


def campaign_cells(
    seed: int, campaign: Campaign, timezone: str, day: int, placements: str = ""
) -> Iterator[HourlyCell]:
    """Yield the cells of one campaign's day, ad group by ad group.

    Args:
        seed: the sandbox's seed.
        campaign: with its ad groups.
        timezone: the profile's.
        day: an ordinal.
        placements: the split that divides the product's traffic by placement, empty without one.
    """
    for group, own, _, kept in served(seed, campaign, day, day):
        for traffic in kept:
            found = GroupDay(seed, timezone, day, campaign, group, own, traffic)
            yield from cells_of(found, placements, hours(timezone, day))


def cells_of(found: GroupDay, placements: str, wanted: Collection[Hour]) -> Iterator[HourlyCell]:
    """Yield the cells of an ad group's day in some of its hours, hour by hour."""
    places = FIXED[placements] if placements else _NOWHERE
    day, everything = found.traffic, whole(found.traffic)
    ads, targets = (
        [line for line in lines if line.is_live(found.day)]
        for lines in (found.group.ads, found.group.targets)
    )
    unclicked = [number for number, place in enumerate(places) if not place.is_clicked]
    splits = (
        deal(everything, [weight(found.seed, line.id) for line in ads]),
        deal(everything, [weight(found.seed, line.id) for line in targets]),
        deal(everything, [place.share for place in places], unclicked),
    )
    parts = overlaps(splits)
    keys = list(parts)
    numbers = sorted((click, number) for number, click in enumerate(clicks_of(day)))
    for hour, place, part in by_hour(day, list(parts.values()), hours(found.timezone, found.day)):
        if hour not in wanted:
            continue
        ad, target, where = keys[place]
        first, last = (
            bisect_left(numbers, (click, 0)) for click in (part.first_click, part.last_click)
        )
        chosen = tuple(number for _, number in numbers[first:last])
        words = places[where].words
        yield HourlyCell(found, ads[ad], targets[target], words["placement"], hour, part, chosen)
