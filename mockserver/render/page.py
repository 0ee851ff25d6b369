"""A page of a list, joined from rendered entities.

Knows the envelope of a page. Must not know any resource by name.

Source: campaign management reference 2.4 (documented: members; observed: no token at the end).
"""

from __future__ import annotations

import orjson

from contracts.form import Contract
from mockserver.core.outcome import Listing


def render(contract: Contract, listing: Listing) -> bytes:
    """Return ``{key: [...], nextToken?, totalResults?}`` with the contract's own names.

    Without a key the rows are the whole body. A listing that is kept is rendered once.
    """
    if not listing.rendered:
        listing.rendered = _join(contract, listing)
    return listing.rendered


def _join(contract: Contract, listing: Listing) -> bytes:
    page = contract.page
    assert page is not None
    if not page.key:
        return b"[%b]" % b",".join(listing.bodies)
    tail = b"]"
    if listing.token is not None:
        tail += b',"%b":%b' % (page.token.encode(), orjson.dumps(listing.token))
    if page.total is not None:
        tail += b',"%b":%d' % (page.total.encode(), listing.total)
    # Two copies of the rows, not four: a page of a hundred is tens of kilobytes.
    return b"".join((b'{"%b":[' % page.key.encode(), b",".join(listing.bodies), tail, b"}"))
