"""What clients written for the real service need of the families besides Sponsored Products."""

import pytest

JSON = "application/json"
PORTFOLIO = "application/vnd.spPortfolio.v3+json"
BRANDS = {
    "campaigns": "application/vnd.sbcampaignresource.v4+json",
    "adGroups": "application/vnd.sbadgroupresource.v4+json",
    "ads": "application/vnd.sbadresource.v4+json",
}


def brand_campaign(client, name="Kettles"):
    """Create a Sponsored Brands campaign the way the documents' own curl does: plain JSON."""
    item = {"name": name, "state": "ENABLED", "budget": 10, "budgetType": "DAILY"}
    reply = client.call(
        "POST", "/sb/v4/campaigns", {"campaigns": [item]},
        Content_Type=JSON, Accept=BRANDS["campaigns"],
    )  # fmt: skip
    assert reply.status_code == 207, reply.text
    return reply.json()["campaigns"]["success"][0]["campaignId"]


def brand_group(client, campaign):
    item = {"campaignId": campaign, "name": "one", "state": "ENABLED"}
    reply = client.call(
        "POST", "/sb/v4/adGroups", {"adGroups": [item]},
        Content_Type=JSON, Accept=BRANDS["adGroups"],
    )  # fmt: skip
    assert reply.status_code == 207, reply.text
    return reply.json()["adGroups"]["success"][0]["adGroupId"]


def display_campaign(client):
    item = {"name": "d", "tactic": "T00020", "state": "enabled", "startDate": "20260702"}
    item |= {"budget": 10, "budgetType": "daily"}
    reply = client.call("POST", "/sd/campaigns", [item], Content_Type=JSON)
    assert reply.status_code == 207, reply.text
    return reply.json()[0]["campaignId"]


def unified(client, verb, resource, body):
    reply = client.call("POST", f"/adsApi/v1/{verb}/{resource}", body, Content_Type=JSON)
    assert reply.status_code in {200, 207}, reply.text
    return reply.json()


@pytest.mark.parametrize("resource", BRANDS)
@pytest.mark.parametrize("body", ["", "{}", '{"stateFilter": {"include": []}}'])
def test_brands_take_plain_json_with_their_own_accept(client, resource, body):
    media = BRANDS[resource]
    path = f"/sb/v4/{resource}/list"
    reply = client.call("POST", path, body, Content_Type=JSON, Accept=media.upper())
    assert reply.status_code == 200, reply.text
    assert reply.headers["Content-Type"] == JSON
    assert "nextToken" not in reply.json()


def test_brands_answer_in_strings_and_take_numbers(fresh):
    campaign = brand_campaign(fresh)
    group = brand_group(fresh, int(campaign))
    assert (type(campaign), type(group)) == (str, str)
    body = {"campaignIdFilter": {"include": [int(campaign)]}}
    listed = fresh.call(
        "POST", "/sb/v4/adGroups/list", body, Content_Type=JSON, Accept=BRANDS["adGroups"]
    )
    (row,) = listed.json()["adGroups"]
    assert (row["campaignId"], row["adGroupId"]) == (campaign, group)


@pytest.mark.parametrize("as_sent", [str, int])
def test_brand_keywords_answer_in_integers_and_take_strings(fresh, as_sent):
    campaign = brand_campaign(fresh)
    owner = {"campaignId": as_sent(campaign), "adGroupId": as_sent(brand_group(fresh, campaign))}
    item = owner | {"keywordText": "red kettle", "matchType": "broad", "bid": 1}
    made = fresh.call("POST", "/sb/keywords", [item], Content_Type=JSON)
    assert made.status_code == 207, made.text
    listed = fresh.call("GET", "/sb/keywords", Accept="application/vnd.sbkeyword.v3.2+json")
    (row,) = listed.json()
    assert row["keywordId"] == made.json()[0]["keywordId"]
    assert {type(row[name]) for name in ("keywordId", "adGroupId", "campaignId")} == {int}


