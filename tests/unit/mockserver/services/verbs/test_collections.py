"""Collections of Sponsored Brands: created, replaced as a batch, shown by both APIs."""

import pytest

from adsmock.mockserver.core.fault import Match
from adsmock.mockserver.services.sandboxes.import_state import put_state, read_state
from tests.unit.mockserver.fixtures import value
from tests.unit.mockserver.observed.rows import observed
from tests.unit.mockserver.services.unified import fixtures as unified
from tests.unit.mockserver.services.unified.test_brand_ads import ASINS, ad, native, tree
from tests.unit.mockserver.services.verbs.test_brands import DAYS, MEDIA, Brands, exported

SHOWN = {"pageType": "STORE", "url": "https://www.amazon.com/stores/page/1"}
AUTO = {"brandName": "Bags", "asinExclusions": ["B000000009"], "brandLogoAssetID": "logo"}
MANUAL = {
    "brandName": "Bags",
    "asins": ["B000000001", "B000000002", "B000000003"],
    "title": "For school",
}
KINDS = {
    "autoCollection": ("AUTO_COLLECTION", AUTO, None),
    "manualCollection": ("MANUAL_COLLECTION", {**MANUAL, "landingPage": SHOWN}, SHOWN),
}


def create(brands, kind, group=None, **changes):
    group = group or brands.tree()[1]
    item = {"adGroupId": group, "name": "Ad", "state": "ENABLED"}
    item["creative"] = KINDS[kind][1] | changes
    return brands.one("ads", item, f"/{kind}")["ad"]


def replace(brands, kind, *items):
    path = f"/sb/ads/creatives/{kind}"
    reply = brands.server.call(path, {"ads": list(items)}, media=MEDIA["ads"])
    assert reply.status == 207, reply.body
    return value(reply)["creatives"]


def refused(rows):
    return [
        (row["index"], row["errors"][0]["errorType"], row["errors"][0]["errorValue"]["otherError"])
        for row in rows["error"]
    ]


@observed("newer")
@pytest.mark.parametrize("kind", KINDS)
def test_a_collection_is_shown_as_it_was_created(kind):
    word, creative, page = KINDS[kind]
    brands = Brands()
    made = create(brands, kind)
    plain = {name: member for name, member in creative.items() if name != "landingPage"}
    assert plain.items() <= made["creative"].items()
    assert (made["creative"]["type"], made.get("landingPage")) == (word, page)
    (found,) = value(brands.versions(made["adId"], creativeTypeFilter=[word]))["creatives"]
    assert found["creativeProperties"]["brandName"] == "Bags"
    (listed,) = brands.rows("ads")
    assert listed["creative"] == made["creative"]


@observed("newer")
@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("autoCollection", {"brandName": None}),
        ("autoCollection", {"asinExclusions": ["B000000001"] * 1001}),
        ("manualCollection", {"asins": ["B000000001"] * 2}),
        ("manualCollection", {"asins": ["B000000001"] * 11}),
        ("manualCollection", {"title": "x" * 33}),
        ("manualCollection", {"landingPage": {"pageType": "DETAIL_PAGE"}}),
    ],
)
def test_a_collection_beyond_its_limits_is_refused(kind, changes):
    brands = Brands()
    creative = {k: v for k, v in (KINDS[kind][1] | changes).items() if v is not None}
    item = {"adGroupId": brands.tree()[1], "name": "Ad", "state": "ENABLED", "creative": creative}
    reply = brands.server.call(f"/sb/v4/ads/{kind}", {"ads": [item]}, media=MEDIA["ads"])
    assert (reply.status, value(reply)["code"]) == (400, "INVALID_ARGUMENT")


@observed("newer")
@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_replaces_creatives_once_they_are_reviewed(kind):
    brands = Brands(choices={"review": "passes"})
    own = create(brands, kind)["adId"]
    item = {"adId": own, "creative": KINDS[kind][1] | {"brandName": "Belts"}}
    early = refused(replace(brands, kind, item))
    brands.server.sandbox.clock.advance(4 * DAYS)

    unknown = {"adId": "1", "creative": item["creative"]}
    rows = replace(brands, kind, unknown, item)

    assert [(index, error["reason"]) for index, _, error in early] == [
        (0, "ENTITY_CANNOT_BE_MODIFIED")
    ]
    ((index, _, error),) = refused(rows)
    assert (index, error["reason"]) == (0, "PARENT_ENTITY_NOT_FOUND")
    assert error["cause"] == {"location": "$.ads[0].adId", "trigger": "1"}
    (done,) = rows["success"]
    assert (done["index"], done["adId"]) == (1, own)
    (shown,) = brands.rows("ads")
    assert shown["creative"]["brandName"] == "Belts"
    assert shown["creative"]["creativeVersion"] == done["creativeVersion"]
    assert shown.get("landingPage") == KINDS[kind][2]


