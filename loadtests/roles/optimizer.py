"""The bid optimizer: changes bids as the market changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adsmock.harness.volume.feature import Step
from adsmock.loadtests.roles.role import Caller, Role, Task, TurnResult
from adsmock.loadtests.work_queue import Target, WorkQueue

STEPS = 40
"""Number of different bids in a row, which makes a lost change visible."""


def keyword(target: Target, change: int) -> str:
    """Return the id of the keyword that a change updates."""
    return target.keyword_ids[change % len(target.keyword_ids)]


def bid(target: Target, change: int) -> float:
    """Return the new bid, valid in the profile's marketplace."""
    return round(target.lowest_bid * (2 + change % STEPS), 2)


def item(target: Target, change: int) -> dict[str, Any]:
    """Return the body of a change."""
    return {"keywordId": keyword(target, change), "bid": bid(target, change)}


def work(queue: WorkQueue, caller: Caller, most: int) -> TurnResult:
    """Write the waiting changes, no keyword twice."""
    target = queue.target
    batch = queue.take(most, lambda change: keyword(target, change))
    if not batch:
        return TurnResult()
    items = [item(target, change) for change, _at in batch]
    results = [each.result for each in caller.write("update", "sp.keywords", target, items)]
    done = [each for each, result in zip(items, results, strict=True) if result == "done"]
    return TurnResult(batch, results, bids={each["keywordId"]: each["bid"] for each in done})


def bids(target: Target, numbers: Sequence[int]) -> Mapping[str, float]:
    """Return the bid of each keyword after the changes."""
    return {keyword(target, change): bid(target, change) for change in numbers}


def task(target: Target, numbers: Sequence[int]) -> Task:
    """Return the changes as one update."""
    items = [item(target, change) for change in numbers]
    args = {"resource": "sp.keywords", "profile": target.profile_id, "items": items}
    return Task("update", args)


ROLE = Role(
    name="optimizer",
    title="bid optimizer",
    rate=2.0,
    gather=2.0,
    work=work,
    task=task,
    steps=(Step("change", resource="sp.keywords", count="keywords"),),
    entities={"keywords": 1},
    subject=keyword,
    is_write=True,
    bids=bids,
)
