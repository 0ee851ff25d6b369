"""The campaign builder: new campaigns for the event, with all that belongs to them.

Knows a campaign's structure: what hangs below what, and how many of each. Parents come first; a
structure that was half built when the service refused is built on in a later turn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from adsmock.harness.volume.feature import Step
from adsmock.loadtests.roles.role import Caller, Role, TurnResult
from adsmock.loadtests.work_queue import Result, Target, WorkQueue

PREFIX = "Built "
"""How the names of new campaigns begin: none of them was there before."""

GROUPS, ADS, KEYWORDS, NEGATIVES = 2, 2, 6, 2
"""Ad groups of a campaign, and what each of these holds: small, as for a single product."""

BID = 10
"""The bids, in smallest bids of the market."""

Item = dict[str, Any]


@dataclass(slots=True)
class Part:
    """One entity of a structure; ``parent`` is what it hangs below, ``fate`` what became of it."""

    resource: str
    item: Item
    parent: Part | None = None
    id: str = ""
    result: Result = "again"

    @property
    def is_ready(self) -> bool:
        """Whether it is still to be created and can be."""
        return self.result == "again" and (self.parent is None or bool(self.parent.id))

    def wanted(self) -> Item:
        """Return it as it is created: with the ids of all above it."""
        above: Item = {}
        if self.parent is not None:
            own = {"sp.campaigns": "campaignId", "sp.adGroups": "adGroupId"}[self.parent.resource]
            outer = self.parent.parent
            above = {own: self.parent.id} | ({"campaignId": outer.id} if outer else {})
        return above | self.item


def name(_target: Target, number: int) -> str:
    """Return the name of a new campaign, the only one of its name."""
    return f"{PREFIX}{number:06d}"


def structure(target: Target, number: int) -> list[Part]:
    """Return all parts of a new structure, parents before what hangs below them."""
    budget = {"budget": target.lowest_budget * 10, "budgetType": "DAILY"}
    wanted = {"name": name(target, number), "state": "PAUSED", "targetingType": "MANUAL"}
    campaign = Part("sp.campaigns", wanted | {"budget": budget})
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

UNIQUE = {
    "sp.campaigns": ("name",),
    "sp.adGroups": ("campaignId", "name"),
    "sp.productAds": ("adGroupId", "sku"),
    "sp.keywords": ("adGroupId", "keywordText", "matchType"),
    "sp.negativeKeywords": ("adGroupId", "keywordText", "matchType"),
}
"""What no two parts of one kind share: a second one means that something was created twice."""


def work(queue: WorkQueue, caller: Caller, most: int) -> TurnResult:
    """Build on what has gathered, a level of all structures at a time."""
    batch = queue.take(most, lambda number: name(queue.target, number))
    structures = [
        queue.begun.setdefault(number, structure(queue.target, number)) for number, _at in batch
    ]
    made = []
    for resource in ORDER:
        ready = [
            one
            for parts in structures
            for one in parts
            if one.resource == resource and one.is_ready
        ]
        for start in range(0, len(ready), most):
            made += _create(resource, ready[start : start + most], queue.target, caller)
    results = [_result(parts) for parts in structures]
    for (number, _at), result in zip(batch, results, strict=True):
        if result != "again":
            del queue.begun[number]
    return TurnResult(batch, results, made)


def _create(
    resource: str, parts: list[Part], target: Target, caller: Caller
) -> list[tuple[str, str]]:
    """Create parts in one call and return those that the service said it created."""
    answers = caller.write("create", resource, target, [part.wanted() for part in parts])
    for part, answer in zip(parts, answers, strict=True):
        part.result, part.id = answer.result, answer.id
    return [(resource, part.id) for part in parts if part.id]


def _result(parts: list[Part]) -> Result:
    results = {part.result for part in parts}
    return "refused" if "refused" in results else "again" if "again" in results else "done"


ROLE = Role(
    name="builder",
    title="campaign builder",
    rate=0.05,
    gather=6.0,
    work=work,
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
)
