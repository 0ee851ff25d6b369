"""Hourly cells: their sums are the reports of the same days, at every moment."""

import itertools
from collections import Counter, defaultdict
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adsmock.contracts.iso8601 import parse_utc
from adsmock.contracts.loader import load
from adsmock.mockserver.catalog.reporting.model import Grain
from adsmock.mockserver.catalog.reporting.subject import PLACEMENTS, PRODUCTS
from adsmock.mockserver.services.reporting.day_hours import hours, passed
from adsmock.mockserver.services.reporting.eligible import Calendar, EligibleCampaigns, tables
from adsmock.mockserver.services.reporting.hourly import campaign_cells, hourly_cells
from adsmock.mockserver.services.reporting.measures import measure
from adsmock.mockserver.services.reporting.totals import Span, Totals
from adsmock.mockserver.services.reporting.traffic import WHOLE
from tests.unit.mockserver.services.reporting.report_requests import STATES, account, grow
from tests.unit.mockserver.services.reporting.test_row_properties import ACCOUNT, Account

SP = "SPONSORED_PRODUCTS"
TRAFFIC = ("impressions", "clicks", "cost")
NAMES = (
    *TRAFFIC, "purchases@1", "purchases@7", "sales@14", "sales.own@30", "units@30",
    "search.clicks", "video.complete",
)  # fmt: skip
COUNTRIES = ("US", "JP", "UK", "BR", "AU", "EG")
PLAIN, SHORT, LONG = date(2026, 6, 20), date(2026, 3, 8), date(2026, 11, 1)
GRAINS = {
    "campaign": Grain(),
    "group": Grain(by_group=True),
    "ad": Grain(by_group=True, splits=("ad",)),
    "target": Grain(by_group=True, splits=("target",)),
    "placement": Grain(splits=("placement",)),
}
ENDS = {  # what a cell belongs to, by grain
    "campaign": lambda cell: (cell.of.campaign.id,),
    "group": lambda cell: (cell.of.group.id,),
    "ad": lambda cell: (cell.ad.id,),
    "target": lambda cell: (cell.target.id,),
    "placement": lambda cell: (cell.of.campaign.id, cell.placement),
}


class World:
    """An account's one day: its cells, and what reports say of it."""

    def __init__(self, campaigns, country, day, seed=3):
        self.account = Account(campaigns, country)
        self.market = load().marketplaces[country]
        self.day, self.seed = day.toordinal(), seed
        self.calendar = Calendar(self.market.timezone)
        self.hours = hours(self.market.timezone, self.day)
        self.cells = [
            cell
            for campaign in self.campaigns()
            for cell in campaign_cells(
                seed, campaign, self.market.timezone, self.day, PLACEMENTS[SP]
            )
        ]

    def campaigns(self):
        found = tables(PRODUCTS[SP], self.account.store, "1")
        return EligibleCampaigns(PRODUCTS[SP], found, self.calendar, self.market)

    def at(self, age):
        """Return noon of the day that is ``age`` days later."""
        return hours(self.market.timezone, self.day + age)[12].start

    def report(self, grain, now):
        """Return the measures of the day's subjects that have impressions."""
        span = Span(
            self.seed, self.day, self.day, now, self.calendar, self.calendar.day(now), self.market
        )
        totals = Totals(span, GRAINS[grain], [measure(name) for name in NAMES], _key(grain))
        for campaign in self.campaigns():
            totals.take(campaign)
        found = Counter()
        for subject in totals.found.values():
            for name, (value,) in zip(NAMES, subject.measures, strict=True):
                found[subject.made, name] += value
        return +found

    def sums(self, grain, value):
        """Return the sums of the cells by what they belong to; ``value`` measures a cell."""
        found = Counter()
        for cell in self.cells:
            for name, number in zip(NAMES, value(cell), strict=True):
                found[ENDS[grain](cell), name] += number
        return +found


def _key(grain):
    def key(words):
        ids = {"campaign": ("campaign",), "placement": ("campaign",)}.get(grain, (grain,))
        found = tuple(str(words[each]["id"]) for each in ids)
        return (*found, words["line"]["placement"]) if grain == "placement" else found

    return key


WORLDS = st.builds(
    World,
    ACCOUNT,
    st.sampled_from(COUNTRIES),
    st.sampled_from([PLAIN, SHORT, LONG, date(2026, 5, 31)]),
    st.integers(0, 10**6),
)


@settings(max_examples=25, deadline=None)
@given(WORLDS, st.sampled_from([1, 2, 6, 13, 29, 45]))
def test_the_sums_of_the_hours_are_the_report_of_the_day_at_every_age(world, age):
    def value(cell):
        return [cell.value(name, age) for name in NAMES]

    for grain in GRAINS:
        assert world.sums(grain, value) == world.report(grain, world.at(age)), grain


