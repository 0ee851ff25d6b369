"""Ads and every kind of target of Sponsored Brands behind the unified API, both ways."""

import jsonschema_rs
import pytest

from adsmock.contracts.schema import record
from tests.unit.mockserver.fixtures import contract_set, value
from tests.unit.mockserver.services.unified.fixtures import (
    SB,
    campaign,
    keyword,
    product,
    query_records,
    send_batch,
    unified_server,
)
from tests.unit.mockserver.services.verbs.test_brands import exported

MEDIA = "application/vnd.sb{}resource.v4+json"
DAY = 86_400.0
LOGO = {"assetId": "logo", "assetVersion": "7"}
STORE = {"landingPageType": "STORE", "landingPageUrl": "https://www.amazon.com/stores/page/1"}
ASINS = [{"productIdType": "ASIN", "productId": f"B00000000{number}"} for number in range(3)]
COLLECTION = {
    "brand": "Bags",
    "brandLogos": [{**LOGO, "formatProperties": [{"height": 1, "left": 0, "top": 0, "width": 2}]}],
    "customImages": [
        {"assetId": "one", "assetVersion": "3"},
        {"assetId": "two", "assetVersion": "4"},
    ],
    "creativePropertiesToOptimize": ["HEADLINE"],
    "enableCreativeAutoTranslation": True,
    "headlines": ["Bags for all"],
    "landingPage": STORE,
    "products": ASINS,
}
SPOTLIGHT = {
    "brand": "Bags",
    "brandLogos": [LOGO],
    "headlines": ["Bags for all"],
    "landingPage": STORE,
    "cards": [
        {"headline": f"Page {number}", "landingPage": STORE, "products": ASINS[number]}
        for number in range(3)
    ],
}
VIDEO = {"products": ASINS[:1], "videos": [{"assetId": "film", "assetVersion": "1"}]}
BRANDED = {**VIDEO, "brand": "Bags", "headlines": ["Bags"], "landingPage": STORE}
FORMS = {
    "collection": ("productCollectionSettings", COLLECTION, "PRODUCT_COLLECTION"),
    "spotlight": ("storeSpotlightSettings", SPOTLIGHT, "STORE_SPOTLIGHT"),
    "video": ("productVideoSettings", VIDEO, "VIDEO"),
    "branded": ("productVideoSettings", BRANDED, "BRAND_VIDEO"),
}


def tree(server):
    """Return a campaign and an ad group in it."""
    item = campaign("Brands", adProduct=SB, costType="CPC", brandId="ENTITY1")
    item["optimizations"] = {"goalSettings": {"kpi": "CLICKS"}}
    ((made,), _) = send_batch(server, "create/campaigns", {"campaigns": [item]})
    own = made["campaignId"]
    group = {"adProduct": SB, "campaignId": own, "name": "Group", "state": "ENABLED"}
    ((below,), _) = send_batch(server, "create/adGroups", {"adGroups": [group]})
    return own, below["adGroupId"]


def ad(group, member, settings, **more):
    return {
        "adProduct": SB,
        "adGroupId": group,
        "adType": "COMPONENT",
        "name": "Ad",
        "state": "ENABLED",
        "creative": {"componentCreative": {member: settings}},
        **more,
    }


def native(server, kind):
    path = f"/sb/v4/{kind}/list"
    return value(server.call(path, {}, media=MEDIA.format(kind[:-1].lower())))[kind]


def shown(record, member, part="creative"):
    return record[part]["componentCreative"][member]


