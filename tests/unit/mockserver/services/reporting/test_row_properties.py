"""Report rows over accounts of any structure: valid numbers, and sums that agree everywhere."""

import itertools
from datetime import date

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from adsmock.contracts.iso8601 import parse_utc
from adsmock.contracts.loader import load
from adsmock.mockserver.catalog.reporting.grain import GRAINS
from adsmock.mockserver.catalog.reporting.subject import PRODUCTS
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.store import Store
from adsmock.mockserver.services.reporting.eligible import (
    Calendar,
    EligibleCampaigns,
    tables,
)
from adsmock.mockserver.services.reporting.file_format import FORMATS
from adsmock.mockserver.services.reporting.measures import Slice, Stretch, measure
from adsmock.mockserver.services.reporting.rows import ReportQuery, Rows
from adsmock.mockserver.services.reporting.totals import Span
from adsmock.mockserver.services.reporting.traffic import LAST_LAG, traffic, traits, whole

NOON = parse_utc("2026-07-01T19:00:00Z")
DAY = 86_400
CALENDAR = Calendar("America/Los_Angeles")
TODAY = CALENDAR.day(NOON)
WINDOWS = (1, 7, 14, 30)
MEASURES = [
    "impressions", "clicks", "cost", *(f"{name}{each}d" for each in WINDOWS for name in (
        "purchases", "purchasesSameSku", "sales", "unitsSoldClicks",
    )),
]  # fmt: skip
STATES = st.sampled_from(["ENABLED", "ENABLED", "ENABLED", "PAUSED", "ARCHIVED"])
WHEN = st.integers(1, 20)


def leaf():
    return st.tuples(STATES, WHEN)


GROUP = st.fixed_dictionaries(
    {
        "own": leaf(),
        "bid": st.integers(10, 900),
        "ads": st.lists(leaf(), max_size=3),
        "words": st.lists(leaf(), max_size=4),
    }
)
CAMPAIGN = st.fixed_dictionaries(
    {
        "own": leaf(),
        "budget": st.integers(1, 60),
        "groups": st.lists(GROUP, max_size=3),
    }
)
ACCOUNT = st.lists(CAMPAIGN, min_size=1, max_size=3)
COUNTRIES = st.sampled_from(["US", "JP", "IN", "BR"])


class Account:
    """A store of generated campaigns; every state is as old as its ``when`` in days."""

    def __init__(self, campaigns, country="US"):
        self.store, self.number, self.market = Store(), 100, load().marketplaces[country]
        for campaign in campaigns:
            budget = {"budget": self.amount(campaign["budget"]), "budgetType": "DAILY"}
            members = {"name": "100 % mine", "budget": budget, "startDate": "2026-05-01"}
            own = self.put("sp.campaigns", "campaignId", (), campaign["own"], members)
            for group in campaign["groups"]:
                self.grow(own, group)

    def amount(self, dollars):
        return self.market.rounded(dollars * self.market.price_level)

    def grow(self, campaign, group):
        bid = {"name": "g", "defaultBid": self.amount(group["bid"] / 100)}
        own = self.put("sp.adGroups", "adGroupId", (campaign,), group["own"], bid)
        for each in group["ads"]:
            self.put("sp.productAds", "adId", (campaign, own), each, {"sku": "S"})
        for number, each in enumerate(group["words"]):
            match = ("BROAD", "PHRASE", "EXACT")[number % 3]
            word = {"keywordText": f"shoe {number}", "matchType": match}
            self.put("sp.keywords", "keywordId", (campaign, own), each, word)

    def put(self, resource, member, parents, leaf, members):
        self.number += 1
        own, (state, when) = str(self.number), leaf
        body = orjson.dumps({**members, member: own, "state": state})
        born = NOON - 60 * DAY
        changed = born if state == "ENABLED" else NOON - when * DAY
        entity = Entity(own, self.store.next_seq(), state, body, parents, None, born, changed, "")
        self.store.table("1", resource).put(entity)
        return own

    def rows(self, kind, group, columns, *, daily=True, now=NOON, days=10):
        grain = GRAINS[kind][group]
        question = ReportQuery(
            kind=kind, grain=grain, is_daily=daily, columns=tuple(columns), filters={},
            span=Span(
                3, TODAY - days, TODAY, now, CALENDAR, CALENDAR.day(now), self.market,
            ),
            frame={"start": "a", "end": "b"},
        )  # fmt: skip
        product = PRODUCTS["SPONSORED_PRODUCTS"]
        campaigns = EligibleCampaigns(
            product, tables(product, self.store, "1"), CALENDAR, self.market
        )
        made = Rows(question, FORMATS["GZIP_JSON"]).rows(campaigns)
        return orjson.loads(b"[" + ",".join(made).encode() + b"]")


def totals(rows, names):
    return {name: round(sum(row[name] for row in rows), 2) for name in names}


@settings(max_examples=25, deadline=None)
@given(ACCOUNT, COUNTRIES)
def test_every_type_tells_of_the_same_sums(campaigns, country):
    account = Account(campaigns, country)
    whole_sums = totals(account.rows("spCampaigns", "campaign", MEASURES), MEASURES)

    assert totals(account.rows("spCampaigns", "campaign", MEASURES, daily=False), MEASURES) == (
        whole_sums
    )
    for kind, group in (
        ("spCampaigns", "adGroup"),
        ("spCampaigns", "campaignPlacement"),
        ("spTargeting", "targeting"),
        ("spAdvertisedProduct", "advertiser"),
    ):
        assert totals(account.rows(kind, group, MEASURES), MEASURES) == whole_sums, kind
    clicked = [name for name in MEASURES if name != "impressions"]
    terms = totals(account.rows("spSearchTerm", "searchTerm", MEASURES), MEASURES)
    assert {name: terms[name] for name in clicked} == {name: whole_sums[name] for name in clicked}
    assert terms["impressions"] <= whole_sums["impressions"]


