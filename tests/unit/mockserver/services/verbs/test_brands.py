"""Sponsored Brands through the pipeline: ads, coarse errors, reviews, keywords, exports."""

import gzip

import jsonschema_rs
import orjson
import pytest

from adsmock.contracts.schema import record
from adsmock.mockserver.services.sandboxes.import_state import put_state, read_state
from tests.unit.mockserver.fixtures import contract_set, create_server, value

MEDIA = {
    "campaigns": "application/vnd.sbcampaignresource.v4+json",
    "adGroups": "application/vnd.sbadgroupresource.v4+json",
    "ads": "application/vnd.sbadresource.v4+json",
    "creatives": "application/vnd.sbAdCreativeResource.v4+json",
}
PLAIN = {"name": "Bags", "budget": 10.0, "budgetType": "DAILY", "state": "ENABLED"}
PAGE = {"pageType": "STORE", "url": "https://www.amazon.com/stores/page/1"}
KINDS = {
    "video": ({"asins": ["B000000001"], "videoAssetIds": ["v1"]}, None, "VIDEO"),
    "brandVideo": ({"brandName": "Bags", "videoAssetIds": ["v1"]}, PAGE, "BRAND_VIDEO"),
    "productCollectionExtended": ({"headline": "Bags"}, PAGE, "PRODUCT_COLLECTION"),
    "storeSpotlight": ({"headline": "Bags"}, PAGE, "STORE_SPOTLIGHT"),
}
DAYS = 86_400.0


class Brands:
    """A client of Sponsored Brands."""

    def __init__(self, **request):
        self.server = create_server(**request)

    def batch(self, resource, items, method="POST", way=""):
        path = f"/sb/v4/{resource}{way}"
        reply = self.server.call(path, {resource: items}, method, media=MEDIA[resource])
        assert reply.status == 207, reply.body
        return value(reply)[resource]

    def one(self, resource, item, way=""):
        (row,) = self.batch(resource, [item], way=way)["success"]
        return row

    def rows(self, resource, **body):
        path = f"/sb/v4/{resource}/list"
        return value(self.server.call(path, body, media=MEDIA[resource]))[resource]

    def tree(self):
        campaign = self.one("campaigns", PLAIN)["campaignId"]
        group = {"campaignId": campaign, "name": "Red", "state": "ENABLED"}
        return campaign, self.one("adGroups", group)["adGroupId"]

    def ad(self, group, kind="video"):
        creative, page, _ = KINDS[kind]
        item = {"adGroupId": group, "name": "Ad", "state": "ENABLED", "creative": creative}
        if page:
            item["landingPage"] = page
        return self.one("ads", item, f"/{kind}")

    def versions(self, ad, **filters):
        body = {"adId": ad, **filters}
        return self.server.call("/sb/ads/creatives/list", body, media=MEDIA["creatives"])

    def revise(self, ad, kind="video", **creative):
        body = {"adId": ad, "creative": {"videoAssetIds": ["v2"], **creative}}
        return self.server.call(f"/sb/ads/creatives/{kind}", body, media=MEDIA["creatives"])


def refusal(rows):
    ((row,),) = [[each["errors"][0] for each in rows["error"]]]
    ((kind, found),) = row["errorValue"].items()
    return row["errorType"], kind, found["reason"], found["cause"].get("location")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_ad_is_reported_by_its_path(kind):
    brands = Brands()
    campaign, group = brands.tree()
    made = brands.ad(group, kind)["ad"]
    assert (made["campaignId"], made["creative"]["type"]) == (campaign, KINDS[kind][2])
    (version,) = value(brands.versions(made["adId"]))["creatives"]
    assert version["creativeType"] == KINDS[kind][2]
    for name, found in KINDS[kind][0].items():
        assert version["creativeProperties"][name] == found


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"goal": "PAGE_VISIT"}, ("otherError", "CAMPAIGN_GOAL_TYPE_INVALID", "$.goal")),
        ({"costType": "CPC"}, ("otherError", "CAMPAIGN_GOAL_TYPE_INVALID", "$.costType")),
        ({"goal": "X", "costType": "CPC"}, ("otherError", "CAMPAIGN_GOAL_TYPE_INVALID", "$.goal")),
        (
            {"goal": "BRAND_IMPRESSION_SHARE", "costType": "CPC"},
            ("otherError", "CAMPAIGN_GOAL_TYPE_INVALID", "$.costType"),
        ),
        ({"budget": 0.5}, ("budgetError", "BUDGET_OUT_OF_MARKET_PLACE_RANGE", "$.budget")),
        (
            {"budget": 99, "budgetType": "LIFETIME"},
            ("budgetError", "BUDGET_OUT_OF_MARKET_PLACE_RANGE", "$.budget"),
        ),
        ({"endDate": "2030-01-01"}, ("dateError", "INVALID_DATE", "$.endDate")),
        ({"name": "Taken"}, ("otherError", "DUPLICATE_VALUE", "$.name")),
    ],
)
def test_a_wrong_campaign_is_reported_by_a_coarse_code_and_a_place_in_the_item(changes, wanted):
    brands = Brands()
    brands.one("campaigns", {**PLAIN, "name": "Taken"})
    found = refusal(brands.batch("campaigns", [{**PLAIN, **changes}]))
    assert found == ("INVALID_ARGUMENT", *wanted)