@pytest.mark.parametrize("form", FORMS)
def test_an_ad_of_every_form_is_shown_as_it_was_written_and_natively(form):
    member, settings, kind = FORMS[form]
    server = unified_server()
    root, group = tree(server)
    tags = [{"key": "season", "value": "spring"}]

    ((made,), refused) = send_batch(
        server, "create/ads", {"ads": [ad(group, member, settings, tags=tags)]}
    )
    (found,) = query_records(server, "ads", SB)
    (other,) = native(server, "ads")

    assert (refused, made["campaignId"], found["tags"]) == ({}, root, tags)
    assert {name: shown(found, member)[name] for name in settings} == settings
    assert (other["creative"]["type"], other["adId"]) == (kind, made["adId"])
    assert shown(found, member)["moderationStatus"] == {
        "moderationStatus": "SUBMITTED_FOR_MODERATION"
    }
    (row,) = exported(server, "ads")
    assert row["adType"] == kind.removeprefix("BRAND_")
    for name in ("products", "cards"):
        assert row["creative"].get(name) == settings.get(name)
    assert row["creative"].get("headline") == next(iter(settings.get("headlines", [])), None)
    validator = jsonschema_rs.validator_for(record(contract_set().by_name["exports"], "ads"))
    assert [error.message for error in validator.iter_errors(row)] == []


def test_an_ad_of_the_native_family_has_what_the_model_demands():
    server = unified_server()
    _, group = tree(server)
    item = {
        "adGroupId": group,
        "name": "Ad",
        "state": "ENABLED",
        "creative": {
            "brandName": "Bags",
            "brandLogoAssetID": "logo",
            "customImages": [{"assetId": "one"}],
        },
        "landingPage": {"pageType": "PRODUCT_LIST", "asins": ["B000000001"] * 3},
    }
    reply = server.call(
        "/sb/v4/ads/productCollectionExtended", {"ads": [item]}, media=MEDIA.format("ad")
    )
    assert value(reply)["ads"]["error"] == []

    (found,) = query_records(server, "ads", SB)

    settings = shown(found, "productCollectionSettings")
    first = {"assetVersion": "version_v1"}
    assert settings["brandLogos"] == [{"assetId": "logo", **first}]
    assert settings["customImages"] == [{"assetId": "one", **first}]
    assert settings["landingPage"] == {
        "landingPageType": "ASIN_LIST",
        "landingPageAsins": {"asins": ["B000000001"] * 3},
    }


def test_a_changed_creative_is_a_version_that_is_active_once_it_has_passed():
    server = unified_server()
    server.sandbox.choices["review"] = "passes"
    _, group = tree(server)
    member = "productVideoSettings"
    ((made,), _) = send_batch(server, "create/ads", {"ads": [ad(group, member, BRANDED)]})
    own = made["adId"]
    film = {"videos": [{"assetId": "sequel", "assetVersion": "9"}]}
    change = {"adId": own, "creative": {"componentCreative": {member: film}}}

    _, early = send_batch(server, "update/ads", {"ads": [change]})
    server.sandbox.clock.advance(4 * DAY)
    ((after,), refused) = send_batch(server, "update/ads", {"ads": [change]})

    assert "activeCreative" not in made
    assert early == {0: ("CONFLICT", "$.ads[0].creative.componentCreative")}
    assert refused == {}
    assert shown(after, member)["videos"] == film["videos"]
    assert shown(after, member)["brand"] == "Bags"
    assert shown(after, member, "activeCreative")["videos"] == VIDEO["videos"]
    (listed,) = native(server, "ads")
    (row,) = exported(server, "ads")
    assert listed["creative"]["videoAssetIds"] == ["sequel"]
    assert row["creative"]["videos"][0]["assetId"] == "sequel"
    assert row["adVersionId"] == listed["creative"]["creativeVersion"]
    server.sandbox.clock.advance(4 * DAY)
    (last,) = query_records(server, "ads", SB)
    assert last["activeCreative"] == last["creative"]


@pytest.mark.parametrize(
    ("creative", "code"),
    [
        ({}, "FIELD_VALUE_IS_NULL"),
        (
            {"productVideoSettings": VIDEO, "storeSpotlightSettings": SPOTLIGHT},
            "FIELD_SIZE_IS_ABOVE_MAXIMUM_LIMIT",
        ),
    ],
)
def test_an_ad_has_one_form(creative, code):
    server = unified_server()
    _, group = tree(server)
    item = ad(group, "", {})
    item["creative"] = {"componentCreative": creative}

    _, refused = send_batch(server, "create/ads", {"ads": [item]})

    assert refused == {0: (code, "$.ads[0].creative.componentCreative")}


