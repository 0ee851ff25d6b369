"""Recommendations in the forms that saved replies of Amazon's Postman collection show."""

import pytest

from tests.unit.mockserver.fixtures import campaign, create_server, value

JSON = "application/json"
KEYWORDS = "application/vnd.spkeywordsrecommendation.v5+json"
CATEGORIES = "application/vnd.spproducttargeting.v3+json"
GROUP = "application/vnd.spAdGroup.v3+json"
PRODUCT = "application/vnd.spproductrecommendation.v3+json"
PRODUCTS = "application/vnd.spproductrecommendationresponse.{}.v3+json"
ASINS = ["B00JVTNWB0", "B0787FVB5F"]


def ask(server, path, body, media=JSON, accept="*/*"):
    return server.call(path, body, media=media, Accept=accept)


def group_of(server):
    """Return the ids of a campaign and its ad group, as numbers."""
    made = value(server.call("/sp/campaigns", {"campaigns": [campaign()]}))
    campaign_id = made["campaigns"]["success"][0]["campaignId"]
    group = {"name": "g", "state": "ENABLED", "defaultBid": 0.5, "campaignId": campaign_id}
    made = value(server.call("/sp/adGroups", {"adGroups": [group]}, media=GROUP))
    return int(campaign_id), int(made["adGroups"]["success"][0]["adGroupId"])


@pytest.mark.parametrize("kind", ["KEYWORDS_FOR_ADGROUP", "KEYWORDS_FOR_ASINS"])
def test_keywords_take_text_for_numbers_and_numbers_for_ids(kind):
    server = create_server()
    campaign_id, group_id = group_of(server)
    of_group = {"campaignId": campaign_id, "adGroupId": group_id, "sortDimension": "CLICKS"}
    rest = of_group if kind == "KEYWORDS_FOR_ADGROUP" else {"asins": ASINS}
    body = {"recommendationType": kind, "maxRecommendations": "2", "locale": "es_MX"} | rest

    reply = ask(server, "/sp/targets/keywords/recommendations", body, KEYWORDS)

    assert reply.status == 200, reply.body
    assert len(value(reply)["keywordTargetList"]) == 2


def test_only_keywords_of_the_request_have_a_rank_and_a_share():
    own = {"keyword": "mens socks", "matchType": "EXACT", "bid": 1.0}
    body = {"recommendationType": "KEYWORDS_FOR_ASINS", "asins": ASINS, "targets": [own]}
    reply = value(ask(create_server(), "/sp/targets/keywords/recommendations", body, KEYWORDS))
    for row in reply["keywordTargetList"]:
        figures = row["searchTermImpressionRank"], row["searchTermImpressionShare"]
        assert (figures == (None, None)) is not row["userSelectedKeyword"]
    assert any(row["userSelectedKeyword"] for row in reply["keywordTargetList"])


@pytest.mark.parametrize("name", ["maxRecommendations", "adGroupId"])
def test_keywords_refuse_what_is_no_number_or_id(name):
    server = create_server()
    campaign_id, group_id = group_of(server)
    body = {
        "recommendationType": "KEYWORDS_FOR_ADGROUP",
        "campaignId": campaign_id,
        "adGroupId": group_id,
        "maxRecommendations": 2,
    }
    refused = ask(server, "/sp/targets/keywords/recommendations", body | {name: [1]}, KEYWORDS)
    assert refused.status == 422


def test_categories_for_a_client_that_accepts_json_have_the_version_of_the_request():
    path = "/sp/targets/categories/recommendations"
    reply = ask(create_server(), path, {"asins": ASINS, "includeAncestor": True}, CATEGORIES, JSON)
    assert reply.content_type == "application/vnd.spproducttargetingresponse.v3+json"
    assert {"canBeTargeted", "path"} <= set(value(reply)["categories"][0])


@pytest.mark.parametrize("form", ["asins", "themes"])
def test_the_last_page_of_products_has_null_for_a_cursor(form):
    body = {"adAsins": ASINS[:1], "count": "50", "locale": "en_US"}
    path = "/sp/targets/products/recommendations"
    reply = value(ask(create_server(), path, body, PRODUCT, PRODUCTS.format(form)))
    assert reply["previousCursor"] is None
    assert "nextCursor" in reply


def test_keywords_of_brands_have_no_rank_or_share():
    body = {"asins": ASINS, "maxNumSuggestions": "3", "creativeType": "PRODUCT_COLLECTION"}
    rows = value(ask(create_server(), "/sb/recommendations/keyword", body))
    assert len(rows) == 3
    for row in rows:
        assert (row["matchType"], len(row["recommendationId"])) == ("PHRASE", 32)
        assert (row["searchTermImpressionRank"], row["searchTermImpressionShare"]) == (None, None)
