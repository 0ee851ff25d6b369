"""The changes of hourly cells that become known in a period: what pushed data delivers.

The work is bounded by what changes: of earlier days only those ad groups and hours are computed
that have a correction in the period.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from adsmock.contracts.contract_set import Marketplace
from adsmock.contracts.loader import load
from adsmock.mockserver.catalog.reporting.subject import PLACEMENTS, PRODUCTS
from adsmock.mockserver.core.sandbox import Profile, Sandbox
from adsmock.mockserver.services.reporting.day_hours import SECONDS, Hour, hours
from adsmock.mockserver.services.reporting.eligible import (
    Calendar,
    Campaign,
    EligibleCampaigns,
    tables,
    tables_of_part,
)
from adsmock.mockserver.services.reporting.hourly import (
    WITHDRAWN,
    Change,
    GroupDay,
    HourlyCell,
    cells_of,
)
from adsmock.mockserver.services.reporting.served import served

_LAST_INVALID = 4
"""Days before a period whose invalid traffic can be taken back in it: 72 hours, rounded up."""
_LAST_RETURN = 60
"""Days before a period whose purchases can change in it."""
_INVALID_HOURS = (6, 72)
_KEPT = 20_000
"""Entities that are read once for all periods; more are read for each, to bound memory."""


@dataclass(frozen=True, slots=True)
class _Period:
    """After ``after``, up to ``until`` (sandbox seconds); ``opened`` are the days that begin.

    ``is_withdrawn`` says whether invalid traffic changes the measures.
    """

    timezone: str
    after: float
    until: float
    first: int
    last: int
    opened: tuple[int, ...]
    is_withdrawn: bool

    def has(self, moment: float) -> bool:
        return self.after < moment <= self.until

    def hours_of(self, found: GroupDay) -> Collection[Hour]:
        """Return the hours of an ad group's day that can have a change in the period."""
        every = hours(self.timezone, found.day)
        ages = [day - found.day for day in self.opened if day > found.day]
        if any(found.is_corrected(age) for age in ages):
            return every
        return [hour for hour in every if self.has(hour.end) or self._is_invalid(found, hour)]

    def _is_invalid(self, found: GroupDay, hour: Hour) -> bool:
        if not self.is_withdrawn:
            return False
        soonest, latest = (hour.end + each * SECONDS for each in _INVALID_HOURS)
        if soonest > self.until or latest <= self.after:
            return False
        return self.has(found.invalid_at(hour))


class DueChanges:
    """The changes of some measures of an ad product, for the entities of the moment.

    ``part`` is the number of the first campaign and how many, None for all. The caller holds the
    sandbox's lock.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        profile: Profile,
        ad_product: str,
        names: Sequence[str],
        part: tuple[int, int] | None = None,
    ) -> None:
        product = PRODUCTS[ad_product]
        self._seed, self._names = sandbox.seed, names
        self._calendar = Calendar(profile.timezone)
        self._placements = PLACEMENTS.get(ad_product, "")
        self._needs_purchase = all("@" in name for name in names)
        if part is None:
            found = tables(product, sandbox.store, profile.id)
        else:
            found = tables_of_part(product, sandbox.store, profile.id, *part)
        market: Marketplace = load().marketplaces[profile.country]
        campaigns: Iterable[Campaign] = EligibleCampaigns(product, found, self._calendar, market)
        if found.size <= _KEPT:
            campaigns = list(campaigns)
        self._campaigns = campaigns

    def between(self, after: float, until: float) -> Iterator[tuple[HourlyCell, Change]]:
        """Yield what changes after ``after``, up to ``until``, campaign by campaign."""
        period = _period(self._calendar, self._names, after, until)
        for campaign in self._campaigns:
            for found in self._group_days(campaign, period):
                wanted = period.hours_of(found)
                for cell in cells_of(found, self._placements, wanted) if wanted else ():
                    if cell.chosen or not self._needs_purchase:
                        changes = cell.history(self._names)
                        yield from ((cell, each) for each in changes if period.has(each.at))

    def _group_days(self, campaign: Campaign, period: _Period) -> Iterator[GroupDay]:
        """Yield the days of a campaign's ad groups that can have changes in a period."""
        for group, own, days, kept in served(self._seed, campaign, period.first, period.last):
            for day, traffic in zip(days, kept, strict=True):
                if traffic.purchases or not self._needs_purchase:
                    zone = period.timezone
                    yield GroupDay(self._seed, zone, day, campaign, group, own, traffic)


def _period(calendar: Calendar, names: Sequence[str], after: float, until: float) -> _Period:
    begin, last = calendar.day(after), calendar.day(until)
    starts = {day: hours(calendar.timezone, day)[0].start for day in range(begin, last + 1)}
    opened = [day for day, start in starts.items() if after < start <= until]
    if not any("@" in name for name in names):
        opened = []
    is_withdrawn = not WITHDRAWN.isdisjoint(names)
    back = _LAST_RETURN if opened else _LAST_INVALID if is_withdrawn else 0
    return _Period(calendar.timezone, after, until, begin - back, last, tuple(opened), is_withdrawn)
