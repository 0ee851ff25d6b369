"""Fault kind ``stream-duplicate``: a record comes more than once."""

from __future__ import annotations

from dataclasses import dataclass

from adsmock.mockserver.core.delivery import Delivery, Outgoing
from adsmock.mockserver.core.effect import setting
from adsmock.mockserver.services.faults.stream_effect import DelayedEffect


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamDuplicate(DelayedEffect):
    """Copies of a message, with the same body and another message id.

    Source: Ads docs, data-guide (documented: delivery at least once, duplicates share their
    ``idempotency_id``).
    """

    kind = "stream-duplicate"
    summary = (
        "Delivers a record of Marketing Stream `copies` more times, `delay` later, with the same "
        "`idempotency_id`."
    )

    copies: int = setting(
        "copies",
        {
            "type": "integer",
            "description": "How many more times the message comes.",
            "minimum": 1,
            "maximum": 20,
        },
        default=1,
    )

    def change_delivery(self, delivery: Delivery) -> bool:
        """Add the copies."""
        copy = Outgoing(delivery.value, self.due(delivery))
        delivery.messages += [copy] * self.copies
        return True