def test_what_a_campaign_does_not_say_is_filled_in():
    brands = Brands()
    without = brands.one("campaigns", PLAIN)["campaign"]
    assert (without["goal"], without["costType"]) == ("PAGE_VISIT", "CPC")
    assert without["smartDefault"] == ["MANUAL"]
    given = {**PLAIN, "name": "B", "goal": "BRAND_IMPRESSION_SHARE", "costType": "VCPM"}
    assert brands.one("campaigns", given)["campaign"]["smartDefault"] == ["TARGETING"]


def test_an_ad_group_takes_one_kind_of_ad_until_it_is_archived():
    brands = Brands()
    _, group = brands.tree()
    first = brands.ad(group, "video")["adId"]
    other = {"adGroupId": group, "name": "B", "state": "ENABLED", "landingPage": PAGE}
    item = {**other, "creative": {"headline": "Bags"}}
    rows = brands.batch("ads", [item], way="/storeSpotlight")
    assert refusal(rows)[2] == "AD_TYPE_CONFLICT_IN_AD_GROUP"
    body = {"adIdFilter": {"include": [first]}}
    assert brands.server.call("/sb/v4/ads/delete", body, media=MEDIA["ads"]).status == 207
    assert brands.one("ads", item, "/storeSpotlight")


def test_plain_json_is_taken_and_refusals_have_the_type_of_the_operation():
    server = Brands().server
    server.sandbox.choices["gateway"] = "documented"
    media = MEDIA["campaigns"]
    body = {"campaigns": [PLAIN]}
    taken = server.call("/sb/v4/campaigns", body, media=media, Content_Type="application/json")
    assert (taken.status, taken.content_type) == (207, media)
    refused = server.call("/sb/v4/campaigns", {"campaigns": []}, media=media)
    assert (refused.status, refused.content_type) == (400, media)
    assert value(refused)["code"] == "INVALID_ARGUMENT"
    assert server.call("/sb/v4/campaigns", body, media="application/json").status == 406


def test_a_retired_kind_of_ad_answers_before_its_day_and_not_after():
    item = {"adGroupId": "1", "name": "Ad", "state": "ENABLED", "landingPage": PAGE}
    body = {"ads": [{**item, "creative": {"headline": "Bags"}}]}
    early = Brands(clock_start=1_700_000_000.0).server
    path = "/sb/v4/ads/productCollection"
    assert early.call(path, body, media=MEDIA["ads"]).status == 207
    assert Brands().server.call(path, body, media=MEDIA["ads"]).status == 404


@pytest.mark.parametrize(
    ("choice", "reported", "live"),
    [
        ("passes", "PUBLISHED", ("AD_STATUS_LIVE", "AD_GROUP_STATUS_ENABLED")),
        (
            "fails",
            "REJECTED_BY_MODERATION",
            ("AD_POLICING_SUSPENDED", "AD_GROUP_POLICING_CREATIVE_REJECTED"),
        ),
    ],
)
def test_a_creative_is_looked_at_and_the_clock_alone_tells_the_end(choice, reported, live):
    brands = Brands(choices={"review": choice})
    _, group = brands.tree()
    brands.ad(group)

    def standing():
        (ad,) = brands.rows("ads")
        (found,) = brands.rows("adGroups", includeExtendedDataFields=True)
        statuses = (ad["extendedData"]["servingStatus"], found["extendedData"]["servingStatus"])
        return ad["creative"]["creativeStatus"], statuses

    pending = ("AD_POLICING_PENDING_REVIEW", "AD_GROUP_POLICING_PENDING_REVIEW")
    assert standing() == ("SUBMITTED_FOR_MODERATION", pending)
    brands.server.sandbox.clock.advance(4 * DAYS)
    assert standing() == (reported, live)
    assert standing() == standing()


def test_about_one_creative_in_ten_is_refused_and_each_within_three_days():
    brands = Brands()
    _, group = brands.tree()
    for _ in range(60):
        brands.ad(group)
    brands.server.sandbox.clock.advance(3 * DAYS)
    words = [row["creative"]["creativeStatus"] for row in brands.rows("ads")]
    assert "SUBMITTED_FOR_MODERATION" not in words
    assert "PENDING_MODERATION_REVIEW" not in words
    assert 1 <= words.count("REJECTED_BY_MODERATION") <= 15


