"""Entities as recorded replies show them: rows 2, 3, 4, 10 to 13, 17 to 19, 23 and 27."""

import pytest

from tests.unit.mockserver.fixtures import campaign, create_server, value
from tests.unit.mockserver.observed.rows import observed

JSON = "application/json"
WHOLE = {"Prefer": "return=representation"}
SP = "application/vnd.sp{}.v3+json"
SB = "application/vnd.sb{}resource.v4+json"
TOP, PAGE, REST = ("PLACEMENT_TOP", "PLACEMENT_PRODUCT_PAGE", "PLACEMENT_REST_OF_SEARCH")


def written(server, name, media, item, method="POST", **changes):
    """Return the row of the only item of a batch: a success or a refusal."""
    reply = server.call(f"/{name}", {name.split("/")[-1]: [item]}, method, media=media, **changes)
    assert reply.status == 207, reply.body
    rows = value(reply)[name.split("/")[-1]]
    return (rows["success"] or rows["error"])[0]


def sold(server, **members):
    return written(server, "sp/campaigns", SP.format("Campaign"), campaign(**members), **WHOLE)


def group_of(server, campaign_id, **changes):
    item = {"campaignId": campaign_id, "name": "Group", "state": "ENABLED", "defaultBid": 1.0}
    return written(server, "sp/adGroups", SP.format("AdGroup"), item, **changes)


def branded(server, **members):
    item = {"name": "Kettles", "state": "ENABLED", "budget": 10, "budgetType": "DAILY"}
    return written(server, "sb/v4/campaigns", SB.format("campaign"), item | members)


@observed("2")
def test_every_campaign_shows_the_members_that_every_live_campaign_has():
    shown = sold(create_server())["campaign"]
    assert shown["tags"] == {}
    assert shown["offAmazonSettings"] == {}
    assert shown["marketplaceBudgetAllocation"] == "MANUAL"
    assert shown["dynamicBidding"]["placementBidding"] == []


@observed("3")
def test_an_update_of_placements_merges_them_and_zero_removes_one():
    server = create_server()
    places = [{"placement": PAGE, "percentage": 40}, {"placement": REST, "percentage": 10}]
    found = sold(server, dynamicBidding={"placementBidding": places})["campaignId"]
    changes = [{"placement": TOP, "percentage": 1}, {"placement": REST, "percentage": 0}]
    item = {"campaignId": found, "dynamicBidding": {"placementBidding": changes}}
    row = written(server, "sp/campaigns", SP.format("Campaign"), item, "PUT", **WHOLE)
    shown = row["campaign"]["dynamicBidding"]
    assert shown["placementBidding"] == [places[0], changes[0]]
    assert shown["strategy"] == "LEGACY_FOR_SALES"


@observed("4")
def test_an_ad_of_a_seller_has_the_asin_of_its_sku():
    server = create_server()
    placed = {"campaignId": (top := sold(server)["campaignId"])}
    placed["adGroupId"] = group_of(server, top)["adGroupId"]
    item = placed | {"sku": "a140aafa-1a23", "state": "ENABLED"}
    media = SP.format("ProductAd")
    ad = written(server, "sp/productAds", media, item, **WHOLE)["productAd"]
    assert (ad["sku"], ad["asin"][:2], len(ad["asin"])) == ("a140aafa-1a23", "B0", 10)
    again = written(server, "sp/productAds", media, item)
    assert again["errors"][0]["errorType"] == "duplicateValueError"


@observed("10")
@pytest.mark.parametrize(("budget", "word"), [(0.01, "lower"), (1e9, "higher")])
def test_a_refused_budget_names_neither_its_place_nor_the_limits(budget, word):
    refused = sold(create_server(), budget={"budget": budget, "budgetType": "DAILY"})
    error = refused["errors"][0]["errorValue"]["budgetError"]
    assert set(error) == {"cause", "message", "reason"}
    assert (error["cause"], error["reason"]) == ({}, "BUDGET_OUT_OF_MARKET_PLACE_RANGE")
    assert word in error["message"]


@observed("11")
def test_a_brand_campaign_shows_its_strategy_and_that_it_has_ad_groups():
    shown = branded(create_server())["campaign"]
    assert shown["bidding"] == {
        "bidOptimization": True,
        "bidOptimizationStrategy": "MAXIMIZE_IMMEDIATE_SALES",
    }
    assert shown["isMultiAdGroupsEnabled"] is True


@observed("11")
def test_a_created_brand_ad_and_its_group_show_extended_data():
    server = create_server()
    item = {"campaignId": branded(server)["campaignId"], "name": "one", "state": "ENABLED"}
    group = written(server, "sb/v4/adGroups", SB.format("adgroup"), item)
    item = {"adGroupId": group["adGroupId"], "name": "Ad", "state": "ENABLED"}
    item["creative"] = {"asins": ["B000000001"], "videoAssetIds": ["amzn1.assetlibrary.asset1.a"]}
    reply = server.call("/sb/v4/ads/video", {"ads": [item]}, media=SB.format("ad"))
    (row,) = value(reply)["ads"]["success"]
    for shown in (group["adGroup"], row["ad"]):
        assert {"creationDate", "lastUpdateDate", "servingStatus"} <= set(shown["extendedData"])


@observed("12")
def test_text_is_taken_for_a_boolean_of_a_brand_campaign():
    shown = branded(create_server(), bidding={"bidOptimization": "false"})["campaign"]
    assert shown["bidding"]["bidOptimization"] is False


