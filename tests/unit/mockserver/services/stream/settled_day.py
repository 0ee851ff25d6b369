"""Accounts whose campaigns run on one day, and the settled report of that day.

Pushed data of the day must add up to the report, also when bids and budgets change meanwhile.
"""

import json
from collections import Counter
from datetime import date
from threading import RLock

import orjson
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adsmock.mockserver.catalog.history import HISTORY
from adsmock.mockserver.catalog.reporting.grain import GRAINS
from adsmock.mockserver.catalog.reporting.subject import PRODUCTS
from adsmock.mockserver.services.reporting.day_hours import hours
from adsmock.mockserver.services.reporting.eligible import Calendar, EligibleCampaigns, tables
from adsmock.mockserver.services.reporting.file_format import FORMATS
from adsmock.mockserver.services.reporting.rows import ReportQuery, Rows
from adsmock.mockserver.services.reporting.totals import Span
from tests.unit.mockserver.services.reporting.test_row_properties import ACCOUNT, Account

DAY, HOUR = 86_400, 3_600
PLAIN, SHORT, LONG = date(2026, 6, 20), date(2026, 3, 8), date(2026, 11, 1)
WINDOWS = (1, 7, 14, 30)
COLUMNS = {  # the column of an SP report for each member of its records
    "impressions": "impressions",
    "clicks": "clicks",
    "cost": "cost",
    **{
        f"attributed_{member}_{each}d{same}": f"{column}{each}d"
        for each in WINDOWS
        for same, columns in (
            ("", ("purchases", "sales", "unitsSoldClicks")),
            ("_same_sku", ("purchasesSameSku", "attributedSalesSameSku", "unitsSoldSameSku")),
        )
        for member, column in zip(("conversions", "sales", "units_ordered"), columns, strict=True)
    },
}
CHANGES = st.lists(
    st.tuples(st.integers(0, 80), st.integers(0, 11), st.integers(5, 900)), max_size=3
)
"""Changes of bids and budgets: hours after the day begins, which entity, the new amount."""


def group(**more):
    return {
        "own": ("ENABLED", 1), "bid": 50, "ads": [("ENABLED", 1)] * 2,
        "words": [("ENABLED", 1)] * 3, **more,
    }  # fmt: skip


def of_any_day(examples, groups):
    """Return a decorator that gives a test the arguments of ``OneDay``, and changes.

    Args:
        examples: how many random ones.
        groups: ad groups of the account that is always tried.
    """
    busy = [{"own": ("ENABLED", 1), "budget": 900, "groups": [group()] * groups}]
    changes = [(9, 0, 20), (11, 1, 400), (30, 2, 90)]
    countries, days = st.sampled_from(["US", "JP", "UK", "IN"]), [PLAIN, SHORT, LONG]
    account = st.tuples(ACCOUNT, countries, st.sampled_from(days), st.integers(0, 10**6))

    def decorated(test):
        found = example((busy, "US", LONG, 7), changes)(given(account, CHANGES)(test))
        return settings(max_examples=examples, deadline=None)(found)

    return decorated


class OneDay(Account):
    """An account whose campaigns run on one day only, from the start of 2026 on its entities."""

    def __init__(self, campaigns, country, day, seed):
        self.day = day.isoformat()
        self.country, self.seed, self.lock = country, seed, RLock()
        super().__init__(campaigns, country)
        self.store.log_changes(frozenset(HISTORY))

    def put(self, resource, member, parents, leaf, members):
        if resource == "sp.campaigns":
            members = {**members, "startDate": self.day, "endDate": self.day}
        return super().put(resource, member, parents, ("ENABLED", leaf[1]), members)

    def settled(self):
        """Return the measures of the day's report 70 days later, by campaign and member."""
        calendar = Calendar(self.market.timezone)
        ordinal = date.fromisoformat(self.day).toordinal()
        now = hours(self.market.timezone, ordinal + 70)[12].start
        query = ReportQuery(
            kind="spCampaigns",
            grain=GRAINS["spCampaigns"]["campaign"],
            is_daily=True,
            columns=("campaignId", *COLUMNS.values()),
            filters={},
            span=Span(self.seed, ordinal, ordinal, now, calendar, calendar.day(now), self.market),
            frame={"start": "a", "end": "b"},
        )
        product = PRODUCTS["SPONSORED_PRODUCTS"]
        found = EligibleCampaigns(product, tables(product, self.store, "1"), calendar, self.market)
        made = Rows(query, FORMATS["GZIP_JSON"]).rows(found)
        return reported(json.loads("[" + ",".join(made) + "]"), self.market.minor)

    @property
    def begin(self):
        """The start of the day (sandbox seconds)."""
        return hours(self.market.timezone, date.fromisoformat(self.day).toordinal())[0].start

    def periods(self, days, changes):
        """Yield the periods between changes; each change is made after the period before it."""
        after = self.begin
        for moment, number, amount in sorted(changes):
            at = self.begin + moment * HOUR + HOUR / 2
            if at > after:
                yield after, at
            after = at
            self.change(number, amount / 100, at)
        yield after, self.begin + days * DAY

    def change(self, number, amount, at):
        """Change the budget of a campaign or the bid of an ad group."""
        tables_ = [self.store.table("1", each) for each in ("sp.campaigns", "sp.adGroups")]
        every = [(table, entity) for table in tables_ for entity in table.all()]
        table, entity = every[number % len(every)]
        row = orjson.loads(entity.body)
        if "budget" in row:
            row["budget"]["budget"] = self.amount(amount * 10)
        else:
            row["defaultBid"] = self.amount(amount)
        table.put(entity._replace(body=orjson.dumps(row), updated=at))


def reported(rows, minor=1):
    """Return the measures of report rows, by campaign and member."""
    return counted(
        (
            (str(row["campaignId"]), member, row[column])
            for row in rows
            for member, column in COLUMNS.items()
        ),
        minor,
    )


def counted(values, minor):
    found = Counter()
    for campaign_id, name, number in values:
        scale = minor if "cost" in name or "sales" in name else 1
        found[campaign_id, name] += round(number * scale)
    return {key: number for key, number in found.items() if number}
