"""Compare bids with the limits of their marketplace before they are sent.

Source: WAF, campaign management, bid thresholds; concepts/limits (documented).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .api import Api
from .multistatus import ItemError
from .routing import Router

BIDS = ("bid", "defaultBid")


class BidCheck:
    """The bid limits of every marketplace."""

    def __init__(self, api: Api, router: Router) -> None:
        self._limits = api.bid_limits
        self._router = router

    def bid_error(self, profile: str, item: Any) -> ItemError | None:
        """Return the error that the service would report for an item's bid, or None.

        Nothing is checked for a profile of an unknown country.
        """
        limits = self._limits.get(self._router.country_of(profile) or "")
        if limits is None or not isinstance(item, dict):
            return None
        for name, bid in _bids(item).items():
            if not limits.minimum <= bid <= limits.maximum:
                allowed = f"{limits.minimum:g} to {limits.maximum:g} {limits.currency}"
                reason = "BID_OUT_OF_MARKET_PLACE_RANGE"
                return ItemError("biddingError", reason, f"{name} {bid:g} is outside {allowed}")
        return None


def _bids(item: Mapping[str, Any]) -> dict[str, float]:
    found = {name: item.get(name) for name in BIDS}
    return {name: float(bid) for name, bid in found.items() if isinstance(bid, int | float)}