@observed("12")
def test_text_is_taken_for_a_number_of_a_display_campaign():
    server = create_server()
    item = {"name": "d", "tactic": "T00030", "state": "paused", "startDate": "20260702"}
    item |= {"budget": "10.00", "budgetType": "daily", "costType": "cpc"}
    (row,) = value(server.call("/sd/campaigns", [item], media=JSON))
    assert row["code"] == "SUCCESS"
    (shown,) = value(server.call("/sd/campaigns", b"", "GET", media=JSON))
    assert shown["budget"] == 10.0


@observed("12")
def test_text_that_is_no_number_is_refused():
    item = {"name": "d", "tactic": "T00030", "state": "paused", "startDate": "20260702"}
    item |= {"budget": "ten", "budgetType": "daily"}
    assert create_server().call("/sd/campaigns", [item], media=JSON).status == 422


@observed("13")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_written_ad_group_is_named_without_prefer(method):
    server = create_server()
    made = group_of(server, sold(server)["campaignId"])
    if method == "PUT":
        item = {"adGroupId": made["adGroupId"], "name": "Group", "state": "PAUSED"}
        made = written(server, "sp/adGroups", SP.format("AdGroup"), item, "PUT")
    assert made["adGroup"] == {"adGroupId": made["adGroupId"], "name": "Group"}


@observed("13")
def test_an_archived_ad_group_is_not():
    server = create_server()
    made = group_of(server, sold(server)["campaignId"])
    body = {"adGroupIdFilter": {"include": [made["adGroupId"]]}}
    reply = server.call("/sp/adGroups/delete", body, media=SP.format("AdGroup"))
    assert "adGroup" not in value(reply)["adGroups"]["success"][0]


@observed("17")
def test_a_campaign_in_an_ended_portfolio_says_so():
    server = create_server()
    budget = {"policy": "DATE_RANGE", "amount": 100.0, "currencyCode": "USD"}
    budget |= {"startDate": "2026-07-01", "endDate": "2026-07-02"}
    media = "application/vnd.spPortfolio.v3+json"
    item = {"name": "Summer", "state": "ENABLED", "budget": budget}
    found = written(server, "portfolios", media, item)["portfolioId"]
    sold(server, portfolioId=found)

    def status():
        reply = server.call("/sp/campaigns/list", {"includeExtendedDataFields": True})
        return value(reply)["campaigns"][0]["extendedData"]["servingStatus"]

    assert status() != "PORTFOLIO_ENDED"
    server.sandbox.clock.advance(3 * 86_400)
    assert status() == "PORTFOLIO_ENDED"


@observed("18")
@pytest.mark.parametrize(
    ("path", "name", "media"),
    [("campaigns", "campaignIdFilter", "campaign"), ("adGroups", "adGroupIdFilter", "adgroup")],
)
def test_a_list_of_brands_refuses_an_id_of_the_console(path, name, media):
    server = create_server()
    for found, status in (("A0123456789", 400), ("123456789", 200)):
        body = {name: {"include": [found]}}
        reply = server.call(f"/sb/v4/{path}/list", body, media=SB.format(media))
        assert reply.status == status
        assert status == 200 or value(reply)["message"] == "Id filter has invalid value"


@observed("19")
def test_a_refused_value_is_answered_with_the_set_in_the_order_that_was_seen():
    body = {"campaigns": [campaign(state="enabled")]}
    text = value(create_server().call("/sp/campaigns", body))["message"]
    assert "enum value set: [ENABLED, PROPOSED, PAUSED]" in text
    body = {"stateFilter": {"include": ["enabled"]}}
    text = value(create_server().call("/sp/campaigns/list", body))["message"]
    seen = ["ENABLING", "ENABLED", "ARCHIVED", "USER_DELETED", "PAUSED", "OTHER"]
    words = text.rpartition("[")[2].rstrip("]").split(", ")
    assert [word for word in words if word in seen] == seen


def unified(server, **members):
    item = {
        "adProduct": "SPONSORED_PRODUCTS",
        "name": "Unified",
        "state": "ENABLED",
        "marketplaceScope": "SINGLE_MARKETPLACE",
        "autoCreationSettings": {"autoCreateTargets": False},
        "budgets": [
            {
                "budgetType": "MONETARY",
                "recurrenceTimePeriod": "DAILY",
                "budgetValue": {"monetaryBudgetValue": {"monetaryBudget": {"value": 10.0}}},
            }
        ],
        "startDateTime": "2026-07-02T07:00:00Z",
    }
    body = {"campaigns": [item | members]}
    return value(server.call("/adsApi/v1/create/campaigns", body, media=JSON))


@observed("23")
def test_a_batch_of_the_unified_api_has_an_empty_partial_success():
    reply = unified(create_server(), state="NO_STATE")
    if "error" not in reply:
        reply = unified(create_server())
    assert reply["partialSuccess"] == []


@observed("27")
def test_today_at_midnight_in_utc_is_today_in_a_marketplace_behind_it():
    server = create_server()
    assert server.profile().country == "US"
    reply = unified(server, startDateTime="2026-07-01T00:00:00Z")
    assert [row["index"] for row in reply["success"]] == [0], reply
    refused = unified(server, name="Before", startDateTime="2026-06-30T00:00:00Z")
    assert refused["success"] == []
