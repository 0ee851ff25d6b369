"""The products of a landing page: a page of the profile's store, or any page for vendors.

Source: OpenAPI SponsoredBrands 3.0 (documented: members, codes, that vendors may name other pages).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.brands.stores import pages_of, site_of
from adsmock.mockserver.services.request_context import RequestContext

_CUSTOM = 10
"""Products of a page that is not of the store."""
_STORE = "/stores/"


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
    is_own_site = (parts.hostname or "").removeprefix("www.") == site_of(context)
    is_custom = is_own_site and not parts.path.startswith(_STORE)
    return pages[0].asins[:_CUSTOM] if is_custom and context.profile.kind == "vendor" else None
