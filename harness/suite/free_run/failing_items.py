"""The items of a program's batch that a fault lets fail."""

from __future__ import annotations

from typing import Any

from adsmock.harness.suite.case import Fault
from adsmock.harness.suite.free_run.traffic import Slot


def effect_on(rule: Fault, slot: Slot) -> dict[str, Any]:
    """Return an effect whose failing items are named by place: the names are the program's own.

    One that succeeds follows them, so that the place of its row is not its index.
    """
    if "items" not in rule.effect:
        return rule.effect
    effect = {name: value for name, value in rule.effect.items() if name != "items"}
    if item_failures(rule) > 1:
        return effect | {"indexes": [0]}  # where a resubmission has the item that failed
    size = max(1, slot.items)
    count = min(len(rule.effect["items"]["values"]), max(1, size // 3))
    last = max(0, size - 2)
    return effect | {"indexes": [min((n + 1) * size // (count + 1), last) for n in range(count)]}


def item_failures(rule: Fault) -> int:
    """Return how often an item fails: a permanent error does once, since nothing repeats it."""
    return int(rule.effect["items"].get("times") or 1)
