"""Fault kind ``stream-suspended``: a subscription ends, because its user lost access."""

from __future__ import annotations

from adsmock.mockserver.core.delivery import Delivery
from adsmock.mockserver.services.faults.stream_effect import StreamEffect


class StreamSuspended(StreamEffect):
    """A subscription that becomes SUSPENDED when its next record is due.

    Source: Ads docs, managing-subscriptions (documented: SUSPENDED is final; subscribe again).
    """

    kind = "stream-suspended"
    summary = (
        "Suspends a subscription of Marketing Stream instead of delivering its next record. That "
        "is final: subscribe again."
    )

    def change_delivery(self, delivery: Delivery) -> bool:
        """Suspend the subscription."""
        delivery.is_suspended = True
        return True
