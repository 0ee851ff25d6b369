"""Brands of sellers and vendors, the store of a brand, and the products of landing pages."""

from functools import cache
from itertools import count

import jsonschema_rs
import pytest

from adsmock.contracts.schema import form_body
from adsmock.mockserver.services.sandboxes.create import ProfileRequest
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import value

NUMBERS = count()
home = cache(fixtures.runtime)


def create_server(kind="seller", country="US"):
    wanted = (ProfileRequest("NA", country, kind),)
    return fixtures.create_server(home(), f"brands{next(NUMBERS)}", profiles=wanted)


def get(own, path, **changes):
    return own.call(path, b"", "GET", media=None, Accept="*/*", **changes)


def products(own, address):
    return value(get(own, f"/pageAsins?pageUrl={address}"))


def store(own):
    (row,) = value(get(own, "/v2/stores"))
    return row


def fits(name, verb, body):
    contract = home().contract_set.by_name[name]
    return jsonschema_rs.validator_for(form_body(contract, f"{verb}.reply")).is_valid(body)


def test_only_a_sellers_brand_has_an_entity_id():
    seller, vendor = create_server(), create_server("vendor")

    (own,), (other,) = value(get(seller, "/brands")), value(get(vendor, "/brands"))

    assert own["brandEntityId"].startswith("ENTITY")
    assert set(own) - set(other) == {"brandEntityId"}
    assert fits("brands", "list", [own, other])


def test_the_brand_is_that_of_the_products_and_the_store():
    own = create_server()
    (brand,) = value(get(own, "/brands"))
    media = "application/vnd.productmetadatarequest.v1+json"
    body = {"pageIndex": 0, "pageSize": 1}
    found = value(own.call("/product/metadata", body, media=media, Accept="*/*"))

    assert found["ProductMetadataList"][0]["brand"] == brand["brandRegistryName"]
    assert store(own)["brandEntityId"] == brand["brandEntityId"]
    assert store(own)["storeName"] == brand["brandRegistryName"]


def test_the_service_answers_with_the_media_type_that_was_seen():
    own = create_server()
    types = [get(own, path).content_type for path in ("/brands", "/v2/stores")]
    assert types == ["application/vnd.brand.v3+json", "application/json"]
    assert own.call("/brands", b"", "GET", media="application/json").status == 406


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("brandRegistry", 1), ("bookAuthor", 0), ("bookAuthor,brandRegistry", 1)],
)
def test_brands_are_filtered_by_type(wanted, found):
    own = create_server()
    assert len(value(get(own, f"/brands?brandTypeFilter={wanted}"))) == found


def test_an_unknown_type_of_brand_is_refused():
    own = create_server()
    refused = get(own, "/brands?brandTypeFilter=publisher")
    assert refused.status == 400
    assert "publisher" in value(refused)["details"]


def test_the_pages_of_a_store_have_products_of_the_catalog():
    own = create_server(country="MX")
    row = store(own)
    pages = [products(own, page["storePageUrl"]) for page in row["storePageInfo"]]

    assert fits("stores", "list", [row])
    assert all(fits("brands", "products", page) for page in pages)
    assert {page["code"] for page in pages} == {"SUCCESS"}
    whole, *categories = [set(page["asinList"]) for page in pages]
    assert len(whole) == 60
    assert all(each and each < whole for each in categories)
    assert row["storePageInfo"][0]["storePageUrl"].startswith(
        "https://www.amazon.com.mx/stores/page/"
    )


@pytest.mark.parametrize("kind", ["seller", "vendor"])
@pytest.mark.parametrize(
    "address", ["https://www.amazon.de/stores/page/1", "x", "https://[", "https://example.com/a"]
)
def test_an_address_that_is_no_landing_page_is_answered_with_a_code(kind, address):
    reply = get(create_server(kind), f"/pageAsins?pageUrl={address}")
    assert (reply.status, value(reply)["code"]) == (200, "INVALID_ARGUMENT")
    assert "asinList" not in value(reply)


def test_only_vendors_may_name_a_page_of_their_own():
    address = "https://www.amazon.com/b?node=1"
    codes = [products(create_server(kind), address)["code"] for kind in ("vendor", "seller")]
    assert codes == ["SUCCESS", "INVALID_ARGUMENT"]


def test_a_page_that_the_store_does_not_list_has_some_of_its_products():
    own = create_server()
    listed = store(own)["storePageInfo"][0]["storePageUrl"]
    other = products(own, "https://www.amazon.com/stores/page/1")
    assert other["code"] == "SUCCESS"
    assert set(other["asinList"]) < set(products(own, listed)["asinList"])


def test_an_address_is_required():
    refused = get(create_server(), "/pageAsins")
    assert refused.status == 400
    assert "pageUrl" in value(refused)["details"]
