"""Fault kind ``stream-drop``: a record never comes."""

from __future__ import annotations

from adsmock.mockserver.core.delivery import Delivery
from adsmock.mockserver.services.faults.stream_effect import StreamEffect


class StreamDrop(StreamEffect):
    """A lost record. Amazon promises that none is lost: it proves that a loss is noticed."""

    kind = "stream-drop"
    summary = (
        "Loses a record of Marketing Stream, so that sums differ from the report. Amazon delivers "
        "at least once: use it to prove that your checks notice."
    )

    def change_delivery(self, delivery: Delivery) -> bool:
        """Send nothing."""
        delivery.messages.clear()
        return True
