"""What one family writes, every other shows: ids, names, states and money agree."""

import gzip
from urllib.parse import urlsplit

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.mockserver.fixtures import EXPORT, value
from tests.unit.mockserver.fixtures import campaign as native_campaign
from tests.unit.mockserver.services.unified.fixtures import (
    ad_group,
    amount_of,
    campaign,
    keyword,
    make_tree,
    money,
    product,
    query_records,
    send_batch,
    unified_server,
)

KEYWORD = "application/vnd.spKeyword.v3+json"
TARGET = "application/vnd.spTargetingClause.v3+json"
STATES = st.sampled_from(("ENABLED", "PAUSED"))
MONEY = st.integers(100, 100_000).map(lambda cents: cents / 100)
DRAWN = st.lists(
    st.tuples(STATES, MONEY, st.sampled_from(("AUTO", "MANUAL")), st.booleans()), max_size=5
)
QUICK = settings(max_examples=15, deadline=None)


def exported(server):
    """Return the rows of a finished export of campaigns, by id."""
    body = {"stateFilter": ["ENABLED", "PAUSED", "ARCHIVED"]}
    export = value(server.call("/campaigns/export", body, media=EXPORT))["exportId"]
    server.sandbox.clock.advance(30)
    done = value(server.call(f"/exports/{export}", b"", "GET", media=EXPORT))
    target = urlsplit(done["url"])
    file = server.send("GET", f"/_storage{target.path}?{target.query}")
    return {row["campaignId"]: row for row in orjson.loads(gzip.decompress(file.body))}


def agreed(server):
    """Return id, name, state and budget of every campaign, as all three families show them."""
    native = {
        row["campaignId"]: (row["name"], row["state"], row["budget"]["budget"])
        for row in value(server.call("/sp/campaigns/list", {}))["campaigns"]
    }
    unified = {
        row["campaignId"]: (row["name"], row["state"], amount_of(row)["value"])
        for row in query_records(server, "campaigns")
    }
    files = {
        own: (
            row["name"],
            row["state"],
            row["budgetCaps"]["budgetValue"]["monetaryBudget"]["amount"],
        )
        for own, row in exported(server).items()
    }
    assert native == unified == files
    return native


@QUICK
@given(drawn=DRAWN)
def test_campaigns_of_either_family_are_the_same_everywhere(drawn):
    server = unified_server()
    wanted = {}
    for number, (state, budget, targeting, is_native) in enumerate(drawn):
        name = f"Campaign {number}"
        if is_native:
            own_money = {"budget": budget, "budgetType": "DAILY"}
            item = native_campaign(name, state=state, targetingType=targeting, budget=own_money)
            reply = value(server.call("/sp/campaigns", {"campaigns": [item]}))
            own = reply["campaigns"]["success"][0]["campaignId"]
        else:
            auto = {"autoCreateTargets": targeting == "AUTO"}
            item = campaign(name, state=state, budgets=money(budget), autoCreationSettings=auto)
            ((made,), _) = send_batch(server, "create/campaigns", {"campaigns": [item]})
            own = made["campaignId"]
        wanted[own] = (name, state, budget)

    assert agreed(server) == wanted


@QUICK
@given(state=STATES, budget=MONEY, archived=st.booleans())
def test_a_change_by_either_family_is_seen_by_the_others(state, budget, archived):
    server = unified_server()
    root, *_ = make_tree(server)
    change = {"campaignId": root, "state": state, "budgets": money(budget), "name": "New"}
    send_batch(server, "update/campaigns", {"campaigns": [change]})
    if archived:
        server.call("/sp/campaigns/delete", {"campaignIdFilter": {"include": [root]}})

    assert agreed(server) == {root: ("New", "ARCHIVED" if archived else state, budget)}


