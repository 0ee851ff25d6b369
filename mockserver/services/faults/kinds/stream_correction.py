"""Fault kind ``stream-correction``: too much is counted at first, and taken back later."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.delivery import Delivery, Outgoing
from adsmock.mockserver.core.effect import setting
from adsmock.mockserver.services.faults.stream_effect import DelayedEffect, with_new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamCorrection(DelayedEffect):
    """An hourly delta that is too high, and a negative one that takes the excess back.

    All records together have the sums of the report.

    Source: Ads docs, data-guide (documented: negative deltas are valid; a restatement has a new
    ``idempotency_id``).
    """

    kind = "stream-correction"
    summary = (
        "Raises an hourly delta of Marketing Stream by `share`, half by default, and takes the "
        "excess back with a negative delta `delay` later, 24 hours by default."
    )
    default_delay = 86_400.0

    share: float = setting(
        "share",
        {
            "type": "number",
            "description": "The excess as a share of each number of the record.",
            "exclusiveMinimum": 0,
            "maximum": 10,
        },
        default=0.5,
    )

    def change_delivery(self, delivery: Delivery) -> bool:
        """Raise the numbers; a record without positive numbers stays as it is."""
        excess = {
            name: ceil(round(delivery.value[name] * units) * self.share)
            for name, units in delivery.measures.items()
            if delivery.value.get(name, 0) > 0
        }
        if not excess:
            return False
        raised, taken = dict(delivery.value), {}
        for name, number in excess.items():
            units = delivery.measures[name]
            raised[name] = _number(round(raised[name] * units) + number, units)
            taken[name] = _number(-number, units)
        new_id = seeded_random.uuid("correction", *delivery.seed)
        zeros = {name: 0 for name in delivery.measures if name in delivery.value}
        correction = with_new_id(delivery.value, new_id) | zeros | taken
        delivery.messages = [
            Outgoing(raised, delivery.at),
            Outgoing(correction, self.due(delivery)),
        ]
        return True


def _number(amount: int, units: int) -> float:
    return amount if units == 1 else amount / units
