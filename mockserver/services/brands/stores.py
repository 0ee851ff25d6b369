"""The store of a profile's brand, with the products of each page.

Source: a saved reply of Amazon's Postman collection (observed: members). Assumed: the pages.
"""

from __future__ import annotations

from dataclasses import dataclass

from adsmock.mockserver.catalog.locales import SITES
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.products import product_metadata
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import (
    advertiser_entity_id,
    brand_entity_id,
    brand_name,
)

_HOME = "Home"
_CATEGORIES = 3
"""Pages besides the home page."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a store: its id, address, name and products."""

    id: str
    url: str
    name: str
    asins: tuple[str, ...]


def list_stores(context: RequestContext) -> Document:
    """Return the profile's store with its pages."""
    sandbox, profile = context.sandbox, context.profile
    pages = [
        {"storePageId": page.id, "storePageUrl": page.url, "storePageName": page.name}
        for page in pages_of(context)
    ]
    row = {
        "code": "SUCCESS",
        "entityId": advertiser_entity_id(sandbox, profile),
        "storeName": brand_name(sandbox, profile),
        "storePageInfo": pages,
    }
    entity_id = brand_entity_id(sandbox, profile)
    return Document([row | ({"brandEntityId": entity_id} if entity_id else {})])


def pages_of(context: RequestContext) -> list[Page]:
    """Return the pages of the profile's store: home with all products, then categories."""
    by_category: dict[str, list[str]] = {}
    asins = product_metadata.codes(context)
    for asin in asins:
        by_category.setdefault(product_metadata.noun(context, asin), []).append(asin)
    named = [(_HOME, asins), *list(by_category.items())[:_CATEGORIES]]
    return [_page(context, name, tuple(products)) for name, products in named]


def _page(context: RequestContext, name: str, asins: tuple[str, ...]) -> Page:
    seed = (context.sandbox.seed, "storePage", context.profile.id, name)
    page_id = seeded_random.uuid(*seed).upper()
    return Page(page_id, f"https://www.{site_of(context)}/stores/page/{page_id}", name, asins)


def site_of(context: RequestContext) -> str:
    """Return the domain of the profile's marketplace."""
    return SITES[context.profile.country]