def test_a_further_version_waits_for_the_last_one_and_then_is_what_the_ad_shows():
    brands = Brands(choices={"review": "passes"})
    _, group = brands.tree()
    ad = brands.ad(group)["adId"]
    assert brands.revise(ad).status == 409
    brands.server.sandbox.clock.advance(4 * DAYS)
    assert brands.revise(ad, "brandVideo", asins=[], brandName="B", headline="H",
                         brandLogoAssetId="l").status == 400  # fmt: skip
    made = value(brands.revise(ad))
    (shown,) = brands.rows("ads")
    assert shown["creative"]["creativeVersion"] == made["creativeVersion"]
    assert shown["creative"]["videoAssetIds"] == ["v2"]
    assert shown["extendedData"]["servingStatus"] == "AD_STATUS_LIVE"
    listed = value(brands.versions(ad, creativeStatusFilter=["PUBLISHED"]))
    assert [row["creativeProperties"]["videoAssetIds"] for row in listed["creatives"]] == [["v1"]]


def test_creatives_of_an_ad_that_is_not_there_are_not_found():
    brands = Brands()
    assert brands.versions("1").status == 404
    assert brands.revise("1").status == 400


def test_keywords_of_version_three_are_answered_row_by_row():
    brands = Brands()
    campaign, group = brands.tree()
    good = {"adGroupId": int(group), "campaignId": int(campaign), "keywordText": "red bag"}
    items = [
        {**good, "matchType": "broad", "bid": 1.5},
        {**good, "matchType": "broad"},
        {**good, "matchType": "exact", "bid": 50},
        {**good, "adGroupId": 5, "matchType": "phrase"},
        {"matchType": "phrase"},
    ]
    json = {"Content_Type": "application/json", "Accept": "*/*"}
    made = value(brands.server.call("/sb/keywords", items, **json))
    assert [row["code"] for row in made] == ["SUCCESS", *["INVALID_ARGUMENT"] * 4]
    reasons = [row["errors"][0]["KeywordError"]["reason"] for row in made[1:]]
    assert reasons == [
        "DUPLICATE_VALUE",
        "BID_OUT_OF_MARKET_PLACE_RANGE",
        "PARENT_ENTITY_NOT_FOUND",
        "MISSING_VALUE",
    ]
    found = value(brands.server.call(f"/sb/keywords/{made[0]['keywordId']}", b"", "GET", **json))
    assert found == {**items[0], "keywordId": made[0]["keywordId"], "state": "enabled"}


@pytest.mark.parametrize("kind", ["campaigns", "adGroups", "ads", "targets"])
def test_exports_show_what_was_made(kind):
    brands = Brands()
    campaign, group = brands.tree()
    ad = brands.ad(group)["adId"]
    json = {"Content_Type": "application/json", "Accept": "*/*"}
    item = {"adGroupId": int(group), "campaignId": int(campaign), "keywordText": "red bag"}
    path, matched = "/sb/negativeKeywords", {"matchType": "negativeExact"}
    (word,) = value(brands.server.call(path, [{**item, **matched}], **json))

    rows = exported(brands.server, kind)

    names = {"campaigns": campaign, "adGroups": group, "ads": ad, "targets": str(word["keywordId"])}
    assert [row[f"{kind[:-1]}Id"] for row in rows] == [names[kind]]
    assert [row["adProduct"] for row in rows] == ["SPONSORED_BRANDS"]
    validator = jsonschema_rs.validator_for(record(contract_set().by_name["exports"], kind))
    assert [error.message for row in rows for error in validator.iter_errors(row)] == []


def exported(server, kind, product="SPONSORED_BRANDS"):
    media = f"application/vnd.{kind.lower()}export.v1+json"
    body = {"adProductFilter": [product]}
    export = value(server.call(f"/{kind}/export", body, media=media))["exportId"]
    server.sandbox.clock.advance(10)
    done = value(server.call(f"/exports/{export}", b"", "GET", media=media))
    path = done["url"].removeprefix("http://storage.test")
    return orjson.loads(gzip.decompress(server.send("GET", f"/_storage{path}").body))


def test_a_state_that_was_read_can_be_put_back_and_is_the_same():
    brands = Brands()
    _, group = brands.tree()
    brands.ad(group)
    sandbox = brands.server.sandbox
    state = read_state(sandbox)
    put_state(sandbox, brands.server.runtime.resources, state, replace=True)
    assert read_state(sandbox) == state


def test_an_update_of_campaigns_accepts_the_type_of_older_clients():
    server = create_server()
    accepted = "application/vnd.updatecampaignsresponse.v4+json"
    older = {"media": "application/json", "Accept": accepted}
    reply = server.call("/sb/v4/campaigns", {"campaigns": [{"campaignId": "1"}]}, "PUT", **older)
    assert (reply.status, reply.content_type) == (207, "application/json")
