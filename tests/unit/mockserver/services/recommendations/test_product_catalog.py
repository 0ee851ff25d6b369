"""Recommended products, categories and brands come from the seeded catalog."""

from functools import cache

import orjson
import pytest

from tests.unit.mockserver.services.recommendations.questions import ASIN, account

PRODUCTS = "application/vnd.spproductrecommendation.v3+json"
TARGETING = "application/vnd.spproducttargeting.v3+json"

home = cache(account)


def value(reply):
    return orjson.loads(reply.body)


def test_products_are_walked_by_cursor_and_are_the_catalog():
    path, media = "/sp/targets/products/recommendations", PRODUCTS
    accept = "application/vnd.spproductrecommendationresponse.asins.v3+json"
    found, cursor = [], {}
    while True:
        body = {"adAsins": [ASIN], "count": 25} | cursor
        page = value(home().send(path, body, media=media, accept=accept))
        found += [row["recommendedAsin"] for row in page["recommendations"]]
        if page["nextCursor"] is None:
            break
        cursor = {"cursor": page["nextCursor"]}
    asked = {"pageIndex": 0, "pageSize": 300}
    kind = "application/vnd.productmetadatarequest.v1+json"
    listed = value(home().send("/product/metadata", asked, media=kind, accept="*/*"))
    assert sorted(found) == sorted(row["asin"] for row in listed["ProductMetadataList"])
    bad = home().send(path, {"adAsins": [ASIN], "cursor": "x"}, media=media, accept=accept)
    assert bad.status == 400


@pytest.mark.parametrize("asin", ["b0aaaaaaa1", "B0AAAAAAA", "B0AAAAAAA-"])
def test_what_is_no_asin_is_refused_where_products_are_known(asin):
    accept = "application/vnd.spproductrecommendationresponse.asins.v3+json"
    path = "/sp/targets/products/recommendations"
    reply = home().send(path, {"adAsins": [asin]}, media=PRODUCTS, accept=accept)
    assert reply.status == 422


def test_a_recommended_category_is_in_the_tree_and_has_refinements():
    accept = "application/vnd.spproducttargetingresponse.v5+json"
    body = {"asins": [ASIN]}
    path = "/sp/targets/categories/recommendations"
    (row,) = value(home().send(path, body, media=TARGETING, accept=accept))["categories"]
    raw = home().send("/sp/targets/categories", b"", "GET", "application/json", accept)
    tree = orjson.loads(value(raw)["categoryTree"])
    above = next(each for each in tree if each["id"] == row["parentCategoryId"])
    assert row["id"] in {each["id"] for each in above["ch"]}
    assert row["categoryPath"] == f"/{above['na']}/{row['name']}"

    toys = next(each for each in tree if each["na"] == "Toys & Games")
    shown = "application/vnd.spproducttargetingresponse.v4+json"
    own_ages = 5 if above is toys else 0
    for each, ages in ((row["id"], own_ages), (toys["id"], 5)):
        path = f"/sp/targets/category/{each}/refinements"
        reported = value(home().send(path, b"", "GET", "application/json", shown))
        assert len(reported["ageRanges"]) == ages
        assert len(reported["brands"]) == 10


def test_brands_have_the_same_ids_in_each_family_and_can_be_searched():
    kind = "application/vnd.spproducttargetingresponse.v3+json"
    path = "/sp/negativeTargets/brands/recommendations"
    rows = value(home().send(path, b"", "GET", "application/json", kind))
    path = "/sb/negativeTargets/brands/recommendations"
    others = value(home().send(path, b"", "GET", "application/json", "*/*"))["brands"]
    assert [row["id"] for row in rows] == [row["brandRefinementId"] for row in others]
    path, body = "/sp/negativeTargets/brands/search", {"keyword": rows[0]["name"]}
    found = value(home().send(path, body, media=TARGETING, accept=kind))
    assert rows[0] in found


def test_the_flat_tree_of_brands_is_asked_by_level():
    def nodes(query):
        path = f"/sb/targets/categories?supplySource=AMAZON{query}"
        return value(home().send(path, b"", "GET", "application/json", "*/*"))["categoryTree"]

    roots = nodes("&includeOnlyRootCategories=true")
    assert all("parentCategoryRefinementId" not in row for row in roots)
    below = nodes(f"&parentCategoryRefinementId={roots[0]['categoryRefinementId']}")
    assert {row["parentCategoryRefinementId"] for row in below} == {
        roots[0]["categoryRefinementId"]
    }
    assert len(nodes("")) > len(roots) + len(below)


@pytest.mark.parametrize(
    "query", ["", "?supplySource=RADIO", "?supplySource=AMAZON&includeOnlyRootCategories=maybe"]
)
def test_a_query_that_breaks_a_parameter_is_refused(query):
    reply = home().send(f"/sb/targets/categories{query}", b"", "GET", "application/json", "*/*")
    assert reply.status == 400


@pytest.mark.parametrize(
    ("method", "path", "accept"),
    [
        ("GET", "/sp/targets/categories", "application/json"),
        ("GET", "/sp/targets/categories", TARGETING),
        ("GET", "/sp/targets/category/1/refinements", TARGETING),
        ("GET", "/sp/negativeTargets/brands/recommendations", TARGETING),
        ("POST", "/sp/targets/categories/recommendations", TARGETING),
        ("POST", "/sp/targets/products/count", TARGETING),
        ("POST", "/sp/targets/products/recommendations", PRODUCTS),
    ],
)
def test_clients_may_ask_with_the_type_of_the_request(method, path, accept):
    bodies = {"count": {"category": "1"}, "recommendations": {"asins": [ASIN], "adAsins": [ASIN]}}
    body = bodies[path.rpartition("/")[2]] if method == "POST" else b""
    media = PRODUCTS if "products/rec" in path else TARGETING
    reply = home().send(path, body, method, media, accept)
    assert (reply.status, reply.content_type) == (200, accept)


def test_the_tree_is_reported_under_the_name_that_was_seen_too():
    found = value(home().send("/sp/targets/categories", b"", "GET", accept="application/json"))
    assert found["CategoryTree"] == found["categoryTree"]
