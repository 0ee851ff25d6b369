"""Fault kind ``stream-burst``: the same numbers in many more messages."""

from __future__ import annotations

from dataclasses import dataclass

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.delivery import Delivery, Outgoing
from adsmock.mockserver.core.effect import setting
from adsmock.mockserver.services.faults.stream_effect import StreamEffect, with_new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamBurst(StreamEffect):
    """An hourly delta in ``factor`` parts, each a record with an id of its own.

    All parts together have the numbers of the record. Parts of small numbers are zero, which
    consumers ignore.

    Source: Ads docs, FAQ (documented: records of zeros occur and are to be ignored).
    """

    kind = "stream-burst"
    summary = (
        "Divides an hourly delta of Marketing Stream into `factor` messages, 10 by default, whose "
        "sum is the same: the load of a peak event."
    )

    factor: int = setting(
        "factor",
        {
            "type": "integer",
            "description": "Into how many messages a record is divided.",
            "minimum": 2,
            "maximum": 100,
        },
        default=10,
    )

    def change_delivery(self, delivery: Delivery) -> bool:
        """Divide the record; one of a dataset without sums stays as it is."""
        units = {name: each for name, each in delivery.measures.items() if name in delivery.value}
        if not units:
            return False
        delivery.messages = [
            Outgoing(self._part(delivery, units, place), delivery.at)
            for place in range(self.factor)
        ]
        return True

    def _part(self, delivery: Delivery, units: dict[str, int], place: int) -> dict[str, object]:
        value = with_new_id(delivery.value, seeded_random.uuid("part", place, *delivery.seed))
        for name, each in units.items():
            number = round(delivery.value[name] * each)
            sign = -1 if number < 0 else 1
            whole, rest = divmod(abs(number), self.factor)
            amount = sign * (whole + (place < rest))
            value[name] = amount if each == 1 else amount / each
        return value