@settings(max_examples=25, deadline=None)
@given(WORLDS, st.sampled_from([1, 3, 5, 14, 29, 31, 59, 60]))
def test_changes_so_far_are_the_report_and_the_corrections_to_come(world, age):
    now = world.at(age)

    def so_far(cell):
        counted = [0] * len(NAMES)
        for change in cell.history(NAMES):
            ahead = change.at > now and change.reason in {"invalid", "returned"}
            if change.at <= now or ahead:
                counted = [old + new for old, new in zip(counted, change.values, strict=True)]
        return counted

    for grain in ("campaign", "target"):
        assert world.sums(grain, so_far) == world.report(grain, now), grain
    for cell in world.cells:
        changes = cell.history(NAMES)
        assert [each.at for each in changes] == sorted(each.at for each in changes)
        assert all(any(each.values) for each in changes)
        assert changes[0].at >= cell.hour.end
        assert all(
            each.at <= cell.hour.end + 72 * 3600 for each in changes if each.reason == "invalid"
        )
        assert changes[-1].at <= world.at(60)
        assert [each.reason for each in changes].count("first") == 1


@settings(max_examples=25, deadline=None)
@given(WORLDS, st.integers(1, 22))
def test_the_hours_so_far_are_what_a_report_says_of_today(world, number):
    now = world.hours[number].end

    def value(cell):
        ended = cell.hour.end <= now
        return [cell.value(name) if ended and name in TRAFFIC else 0 for name in NAMES]

    shown = world.report("group", now)
    traffic = {key: number for key, number in shown.items() if key[1] in TRAFFIC}
    assert world.sums("group", value) == traffic


@given(
    st.sampled_from(sorted(load().marketplaces)),
    st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    st.floats(0, 1),
)
@example("US", SHORT, 0.5)
@example("US", LONG, 0.5)
@example("EG", date(2026, 4, 24), 0.5)
def test_hours_fill_the_day_and_its_traffic(country, day, part):
    timezone = load().marketplaces[country].timezone
    found = hours(timezone, day.toordinal())
    calendar = Calendar(timezone)

    assert len(found) in {23, 24, 25}
    assert all(one.end == two.start for one, two in itertools.pairwise(found))
    assert all(one.until == two.before for one, two in itertools.pairwise(found))
    assert (found[0].before, found[-1].until) == (0, WHOLE)
    assert {calendar.day(each.start) for each in found} == {day.toordinal()}
    assert calendar.day(found[0].start - 1) == day.toordinal() - 1
    assert calendar.day(found[-1].end) == day.toordinal() + 1
    moment = found[0].start + part * (found[-1].end - found[0].start)
    assert 0 <= passed(timezone, day.toordinal(), moment) <= WHOLE
    assert [passed(timezone, day.toordinal(), each.end) for each in found] == [
        each.until for each in found
    ]


def test_days_on_which_clocks_change_have_23_and_25_hours():
    zone = "America/Los_Angeles"
    spring, autumn = (hours(zone, each.toordinal()) for each in (SHORT, LONG))

    assert (len(spring), len(autumn)) == (23, 25)
    assert [each.text for each in spring[1:3]] == [
        "2026-03-08T01:00:00-08:00", "2026-03-08T03:00:00-07:00",
    ]  # fmt: skip
    assert [each.text for each in autumn[1:3]] == [
        "2026-11-01T01:00:00-07:00", "2026-11-01T01:00:00-08:00",
    ]  # fmt: skip
    assert parse_utc("2026-03-08T10:00:00Z") == spring[2].start


@pytest.mark.parametrize("product", ["SPONSORED_BRANDS", "SPONSORED_DISPLAY"])
def test_other_products_have_hours_too(product):
    server = account()
    grow(server, product)
    profile = server.profile()
    day = date(2026, 6, 20)
    cells = list(hourly_cells(server.sandbox, profile, product, day))

    assert STATES[product]
    assert len({cell.hour.start for cell in cells}) > 12
    assert {cell.hour.start for cell in cells} <= {
        each.start for each in hours(profile.timezone, day.toordinal())
    }
    assert cells == list(hourly_cells(server.sandbox, profile, product, day))
    places = {cell.placement for cell in cells}
    assert ("Top of Search on-Amazon" in places) is (product == "SPONSORED_BRANDS")


def test_traffic_spreads_over_parts_and_hours():
    """No part is confined to a few hours: programs that schedule bids see a realistic day."""
    server = account(budget=4_000.0)
    seen = defaultdict(set)
    profile, zone = server.profile(), ZoneInfo(server.profile().timezone)
    for day in (date(2026, 7, 2), date(2026, 7, 3)):
        for cell in hourly_cells(server.sandbox, profile, SP, day):
            seen[cell.target.id].add(cell.hour.text[11:13])
    assert zone.key == "America/Los_Angeles"
    assert all(len(clock) >= 18 for clock in seen.values())
