"""Families that the service has besides campaigns: row 16."""

import pytest

from tests.unit.mockserver.fixtures import create_server, value
from tests.unit.mockserver.observed.rows import observed
from tests.unit.mockserver.services.assets import uploads as assets

HOME = "https://www.amazon.com/stores/page/"


def get(server, path):
    return value(server.call(path, b"", "GET", media=None, Accept="*/*"))


@observed("16")
@pytest.mark.parametrize("path", ["/brands", "/v2/stores"])
def test_a_brand_is_found_with_its_entity_id(path):
    (row,) = get(create_server(), path)
    assert row["brandEntityId"].startswith("ENTITY")


@observed("16")
def test_the_products_of_a_store_page_are_listed():
    server = create_server()
    (store,) = get(server, "/v2/stores")
    page = store["storePageInfo"][0]

    reply = get(server, f"/pageAsins?pageUrl={page['storePageUrl']}")

    assert (page["storePageName"], reply["code"]) == ("Home", "SUCCESS")
    assert page["storePageUrl"] == HOME + page["storePageId"]
    assert all(asin.startswith("B0") for asin in reply["asinList"])


@observed("16")
def test_locations_are_found_by_a_part_of_their_name():
    filters = [
        {"field": "name", "values": ["New Yor"]},
        {"field": "category", "values": ["STATE"]},
    ]
    reply = create_server().call("/locations/list", {"filters": filters}, media="application/json")
    (row,) = value(reply)["locations"]
    assert (row["category"], row["name"]) == ("STATE", "New York, US")


@observed("16")
def test_an_asset_is_registered_in_the_form_that_was_seen():
    server = assets.create_server()
    reply = assets.register(server, assets.upload(server))
    assert reply.content_type == "application/json"
    assert value(reply) | {"assetId": ""} == {
        "assetId": "",
        "failedSpecChecks": [],
        "programPolicyValidationsList": None,
        "versionId": "version_v1",
    }
    assert value(reply)["assetId"].startswith("amzn1.assetlibrary.asset1.")


@observed("16")
def test_images_of_the_library_are_assets_of_the_store():
    server = assets.create_server()
    (brand,) = [row["brandEntityId"] for row in get(server, "/brands")]
    logo = assets.registered(server)
    picture = assets.registered(server, name="bag", assetSubTypeList=["LIFESTYLE_IMAGE"])
    listed = get(server, f"/stores/assets?brandEntityId={brand}")
    assert [(row["assetID"], row["mediaType"]) for row in listed] == [
        (logo, "brandLogo"),
        (picture, "image"),
    ]
    assert {row["url"].partition("://")[0] for row in listed} == {"https"}
    assert get(server, f"/stores/assets?brandEntityId={brand}&mediaType=brandLogo") == listed[:1]
    assert get(server, "/stores/assets?brandEntityId=ENTITY0") == []
    for query in ("", f"?brandEntityId={brand}&mediaType=video"):
        reply = server.call(f"/stores/assets{query}", b"", "GET", media=None, Accept="*/*")
        assert reply.status == 400
