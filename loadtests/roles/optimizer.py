"""The bid optimiser: bids that change because the market does. Knows a change of a bid."""

from __future__ import annotations

from typing import Any

from adsmock.harness.volume.feature import Step
from adsmock.loadtests.roles.role import Hand, Role, Turn
from adsmock.loadtests.work_queue import Target, WorkQueue

STEPS = 40
"""Different bids that follow each other, so that a lost change can be seen."""


def keyword(target: Target, change: int) -> str:
    """Return the keyword that a change is about."""
    return target.keyword_ids[change % len(target.keyword_ids)]


def bid(target: Target, change: int) -> float:
    """Return the new bid, lawful in the profile's market."""
    return round(target.lowest_bid * (2 + change % STEPS), 2)


def item(target: Target, change: int) -> dict[str, Any]:
    """Return a change as it is written."""
    return {"keywordId": keyword(target, change), "bid": bid(target, change)}


def work(desk: WorkQueue, hand: Hand, most: int) -> Turn:
    """Write what has gathered, no keyword twice."""
    target = desk.target
    batch = desk.take(most, lambda change: keyword(target, change))
    if not batch:
        return Turn()
    items = [item(target, change) for change, _at in batch]
    fates = [each.fate for each in hand.write("update", "sp.keywords", target, items)]
    done = [one for one, fate in zip(items, fates, strict=True) if fate == "done"]
    return Turn(batch, fates, bids={one["keywordId"]: one["bid"] for one in done})


ROLE = Role(
    name="optimiser",
    title="bid optimiser",
    rate=2.0,
    gather=2.0,
    work=work,
    steps=(Step("change", resource="sp.keywords", count="keywords"),),
    entities={"keywords": 1},
    subject=keyword,
    is_write=True,
)
