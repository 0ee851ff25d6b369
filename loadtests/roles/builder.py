"""The campaign builder: creates campaigns with ad groups, ads, keywords and negative keywords.

Parents come first. A structure that is incomplete after a refusal continues in a later turn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from adsmock.harness.volume.feature import Step
from adsmock.loadtests.roles.role import Caller, Role, Task, TurnResult
from adsmock.loadtests.work_queue import Result, Target, WorkQueue

PREFIX = "Built "
"""Prefix of the names of new campaigns; no existing campaign has it."""

GROUPS, ADS, KEYWORDS, NEGATIVES = 2, 2, 6, 2
"""Ad groups per campaign, and children per ad group: small, as for a single product."""

BID = 10
"""The bids, as a multiple of the marketplace's lowest bid."""

Item = dict[str, Any]


@dataclass(slots=True)
class Part:
    """One entity of a structure, with its ``parent`` and the ``result`` of its creation."""

    resource: str
    item: Item
    parent: Part | None = None
    id: str = ""
    result: Result = "again"

    @property
    def is_ready(self) -> bool:
        """Whether it is not created yet and its parent is."""
        return self.result == "again" and (self.parent is None or bool(self.parent.id))

    def body(self) -> Item:
        """Return the body of its creation, with the ids of its parents."""
        above: Item = {}
        if self.parent is not None:
            own = {"sp.campaigns": "campaignId", "sp.adGroups": "adGroupId"}[self.parent.resource]
            outer = self.parent.parent
            above = {own: self.parent.id} | ({"campaignId": outer.id} if outer else {})
        return above | self.item


def name(target: Target, number: int) -> str:
    """Return the name of a new campaign, unique over all profiles.

    Profiles of one country exist with a partner's plan only.
    """
    place = f"{target.country} {target.profile_id}" if target.group else target.country
    return f"{PREFIX}{place} {number:06d}"


def structure(target: Target, number: int) -> list[Part]:
    """Return all parts of a new structure, parents before children."""
    budget = {"budget": target.lowest_budget * 10, "budgetType": "DAILY"}
    values = {"name": name(target, number), "state": "PAUSED", "targetingType": "MANUAL"}
    campaign = Part("sp.campaigns", values | {"budget": budget})
    bid = round(target.lowest_bid * BID, 2)
    groups = [
        Part(
            "sp.adGroups",
            {"name": f"Group {place}", "defaultBid": bid, "state": "ENABLED"},
            campaign,
        )
        for place in range(GROUPS)
    ]
    below = [
        Part(resource, make(place, bid) | {"state": "ENABLED"}, group)
        for resource, count, make in BELOW
        for group in groups
        for place in range(count)
    ]
    return [campaign, *groups, *below]


def _ad(place: int, _bid: float) -> Item:
    return {"sku": f"SKU-{place:07d}"}


def _keyword(place: int, bid: float) -> Item:
    return {"keywordText": f"event deal {place}", "matchType": "EXACT", "bid": bid}


def _negative(place: int, _bid: float) -> Item:
    return {"keywordText": f"event used {place}", "matchType": "NEGATIVE_EXACT"}


BELOW: tuple[tuple[str, int, Callable[[int, float], Item]], ...] = (
    ("sp.productAds", ADS, _ad),
    ("sp.keywords", KEYWORDS, _keyword),
    ("sp.negativeKeywords", NEGATIVES, _negative),
)

ORDER = ("sp.campaigns", "sp.adGroups", *(resource for resource, _count, _make in BELOW))

SIZES = {
    "sp.campaigns": 1,
    "sp.adGroups": GROUPS,
    **{resource: GROUPS * count for resource, count, _make in BELOW},
}
"""Entities of one structure by resource."""

UNIQUE = {
    "sp.campaigns": ("name",),
    "sp.adGroups": ("campaignId", "name"),
    "sp.productAds": ("adGroupId", "sku"),
    "sp.keywords": ("adGroupId", "keywordText", "matchType"),
    "sp.negativeKeywords": ("adGroupId", "keywordText", "matchType"),
}
"""Members that identify a part: two parts with equal values are duplicates."""


def work(queue: WorkQueue, caller: Caller, most: int) -> TurnResult:
    """Build the waiting structures, one level of all structures at a time."""
    batch = queue.take(most, lambda number: name(queue.target, number))
    structures = [
        queue.begun.setdefault(number, structure(queue.target, number)) for number, _at in batch
    ]
    made = []
    for resource in ORDER:
        ready = [
            part
            for parts in structures
            for part in parts
            if part.resource == resource and part.is_ready
        ]
        for start in range(0, len(ready), most):
            made += _create(resource, ready[start : start + most], queue.target, caller)
    results = [_result(parts) for parts in structures]
    for (number, _at), result in zip(batch, results, strict=True):
        if result != "again":
            del queue.begun[number]
    done = [
        number for (number, _at), result in zip(batch, results, strict=True) if result == "done"
    ]
    return TurnResult(batch, results, made, built=built(queue.target, done))


def _create(
    resource: str, parts: list[Part], target: Target, caller: Caller
) -> list[tuple[str, str]]:
    """Create parts in one call and return those that the service acknowledged."""
    answers = caller.write("create", resource, target, [part.body() for part in parts])
    for part, answer in zip(parts, answers, strict=True):
        part.result, part.id = answer.result, answer.id
    return [(resource, part.id) for part in parts if part.id]


def _result(parts: list[Part]) -> Result:
    results = {part.result for part in parts}
    return "refused" if "refused" in results else "again" if "again" in results else "done"


def built(target: Target, numbers: Sequence[int]) -> Sequence[str]:
    """Return the names of the campaigns of these structures."""
    return [name(target, number) for number in numbers]


def tree(target: Target, number: int) -> Item:
    """Return a structure as one campaign with its children inside."""
    nodes: dict[int, Item] = {}
    root, *parts = structure(target, number)
    nodes[id(root)] = tree = dict(root.item)
    for part in parts:
        nodes[id(part)] = node = dict(part.item)
        member = part.resource.partition(".")[2]
        nodes[id(part.parent)].setdefault(member, []).append(node)
    return tree


def task(target: Target, numbers: Sequence[int]) -> Task:
    """Return the structures as one task."""
    campaigns = [tree(target, number) for number in numbers]
    return Task("create_tree", {"profile": target.profile_id, "campaigns": campaigns})


ROLE = Role(
    name="builder",
    title="campaign builder",
    rate=0.05,
    gather=6.0,
    work=work,
    task=task,
    steps=(
        Step("create", resource="sp.campaigns", count="campaigns"),
        Step("create", resource="sp.adGroups", count="ad_groups"),
        Step("create", resource="sp.productAds", count="ads"),
        Step("create", resource="sp.keywords", count="keywords"),
        Step("create", resource="sp.negativeKeywords", count="negative_keywords"),
    ),
    entities={
        "campaigns": 1,
        "ad_groups": GROUPS,
        "ads": GROUPS * ADS,
        "keywords": GROUPS * KEYWORDS,
        "negative_keywords": GROUPS * NEGATIVES,
    },
    subject=name,
    is_write=True,
    built=built,
)