@settings(max_examples=25, deadline=None)
@given(ACCOUNT, COUNTRIES)
def test_purchased_products_and_invalid_traffic_fit_the_others(campaigns, country):
    account = Account(campaigns, country)
    bought = [f"{name}{each}d" for each in WINDOWS for name in ("purchases", "sales")]
    other = [f"purchasesOtherSku{each}d" for each in WINDOWS]
    rows = account.rows("spPurchasedProduct", "asin", [*bought, *other, "advertisedSku"])
    sums = totals(account.rows("spCampaigns", "campaign", MEASURES), MEASURES)

    assert totals(rows, bought) == {name: sums[name] for name in bought}
    for each in WINDOWS:
        own = sums[f"purchases{each}d"] - sums[f"purchasesSameSku{each}d"]
        assert totals(rows, other)[f"purchasesOtherSku{each}d"] == own
    gross = [
        "impressions", "clicks", "grossImpressions", "grossClickThroughs",
        "invalidImpressions", "invalidClickThroughs",
    ]  # fmt: skip
    for row in account.rows("spGrossAndInvalids", "campaign", gross):
        assert row["grossImpressions"] == row["impressions"] + row["invalidImpressions"]
        assert row["grossClickThroughs"] == row["clicks"] + row["invalidClickThroughs"]
    valid = totals(account.rows("spGrossAndInvalids", "campaign", gross), gross[:2])
    assert valid == {name: sums[name] for name in gross[:2]}


@settings(max_examples=40, deadline=None)
@given(ACCOUNT, COUNTRIES)
def test_every_row_is_valid_and_no_budget_is_overspent(campaigns, country):
    account = Account(campaigns, country)
    for kind, group in (("spCampaigns", "campaign"), ("spSearchTerm", "searchTerm")):
        for row in account.rows(kind, group, [*MEASURES, "date", "campaignId"]):
            assert row["impressions"] >= row["clicks"] >= row["purchases30d"] >= 0
            counts = [row[f"purchases{each}d"] for each in WINDOWS]
            assert counts == sorted(counts)
            assert all(
                row[f"purchasesSameSku{each}d"] <= row[f"purchases{each}d"] for each in WINDOWS
            )
    for row in account.rows("spCampaigns", "campaign", ["cost", "campaignBudgetAmount", "clicks"]):
        assert row["cost"] <= row["campaignBudgetAmount"]


@settings(max_examples=25, deadline=None)
@given(ACCOUNT)
def test_what_is_paused_or_archived_shows_nothing_from_then_on(campaigns):
    account = Account(campaigns)
    rows = account.rows(
        "spCampaigns", "campaign", ["date", "campaignStatus", "campaignId"], days=25
    )
    ends = {}
    for entity in account.store.table("1", "sp.campaigns").all():
        if entity.state != "ENABLED":
            ends[int(entity.id)] = date.fromordinal(CALENDAR.day(entity.updated)).isoformat()

    assert all(row["date"] < ends.get(row["campaignId"], "9999") for row in rows)
    assert all(
        (row["campaignStatus"] == "ENABLED") is (row["campaignId"] not in ends) for row in rows
    )


@settings(max_examples=15, deadline=None)
@given(ACCOUNT, st.lists(st.integers(0, 40), min_size=2, max_size=5))
def test_numbers_of_a_day_only_grow_as_the_clock_passes(campaigns, waits):
    account = Account(campaigns)
    for kind, group in (("spCampaigns", "campaign"), ("spCampaigns", "adGroup")):
        seen = [
            totals(account.rows(kind, group, MEASURES, now=NOON + days * DAY), MEASURES)
            for days in sorted(waits)
        ]
        for before, after in itertools.pairwise(seen):
            assert all(before[name] <= after[name] for name in MEASURES)
    settled = [
        account.rows("spTargeting", "targeting", MEASURES, now=NOON + days * DAY)
        for days in (LAST_LAG + 1, LAST_LAG + 40)
    ]
    assert settled[0] == settled[1]


NAMES = st.sampled_from(
    [
        "impressions", "clicks", "cost", "cart.clicks", "detail.views", "video.complete",
        "purchases@7", "sales.own@14", "units.other@1", "purchases.fresh.click@14",
        "sales.view.own@30", "pageView.clicks", "lead.views",
    ]
)  # fmt: skip


@given(NAMES, st.integers(1, 10**6), st.integers(730_000, 740_000), st.integers(0, 40))
def test_a_measure_says_of_whole_days_what_it_says_of_all_their_parts(name, group, day, age):
    own = traits(3, str(group), 90)
    days = traffic(own, [day], 90)
    (one,) = days
    piece = Slice(one, own, whole(one), age, list(range(one.purchases)))

    assert list(measure(name).entire(Stretch(own, days, [age]))) == [measure(name).part(piece)]


def test_a_percent_sign_in_a_name_stays():
    own = {"own": ("ENABLED", 1), "budget": 50}
    group = {"own": ("ENABLED", 1), "bid": 90, "ads": [("ENABLED", 1)], "words": [("ENABLED", 1)]}
    rows = Account([{**own, "groups": [group]}]).rows(
        "spCampaigns", "campaign", ["campaignName", "clicks"]
    )

    assert {row["campaignName"] for row in rows} == {"100 % mine"}
