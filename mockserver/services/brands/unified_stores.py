"""Brand stores of the unified API: the store of ``/v2/stores``, its edition, version and pages.

Source: Amazon Ads API ALL Merged of 2026-08 (documented: members, filters). Assumed: one edition
and one version for each store.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.brands.stores import Page, pages_of
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import brand_name
from adsmock.mockserver.services.verbs.record_store import Record, find, keep
from adsmock.mockserver.services.verbs.unified_batch import RefusedItem, page_of, run_batch

_EDITION: Final = "Default"
_VERSION: Final = "brandStoreEditionPublishVersion"
_GRID: Final = "PRODUCT_GRID"
_MOST = 50
_MOST_STORES = 30
_MOST_PRODUCTS = 500
_STATUSES = {"DRAFT": "DRAFT", "PUBLISH": "REVIEW_IN_PROGRESS"}


def query_stores(context: RequestContext) -> Document:
    """Return the profile's store if its name has the words of the filter.

    Raises:
        ApiError: 400; the token is not of this query.
    """
    name = brand_name(context.sandbox, context.profile)
    (wanted,) = context.body["storeNameFilter"]["include"]
    pages = [{"tag": page.id, "title": page.name} for page in pages_of(context)]
    store = {"pageInfos": pages, "storeId": _id(context, "store"), "storeName": name}
    found = [store] if wanted.casefold() in name.casefold() else []
    return page_of(context, "brandStores", found, _MOST_STORES)


def list_editions(context: RequestContext) -> Document:
    """Return the edition of the store that the query string names."""
    store = _id(context, "store")
    edition = {"editionId": _id(context, "edition"), "editionName": _EDITION, "storeId": store}
    is_known = context.parameters.get("brandStoreId") == store
    return Document({"brandStoreEditions": [edition] if is_known else []})


def query_versions(context: RequestContext) -> Document:
    """Return the version to publish if all filters name it.

    Raises:
        ApiError: 400; the token is not of this query.
    """
    version = _version(context)
    members = ("storeId", "editionId", "publishStatus")
    found = [version] if _fits(context.body, version, members) else []
    return page_of(context, f"{_VERSION}s", found, _MOST)


def publish_versions(context: RequestContext) -> Document:
    """Publish the version of the store, or make it a draft again."""
    return run_batch(context, f"{_VERSION}s", _VERSION, lambda item: _publish(context, item))


def query_pages(context: RequestContext) -> Document:
    """Return the page that all filters name, with its products.

    Raises:
        ApiError: 400; the token is not of this query.
    """
    rows = [_page(context, page) for page in pages_of(context)]
    members = ("storeId", "editionId", "pageId", "storeEditionPublishId")
    found = [row for row in rows if _fits(context.body, row, members)]
    return page_of(context, "brandStorePages", found, _MOST)


def _fits(body: Record, row: Record, members: Iterable[str]) -> bool:
    """Say whether each filter of a body has the row's value of its member."""
    filters = ((body.get(f"{member}Filter"), row[member]) for member in members)
    return all(value in each["include"] for each, value in filters if each)


def _id(context: RequestContext, kind: str) -> str:
    seed = (context.sandbox.seed, "brandStore", kind, context.profile.id)
    return seeded_random.uuid(*seed).upper()


def _version(context: RequestContext) -> Record:
    version = _id(context, "version")
    kept = find(context, version)
    state = kept[1]["publishState"] if kept else "DRAFT"
    return {
        "editionId": _id(context, "edition"),
        "pages": [{"pageId": page.id, "version": 1} for page in pages_of(context)],
        "publishState": state,
        "publishStatus": _STATUSES[state],
        "storeEditionPublishId": version,
        "storeId": _id(context, "store"),
    }


def _publish(context: RequestContext, item: Record) -> Record:
    version = _version(context)
    for member in ("storeEditionPublishId", "storeId", "editionId"):
        if item.get(member, version[member]) != version[member]:
            text = f"Nothing has the id {item[member]}"
            raise RefusedItem("RESOURCE_ID_NOT_FOUND", text, member)
    state = item.get("publishState", version["publishState"])
    keep(context, version["storeEditionPublishId"], {"publishState": state})
    return _version(context)


def _page(context: RequestContext, page: Page) -> Record:
    tag = f"{_GRID.lower()}_1"
    grid = {
        "commonProperties": {"sectionType": _GRID, "widgetTag": tag, "widgetType": _GRID},
        "content": {"productAsins": list(page.asins[:_MOST_PRODUCTS]), "title": page.name},
    }
    return {
        "content": {
            "template": _GRID,
            "title": page.name,
            "widgets": [{"storeProductGridWidget": grid}],
        },
        "editionId": _id(context, "edition"),
        "pageId": page.id,
        "pageType": "BRAND_STORE_PAGE",
        "storeEditionPublishId": _id(context, "version"),
        "storeId": _id(context, "store"),
    }
