"""The bid optimizer: bids that change because the market does. Knows a change of a bid."""

from __future__ import annotations

from typing import Any

from adsmock.harness.volume.feature import Step
from adsmock.loadtests.roles.role import Caller, Role, TurnResult
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


def work(queue: WorkQueue, caller: Caller, most: int) -> TurnResult:
    """Write what has gathered, no keyword twice."""
    target = queue.target
    batch = queue.take(most, lambda change: keyword(target, change))
    if not batch:
        return TurnResult()
    items = [item(target, change) for change, _at in batch]
    results = [each.result for each in caller.write("update", "sp.keywords", target, items)]
    done = [one for one, result in zip(items, results, strict=True) if result == "done"]
    return TurnResult(batch, results, bids={one["keywordId"]: one["bid"] for one in done})


ROLE = Role(
    name="optimizer",
    title="bid optimizer",
    rate=2.0,
    gather=2.0,
    work=work,
    steps=(Step("change", resource="sp.keywords", count="keywords"),),
    entities={"keywords": 1},
    subject=keyword,
    is_write=True,
)
