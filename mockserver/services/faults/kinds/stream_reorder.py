"""Fault kind ``stream-reorder``: records come in another order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.delivery import Delivery
from adsmock.mockserver.core.effect import setting
from adsmock.mockserver.services.faults.stream_effect import StreamEffect, read_delay


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReorder(StreamEffect):
    """A random delay for each record (seeded), so that newer ones overtake it."""

    kind = "stream-reorder"
    summary = (
        "Spreads records of Marketing Stream at random over `within`, 3 hours by default, so that "
        "newer ones come first."
    )

    within: float = setting(
        "within",
        {
            "type": "string",
            "description": "The longest random delay of a message (`PT3H`), at most `P90D`.",
            "maxLength": 40,
        },
        default=10_800.0,
        read=read_delay("within"),
    )

    def change_delivery(self, delivery: Delivery) -> bool:
        """Delay the record."""
        at = delivery.at + self.within * (1 - seeded_random.unit("reorder", *delivery.seed))
        delivery.messages = [replace(each, at=at) for each in delivery.messages]
        return at > delivery.at
