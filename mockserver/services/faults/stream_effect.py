"""What the fault kinds of Marketing Stream share: their point, and the setting ``delay``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from adsmock.mockserver.core.delivery import Delivery
from adsmock.mockserver.core.effect import Effect, Point, Subject, setting
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.services.durations import read_duration

LONGEST = 90 * 86_400
"""Seconds of the longest delay: conversions change for 60 days."""


def read_delay(name: str) -> Callable[[str], float]:
    """Return what reads the duration of a setting, in seconds."""

    def read(text: str) -> float:
        seconds = read_duration(text, f"/effect/{name}")
        if seconds > LONGEST:
            raise SetupError(f'"{text}" is too long: use at most P90D', pointer=f"/effect/{name}")
        return seconds

    return read


class StreamEffect(Effect):
    """An effect on the records of Marketing Stream."""

    points: ClassVar[tuple[Point, ...]] = ("delivery",)
    acts_on: ClassVar[tuple[Subject, ...]] = ("record",)


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayedEffect(StreamEffect):
    """An effect that sends something ``delay`` seconds after it is due."""

    delay: float | None = setting(
        "delay",
        {
            "type": "string",
            "description": "How long after its time the message, its copy or its correction "
            "comes (`PT6H`), at most `P90D`.",
            "maxLength": 40,
        },
        read=read_delay("delay"),
    )
    default_delay: ClassVar[float] = 0.0

    def due(self, delivery: Delivery) -> float:
        """Return when the delayed message is sent (sandbox seconds)."""
        return delivery.at + (self.default_delay if self.delay is None else self.delay)


def with_new_id(value: dict[str, Any], idempotency_id: str) -> dict[str, Any]:
    """Return a record as another one: with an id of its own, where its dataset has ids."""
    return value | {"idempotency_id": idempotency_id} if "idempotency_id" in value else dict(value)
