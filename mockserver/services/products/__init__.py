"""Product metadata and eligibility."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("products", "search"): Handler("products.product_metadata.search"),
    ("products", "eligibility"): Handler("products.product_metadata.eligibility"),
    ("products", "programs"): Handler("products.product_metadata.programs"),
}
