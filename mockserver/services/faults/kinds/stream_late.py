"""Fault kind ``stream-late``: a record comes long after it was due."""

from __future__ import annotations

from dataclasses import replace

from adsmock.mockserver.core.delivery import Delivery
from adsmock.mockserver.services.faults.stream_effect import DelayedEffect


class StreamLate(DelayedEffect):
    """A late record, six hours unless ``delay`` says otherwise."""

    kind = "stream-late"
    summary = "Delivers a record of Marketing Stream `delay` after it is due, 6 hours by default."
    default_delay = 21_600.0

    def change_delivery(self, delivery: Delivery) -> bool:
        """Delay the record; a delay of zero changes nothing."""
        at = self.due(delivery)
        delivery.messages = [replace(each, at=at) for each in delivery.messages]
        return at > delivery.at
