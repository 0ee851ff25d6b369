"""Brand stores of the unified API agree with the store of the older one."""

from functools import cache
from itertools import count

import jsonschema_rs
import pytest

from adsmock.contracts.schema import form_body
from adsmock.mockserver.services.sandboxes.identities import brand_name
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import contract_set, value

NUMBERS = count()
home = cache(fixtures.runtime)
VERSIONS = "brandStoreEditionPublishVersions"


def create_server():
    return fixtures.create_server(home(), f"unifiedStores{next(NUMBERS)}")


def ask(own, verb, path, body=None, **call):
    reply = own.call(path, body, media="application/json", **call)
    assert reply.status == (207 if verb == "publish" else 200), reply.body
    schema = form_body(contract_set().by_name["brandStores"], f"{verb}.reply")
    jsonschema_rs.validate(schema, value(reply))
    return value(reply)


def get(own, path):
    reply = own.send("GET", path, b"", own.headers(media=""))
    assert reply.status == 200, reply.body
    return value(reply)


def filters(**values):
    return {f"{name}Filter": {"include": [each]} for name, each in values.items()}


def stores(own, name):
    body = filters(storeName=name)
    return ask(own, "query", "/adsApi/v1/query/brandStores", body)["brandStores"]


def editions(own, store):
    path = f"/adsApi/v1/brandStoreEditions?brandStoreId={store}"
    return ask(own, "editions", path, method="GET")["brandStoreEditions"]


def home_of(own):
    (store,) = stores(own, brand_name(own.sandbox, own.profile()))
    (edition,) = editions(own, store["storeId"])
    return store, edition


def versions(own, status):
    store, edition = home_of(own)
    named = {"storeId": store["storeId"], "editionId": edition["editionId"]}
    body = filters(**named, publishStatus=status)
    return ask(own, "versions", f"/adsApi/v1/query/{VERSIONS}", body)[VERSIONS]


def publish(own, version, state):
    item = {"storeEditionPublishId": version, "publishState": state}
    path = f"/adsApi/v1/update/{VERSIONS}"
    return ask(own, "publish", path, {VERSIONS: [item]})


def pages(own, page, **changes):
    store, edition = home_of(own)
    named = {"storeId": store["storeId"], "editionId": edition["editionId"], "pageId": page}
    body = filters(**named | changes)
    return ask(own, "pages", "/adsApi/v1/query/brandStorePages", body)["brandStorePages"]


def test_pages_are_those_of_the_older_api_with_the_same_products():
    own = create_server()
    store, _ = home_of(own)
    (older,) = get(own, "/v2/stores")
    shown = [(each["tag"], each["title"]) for each in store["pageInfos"]]
    listed = older["storePageInfo"]
    assert shown == [(each["storePageId"], each["storePageName"]) for each in listed]
    (page,) = pages(own, listed[1]["storePageId"])
    (widget,) = page["content"]["widgets"]
    products = widget["storeProductGridWidget"]["content"]["productAsins"]
    url = listed[1]["storePageUrl"]
    reply = get(own, f"/pageAsins?pageUrl={url}")
    assert products == reply["asinList"]


def test_a_version_that_is_published_is_in_review_and_can_be_a_draft_again():
    own = create_server()
    (draft,) = versions(own, "DRAFT")
    assert versions(own, "REVIEW_IN_PROGRESS") == []
    reply = publish(own, draft["storeEditionPublishId"], "PUBLISH")
    (row,) = reply["success"]
    assert row["brandStoreEditionPublishVersion"]["publishStatus"] == "REVIEW_IN_PROGRESS"
    (read,) = versions(own, "REVIEW_IN_PROGRESS")
    assert read == row["brandStoreEditionPublishVersion"]
    publish(own, draft["storeEditionPublishId"], "DRAFT")
    assert versions(own, "DRAFT") == [draft]


def test_an_unknown_version_is_refused_at_its_member():
    (row,) = publish(create_server(), "none", "PUBLISH")["error"]
    (error,) = row["errors"]
    assert error["code"] == "RESOURCE_ID_NOT_FOUND"
    assert error["fieldLocation"] == f"{VERSIONS}[0].storeEditionPublishId"


def test_unknown_names_and_ids_are_answered_without_rows():
    own = create_server()
    assert stores(own, "nothing like it") == []
    assert editions(own, "none") == []
    assert pages(own, "none") == []
    (first, *_) = home_of(own)[0]["pageInfos"]
    assert pages(own, first["tag"], storeEditionPublishId="none") == []


@pytest.mark.parametrize("missing", ["storeIdFilter", "pageIdFilter"])
def test_a_query_of_pages_without_a_filter_is_refused(missing):
    body = filters(storeId="a", editionId="b", pageId="c")
    del body[missing]
    reply = create_server().call("/adsApi/v1/query/brandStorePages", body, media="application/json")
    assert reply.status == 400
    assert missing in str(value(reply))
