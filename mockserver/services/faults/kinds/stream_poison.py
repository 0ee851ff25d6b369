"""Fault kind ``stream-poison``: a message that consumers do not expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.delivery import Delivery, Outgoing
from adsmock.mockserver.core.effect import setting
from adsmock.mockserver.services.faults.stream_effect import StreamEffect, with_new_id

UNKNOWN_DATASET = "adsmock-unknown-dataset"
UNKNOWN_MEMBER = "adsmock_unknown_member"


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPoison(StreamEffect):
    """A message that cannot be processed, before the record; or a member that is new.

    The record itself comes as well, so a consumer that goes on loses nothing.

    Source: Ads docs, best-practices (documented: new members may appear without notice).
    """

    kind = "stream-poison"
    summary = (
        "Sends a message that cannot be processed before a record of Marketing Stream: "
        "`truncated` JSON or an `unknown-dataset`; or adds an `unknown-member` to the record."
    )

    form: Literal["truncated", "unknown-dataset", "unknown-member"] = setting(
        "form",
        {
            "type": "string",
            "description": "What is wrong with the message.",
            "enum": ["truncated", "unknown-dataset", "unknown-member"],
        },
        default="truncated",
    )

    def change_delivery(self, delivery: Delivery) -> bool:
        """Add the message, or the member."""
        value = delivery.value
        if self.form == "unknown-member":
            delivery.messages = [
                Outgoing(value | {UNKNOWN_MEMBER: {"since": "today"}}, delivery.at)
            ]
            return True
        if self.form == "truncated":
            poison = Outgoing(value, delivery.at, is_cut=True)
        else:
            new_id = seeded_random.uuid("poison", *delivery.seed)
            row = with_new_id(value, new_id) | {"dataset_id": UNKNOWN_DATASET}
            poison = Outgoing(row, delivery.at)
        delivery.messages.insert(0, poison)
        return True
