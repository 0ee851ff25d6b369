"""Brands of a profile, its store, and the products of landing pages."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("brands", "list"): Handler("brands.brands.list_brands"),
    ("brands", "products"): Handler("brands.landing_pages.list_products"),
    ("stores", "list"): Handler("brands.stores.list_stores"),
}
