"""Brands of a profile, its store, and the products of landing pages."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("brands", "list"): Handler("brands.brands.list_brands"),
    ("brands", "products"): Handler("brands.landing_pages.list_products"),
    ("brandStores", "editions"): Handler("brands.unified_stores.list_editions"),
    ("brandStores", "pages"): Handler("brands.unified_stores.query_pages"),
    ("brandStores", "publish"): Handler("brands.unified_stores.publish_versions", commits=True),
    ("brandStores", "query"): Handler("brands.unified_stores.query_stores"),
    ("brandStores", "versions"): Handler("brands.unified_stores.query_versions"),
    ("stores", "list"): Handler("brands.stores.list_stores"),
}