def test_a_creative_stays_of_its_form_and_a_name_is_no_version():
    server = unified_server()
    server.sandbox.choices["review"] = "passes"
    _, group = tree(server)
    item = ad(group, "storeSpotlightSettings", SPOTLIGHT)
    ((made,), _) = send_batch(server, "create/ads", {"ads": [item]})
    server.sandbox.clock.advance(4 * DAY)
    creative = {"componentCreative": {"productVideoSettings": VIDEO}}

    _, refused = send_batch(
        server, "update/ads", {"ads": [{"adId": made["adId"], "creative": creative}]}
    )
    ((named,), _) = send_batch(
        server, "update/ads", {"ads": [{"adId": made["adId"], "name": "New"}]}
    )

    assert refused == {0: ("ACTION_NOT_SUPPORTED", "$.ads[0].creative.componentCreative")}
    assert (named["name"], named["activeCreative"]) == ("New", named["creative"])


def test_targets_of_every_kind_are_native_ones_and_shown_as_written():
    server = unified_server()
    root, group = tree(server)
    refinement = {"productCategoryId": "99", "productBrandId": "1", "productPriceLessThan": 20.0}
    category = {
        "productCategoryTarget": {
            "productCategoryRefinement": {"productCategoryRefinement": refinement}
        }
    }
    theme = {"themeTarget": {"matchType": "KEYWORDS_RELATED_TO_YOUR_BRAND"}}
    own = {"adProduct": SB, "adGroupId": group}
    items = [
        keyword(**own, bid={"bid": 2.0}),
        product(**own, bid={"bid": 2.0}),
        product(negative=True, **own),
        product(**own, targetType="PRODUCT_CATEGORY", targetDetails=category),
        product(**own, targetType="THEME", targetDetails=theme, bid={"bid": 1.5}),
        product(negative=True, **own, targetType="THEME", targetDetails=theme),
    ]

    made, refused = send_batch(server, "create/targets", {"targets": items})
    found = query_records(server, "targets", SB)

    assert refused == {5: ("ACTION_NOT_SUPPORTED", "$.targets[5].targetType")}
    assert found == made
    assert [each["targetDetails"] for each in made] == [each["targetDetails"] for each in items[:5]]
    assert {each["campaignId"] for each in made} == {root}
    json = {"Content_Type": "application/json", "Accept": "*/*"}
    targets = value(server.call("/sb/targets/list", {"filters": []}, **json))["targets"]
    assert [str(each["targetId"]) for each in targets] == [made[1]["targetId"], made[3]["targetId"]]


def test_themes_and_products_are_found_changed_and_archived():
    server = unified_server()
    _, group = tree(server)
    own = {"adProduct": SB, "adGroupId": group, "bid": {"bid": 1.5}}
    theme = {"themeTarget": {"matchType": "KEYWORDS_RELATED_TO_YOUR_BRAND"}}
    items = [product(**own), product(**own, targetType="THEME", targetDetails=theme)]
    made, _ = send_batch(server, "create/targets", {"targets": items})
    ids = [each["targetId"] for each in made]

    (one,) = query_records(server, "targets", SB, targetTypeFilter={"include": ["THEME"]})
    send_batch(
        server,
        "update/targets",
        {"targets": [{"targetId": each, "state": "PAUSED", "bid": {"bid": 3}} for each in ids]},
    )
    changed = query_records(server, "targets", SB, stateFilter={"include": ["PAUSED"]})
    gone, _ = send_batch(server, "delete/targets", {"targetIds": ids})

    assert one["targetId"] == ids[1]
    assert [(each["targetId"], each["bid"]["bid"]) for each in changed] == [
        (each, 3) for each in ids
    ]
    assert [each["state"] for each in gone] == ["ARCHIVED", "ARCHIVED"]