@pytest.mark.parametrize("as_sent", [str, int])
def test_display_answers_in_integers_and_takes_strings(fresh, as_sent):
    campaign = display_campaign(fresh)
    group = {"campaignId": as_sent(campaign), "name": "g", "state": "enabled", "defaultBid": 1}
    made = fresh.call("POST", "/sd/adGroups", [group], Content_Type=JSON).json()[0]
    assert (type(campaign), type(made["adGroupId"])) == (int, int)
    (row,) = fresh.call("GET", f"/sd/adGroups?campaignIdFilter={campaign}").json()
    assert (row["campaignId"], row["adGroupId"]) == (campaign, made["adGroupId"])


@pytest.mark.parametrize("media", [PORTFOLIO, PORTFOLIO.lower(), JSON])
@pytest.mark.parametrize("body", ["", "{}"])
def test_portfolios_are_listed_whatever_json_is_spoken(client, media, body):
    reply = client.call("POST", "/portfolios/list", body, Content_Type=media, Accept=media)
    assert reply.status_code == 200, reply.text
    assert reply.headers["Content-Type"].lower() == media.lower()
    assert "nextToken" not in reply.json()


def test_portfolio_ids_are_strings(fresh):
    item = {"portfolios": [{"name": "Kitchen", "state": "ENABLED"}]}
    made = fresh.call("POST", "/portfolios", item, Content_Type=JSON).json()
    (row,) = fresh.call("POST", "/portfolios/list", {}, Content_Type=JSON).json()["portfolios"]
    assert row["portfolioId"] == made["portfolios"]["success"][0]["portfolioId"]
    assert isinstance(row["portfolioId"], str)


def test_unified_campaigns_come_complete(client):
    body = {"adProductFilter": {"include": ["SPONSORED_PRODUCTS"]}}
    (row,) = unified(client, "query", "campaigns", body)["campaigns"]
    (budget,) = row["budgets"]
    money = budget["budgetValue"]["monetaryBudgetValue"]["monetaryBudget"]
    assert (money["currencyCode"], money["value"]) == ("USD", 10)
    assert isinstance(row["campaignId"], str)
    assert row["startDateTime"].startswith("2026-07-01T00:00:00")
    assert row["status"]["deliveryStatus"]


def test_unified_ids_are_strings_and_bids_name_their_currency(client):
    body = {"adProductFilter": {"include": ["SPONSORED_PRODUCTS"]}}
    (row,) = unified(client, "query", "adGroups", body)["adGroups"]
    assert {type(row[name]) for name in ("adGroupId", "campaignId")} == {str}
    assert row["bid"]["currencyCode"] == "USD"
    assert "nextToken" not in unified(client, "query", "ads", body)


TARGETING = "application/vnd.spproducttargeting.v3+json"
HEADLINES = "application/vnd.sdheadlinerecommendationrequest.v4.0+json"
ASKED = [
    ("POST", "/sp/targets/categories/recommendations", TARGETING, TARGETING),
    ("POST", "/sp/targets/products/count", TARGETING, TARGETING),
    ("POST", "/sp/negativeTargets/brands/search", TARGETING, TARGETING),
    ("GET", "/sp/negativeTargets/brands/recommendations", TARGETING, TARGETING),
    (
        "POST",
        "/sb/recommendations/keyword",
        JSON,
        "application/vnd.sbkeywordrecommendation.v3+json",
    ),
    ("POST", "/sd/forecasts", JSON, "*/*"),
    ("POST", "/sd/recommendations/creative/headline", HEADLINES, HEADLINES),
    ("POST", "/history", JSON, "application/vnd.historyresponse.v1.0+json"),
]


@pytest.mark.parametrize(("method", "path", "media", "accept"), ASKED)
def test_media_types_that_clients_send_and_no_document_names_are_taken(
    client, method, path, media, accept
):
    reply = client.call(method, path, "{}", Content_Type=media, Accept=accept)
    assert reply.status_code in {200, 400, 422}, reply.text
