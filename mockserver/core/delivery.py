"""A message of Marketing Stream on its way to a queue, as the faults of deliveries change it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

MessageKind = Literal["record", "confirmation"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message that is sent at ``at`` (sandbox seconds).

    ``value`` is the JSON of the record or confirmation; ``is_cut`` says that the body breaks off.
    """

    value: dict[str, Any]
    at: float
    is_cut: bool = False


@dataclass(slots=True)
class Delivery:
    """What is sent in place of one message that is due at ``at``.

    ``measures`` are the members that consumers add up, each with its units per whole: 1 for
    counts, 100 for dollars. ``seed`` is what random choices depend on.
    """

    at: float
    value: dict[str, Any]
    measures: dict[str, int] = field(default_factory=dict)
    seed: tuple[object, ...] = ()
    messages: list[Outgoing] = field(default_factory=list)
    is_suspended: bool = False
    """The subscription ends with this message, which is not sent."""
    policy: dict[str, Any] | None = None
    """The policy that replaces the queue's before this message is sent."""

    def __post_init__(self) -> None:
        self.messages.append(Outgoing(self.value, self.at))
