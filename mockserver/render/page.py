"""A page of a list, joined from rendered entities.

Source: campaign management reference 2.4 (documented: members; observed: no token at the end).
"""

from __future__ import annotations

import orjson

from adsmock.contracts.model import Contract
from adsmock.mockserver.core.outcome import Listing


def render(contract: Contract, listing: Listing) -> bytes:
    """Return ``{key: [...], nextToken?, totalResults?}`` with the contract's own names.

    Without a key the rows are the whole body. A cached listing is rendered once.
    """
    if not listing.rendered:
        listing.rendered = _join(contract, listing)
    return listing.rendered


def _join(contract: Contract, listing: Listing) -> bytes:
    page = contract.page
    assert page is not None
    if not page.key:
        return _rows(b"[", listing.bodies, b"]")
    tail = b"]"
    if listing.token is not None:
        tail += b',"%b":%b' % (page.token.encode(), orjson.dumps(listing.token))
    if page.total is not None:
        tail += b',"%b":%d' % (page.total.encode(), listing.total)
    return _rows(b'{"%b":[' % page.key.encode(), listing.bodies, tail + b"}")


def _rows(head: bytes, bodies: list[bytes], tail: bytes) -> bytes:
    """Return the rows between head and tail, copied once: a page has tens of kilobytes."""
    if not bodies:
        return head + tail
    rows = bodies.copy()
    rows[0] = head + rows[0]
    rows[-1] += tail
    return b",".join(rows)
