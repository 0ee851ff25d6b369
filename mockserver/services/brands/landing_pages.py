"""The products of a landing page: a page of the profile's store, or any page for vendors.

Source: OpenAPI SponsoredBrands 3.0 (documented: members, codes, that vendors may name other pages).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.brands.stores import pages_of, site_of
from adsmock.mockserver.services.request_context import RequestContext

_OTHER = 10
"""Products of a page that `/v2/stores` does not list."""
_STORE = "/stores/page/"


def list_products(context: RequestContext) -> Document:
    """Return the products of an address.

    Raises:
        ApiError: 400; there is no address.
    """
    address = context.parameters.get("pageUrl")
    if not address:
        raise ApiError("invalid", 400, message="pageUrl is required")
    asins = _products(context, address)
    if asins is None:
        text = f"The address is not a valid landing page: {address}"
        return Document({"code": "INVALID_ARGUMENT", "details": text})
    return Document({"code": "SUCCESS", "asinList": list(asins)})


def _products(context: RequestContext, address: str) -> tuple[str, ...] | None:
    """Return the products of an address, None if it is no landing page of the profile."""
    pages = pages_of(context)
    for page in pages:
        if page.id in address.upper():
            return page.asins
    try:
        parts = urlsplit(address)
    except ValueError:  # such as an open bracket in the host
        return None
    if (parts.hostname or "").removeprefix("www.") != site_of(context):
        return None
    is_allowed = parts.path.startswith(_STORE) or context.profile.kind == "vendor"
    return pages[0].asins[:_OTHER] if is_allowed else None
