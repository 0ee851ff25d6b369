"""Fault kind ``stream-unconfirmed``: the confirmation message is lost or late."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from adsmock.mockserver.core.delivery import Delivery
from adsmock.mockserver.core.effect import Subject
from adsmock.mockserver.services.faults.stream_effect import DelayedEffect


class StreamUnconfirmed(DelayedEffect):
    """A subscription that waits for its confirmation in vain: it fails after three days."""

    kind = "stream-unconfirmed"
    acts_on: ClassVar[tuple[Subject, ...]] = ("confirmation",)
    summary = (
        "Loses the confirmation message of a subscription of Marketing Stream; with `delay` it "
        "comes late. The subscription becomes FAILED_CONFIRMATION after three days."
    )

    def change_delivery(self, delivery: Delivery) -> bool:
        """Send nothing, or later."""
        at = self.due(delivery)
        if self.delay is None:
            delivery.messages.clear()
        else:
            delivery.messages = [replace(each, at=at) for each in delivery.messages]
        return self.delay is None or at > delivery.at
