"""Where quotas refused calls most: the class, the region, and the hour of the event."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from adsmock.contracts.loader import load
from adsmock.loadtests.counters import Counters
from adsmock.loadtests.shape import Shape

STEPS = 48
"""Parts of the event that are compared: the busiest one is named."""


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """The quota class and region with the most refusals, and the busiest time of them.

    ``calls`` were refused in all, ``hour`` is counted from the start of the event.
    """

    quota: str
    region: str
    calls: int
    hour: float
    phase: str

    def __str__(self) -> str:
        at = f"in hour {self.hour:.0f} of the event ({self.phase})"
        if self.phase.endswith("UTC"):  # of a partner's plan
            at = f"at {self.phase}"
        return f"{self.quota} in {self.region} refused most, {self.calls} calls, above all {at}"


def bottleneck(counters: Counters, shape: Shape, duration: float) -> Bottleneck | None:
    """Return the tightest quota of a run; None when nothing was refused."""
    refused: dict[tuple[str, str], Counter[int]] = {}
    for (second, region, operation, outcome), times in counters.of("call"):
        if outcome == "throttled":
            row = load().operations.get(str(operation))
            place = (row.quota if row else str(operation), str(region))
            step = min(STEPS - 1, int(int(second) / duration * STEPS))
            refused.setdefault(place, Counter())[step] += times
    if not refused:
        return None
    (quota, region), steps = max(refused.items(), key=lambda item: item[1].total())
    middle = (steps.most_common(1)[0][0] + 0.5) / STEPS
    phase = shape.at(middle).get(region)
    name = phase.name if phase else "-"
    return Bottleneck(quota, region, steps.total(), middle * shape.hours, name)