@observed("newer")
def test_a_collection_keeps_its_kind():
    brands = Brands(choices={"review": "passes"})
    own = create(brands, "autoCollection")["adId"]
    brands.server.sandbox.clock.advance(4 * DAYS)
    rows = replace(brands, "manualCollection", {"adId": own, "creative": MANUAL})
    assert [error["reason"] for _, _, error in refused(rows)] == ["CREATIVE_TYPE_CANNOT_BE_CHANGED"]


@observed("newer")
def test_a_fault_fails_one_item_of_a_batch():
    brands = Brands(choices={"review": "passes"})
    own = create(brands, "autoCollection")["adId"]
    brands.server.sandbox.clock.advance(4 * DAYS)
    match = Match(operation=("sb.creatives.*.replace",))
    brands.server.plan("partial", effect={"indexes": (0,)}, match=match)
    item = {"adId": own, "creative": AUTO}
    rows = replace(brands, "autoCollection", item)
    assert (rows["success"], [index for index, *_ in refused(rows)]) == ([], [0])


LOGO = {"assetId": "logo", "assetVersion": "7"}
SHARED = {"brand": "Bags", "brandLogos": {**LOGO, "formatProperties": [{"height": 1, "width": 2}]}}
PAGE = {"landingPageType": "STORE", "landingPageUrl": SHOWN["url"]}
GALLERY = {
    "brand": "Bags",
    "brandLogos": [LOGO],
    "headlines": ["Bags for all"],
    "landingPage": PAGE,
    "customImages": [{"assetId": "one", "assetVersion": "3"}],
    "cards": [{"customImage": LOGO, "headline": "Red", "landingPage": PAGE}] * 3,
}
FORMS = {
    "autoCollectionSettings": (
        {"sharedSettings": SHARED, "productExclusions": ASINS},
        "AUTO_COLLECTION",
        "PRODUCT_COLLECTION",
    ),
    "manualCollectionSettings": (
        {
            "sharedSettings": SHARED,
            "productInclusions": ASINS,
            "title": "For school",
            "landingPage": PAGE,
        },
        "MANUAL_COLLECTION",
        "PRODUCT_COLLECTION",
    ),
    "brandGallerySettings": (GALLERY, "BRAND_GALLERY", "STORE_SPOTLIGHT"),
}


def without_review(settings):
    shared = settings.get("sharedSettings")
    if shared:
        settings = settings | {
            "sharedSettings": {k: v for k, v in shared.items() if k != "moderationStatus"}
        }
    return {name: each for name, each in settings.items() if name != "moderationStatus"}


@observed("newer")
@pytest.mark.parametrize("member", FORMS)
def test_the_unified_api_shows_a_collection_as_it_was_written(member):
    settings, word, kind = FORMS[member]
    server = unified.unified_server()
    _, group = tree(server)
    _, errors = unified.send_batch(server, "create/ads", {"ads": [ad(group, member, settings)]})
    assert errors == {}
    (found,) = unified.query_records(server, "ads", unified.SB)
    assert without_review(found["creative"]["componentCreative"][member]) == settings
    (other,) = native(server, "ads")
    assert other["creative"]["type"] == word
    (row,) = exported(server, "ads")
    assert (row["adType"], row["creative"]["brandName"]) == (kind, "Bags")


@observed("newer")
def test_the_unified_api_changes_a_collection_of_the_native_one():
    brands = Brands(choices={"review": "passes"})
    own = create(brands, "manualCollection")["adId"]
    brands.server.sandbox.clock.advance(4 * DAYS)
    settings = {"title": "For work", "sharedSettings": {"brand": "Belts"}}
    item = {
        "adId": own,
        "creative": {"componentCreative": {"manualCollectionSettings": settings}},
    }
    ((changed,), errors) = unified.send_batch(brands.server, "update/ads", {"ads": [item]})
    assert errors == {}
    shown = changed["creative"]["componentCreative"]["manualCollectionSettings"]
    assert (shown["title"], shown["sharedSettings"]["brand"]) == ("For work", "Belts")
    assert [each["productId"] for each in shown["productInclusions"]] == MANUAL["asins"]
    (listed,) = brands.rows("ads")
    assert (listed["creative"]["title"], listed["landingPage"]) == ("For work", SHOWN)


def test_collections_are_in_the_state_of_a_sandbox():
    brands = Brands()
    create(brands, "autoCollection")
    state = read_state(brands.server.sandbox)
    put_state(brands.server.sandbox, brands.server.runtime.resources, state, replace=True)
    (listed,) = brands.rows("ads")
    assert listed["creative"]["asinExclusions"] == AUTO["asinExclusions"]