def test_a_campaign_keeps_every_member_on_its_way_through_the_native_family():
    server = unified_server()
    optimizations = {
        "bidSettings": {
            "bidStrategy": "SALES_UP_AND_DOWN",
            "bidAdjustments": {
                "placementBidAdjustments": [{"placement": "TOP_OF_SEARCH", "percentage": 50}],
                "audienceBidAdjustments": [{"audienceId": "77", "percentage": 10}],
            },
        },
        "budgetSettings": {"offAmazonBudgetControlStrategy": "MINIMIZE_SPEND"},
    }
    media = "application/vnd.spPortfolio.v3+json"
    body = {"portfolios": [{"name": "P", "state": "ENABLED"}]}
    reply = value(server.call("/portfolios", body, media=media))
    own = reply["portfolios"]["success"][0]["portfolioId"]
    item = campaign(
        endDateTime="2026-08-01T23:59:59-07:00",
        tags=[{"key": "a", "value": "b"}],
        siteRestrictions=["AMAZON_BUSINESS"],
        portfolioId=own,
        optimizations=optimizations,
    )

    ((made,), _) = send_batch(server, "create/campaigns", {"campaigns": [item]})
    (native,) = value(server.call("/sp/campaigns/list", {}))["campaigns"]

    assert {name: made[name] for name in ("tags", "siteRestrictions", "optimizations")} == {
        name: item[name] for name in ("tags", "siteRestrictions", "optimizations")
    }
    assert (made["startDateTime"], made["endDateTime"]) == (
        "2026-07-02T00:00:00.000-07:00",
        "2026-08-01T23:59:59.000-07:00",
    )
    assert (native["startDate"], native["endDate"]) == ("2026-07-02", "2026-08-01")
    assert native["dynamicBidding"]["strategy"] == "AUTO_FOR_SALES"
    assert amount_of(made)["currencyCode"] == "USD"


REFINED = st.fixed_dictionaries(
    {"productCategoryId": st.just("99")},
    optional={
        "productBrandId": st.sampled_from(("1", "2")),
        "productPriceGreaterThan": st.integers(1, 9).map(float),
        "productPriceLessThan": st.integers(10, 99).map(float),
        "productRatingLessThan": st.integers(1, 5).map(float),
        "productPrimeShippingEligible": st.booleans(),
    },
)


@QUICK
@given(members=REFINED)
def test_refinements_come_back_as_they_were_sent(members):
    server = unified_server()
    _, _, wares = make_tree(server)
    details = {
        "productCategoryTarget": {
            "productCategoryRefinement": {"productCategoryRefinement": members}
        }
    }
    item = product(adGroupId=wares, targetType="PRODUCT_CATEGORY", targetDetails=details)

    ((made,), refused) = send_batch(server, "create/targets", {"targets": [item]})

    assert refused == {}
    assert made["targetDetails"] == details
    assert made["targetType"] == "PRODUCT_CATEGORY"


@QUICK
@given(
    text=st.sampled_from(("shoe", "red hat")),
    match=st.sampled_from(("BROAD", "PHRASE", "EXACT")),
    bid=MONEY.filter(lambda amount: amount < 10),
)
def test_keywords_of_either_family_are_the_same(text, match, bid):
    server = unified_server()
    root, words, _ = make_tree(server)
    item = keyword(text, match, adGroupId=words, bid={"bid": bid})
    ((made,), _) = send_batch(server, "create/targets", {"targets": [item]})
    (native,) = value(server.call("/sp/keywords/list", {}, media=KEYWORD))["keywords"]

    assert native == {
        "keywordId": made["targetId"],
        "campaignId": root,
        "adGroupId": words,
        "keywordText": text,
        "matchType": match,
        "bid": bid,
        "state": "ENABLED",
    }


def test_automatic_targets_are_themes_and_cannot_be_made_by_hand():
    server = unified_server()
    auto = campaign(autoCreationSettings={"autoCreateTargets": True})
    ((made,), _) = send_batch(server, "create/campaigns", {"campaigns": [auto]})
    ((group,), _) = send_batch(
        server, "create/adGroups", {"adGroups": [ad_group(made["campaignId"])]}
    )
    native = value(server.call("/sp/targets/list", {}, media=TARGET))["targetingClauses"]

    found = query_records(server, "targets", targetTypeFilter={"include": ["THEME"]})

    assert [each["targetId"] for each in found] == [each["targetId"] for each in native]
    assert {each["targetDetails"]["themeTarget"]["matchType"] for each in found} == {
        "KEYWORDS_CLOSE_MATCH",
        "KEYWORDS_LOOSE_MATCH",
        "PRODUCT_SUBSTITUTES",
        "PRODUCT_COMPLEMENTS",
    }
    theme = {
        name: found[0][name]
        for name in ("adProduct", "adGroupId", "negative", "state", "targetType", "targetDetails")
    }
    made_by_hand, refused = send_batch(server, "create/targets", {"targets": [theme]})
    assert (made_by_hand, list(refused)) == ([], [0])
    assert group["campaignId"] == made["campaignId"]
