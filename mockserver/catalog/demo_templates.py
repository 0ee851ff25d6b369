"""What believable entities look like: one row per resource, filled from a seed.

Knows templates. Must not hold functions; ``mockserver.services.sandboxes.demo_data`` fills them.

Glossary of blanks: ``{brand}``, ``{noun}``, ``{quality}``, ``{number}``, ``{mode}``, ``{each}``,
``{sku}``, ``{asin}``; a text ``$limit`` is an amount that fits the marketplace's ``limit``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adsmock.mockserver.catalog.resource import AccountKind

MODES = ("MANUAL", "MANUAL", "AUTO")
"""The targeting types of campaigns, in turn."""

NOUNS = (
    "Backpack", "Coffee Grinder", "Desk Lamp", "Dog Bed", "Garden Hose", "Hand Cream",
    "Headphones", "Kettle", "Lunch Box", "Notebook", "Puzzle", "Rain Jacket", "Running Shoes",
    "Sleeping Bag", "Soap Bar", "Tea Set", "Toy Train", "Water Bottle", "Yoga Mat", "Wool Socks",
)  # fmt: skip

QUALITIES = ("best", "cheap", "for kids", "gift", "large", "organic", "premium", "travel")


@dataclass(frozen=True, slots=True)
class Invention:
    """One entity, or one for each of ``each``, in every campaign of one of ``modes``.

    ``ids`` are id members, one value per campaign; ``members`` templates of the others.
    """

    resource: str
    ids: tuple[str, ...]
    members: dict[str, Any]
    each: tuple[str, ...] = ("",)
    modes: tuple[str, ...] = ("MANUAL", "AUTO")
    accounts: tuple[AccountKind, ...] = ("seller", "vendor")


INVENTIONS: tuple[Invention, ...] = (
    Invention(
        "sp.campaigns",
        ids=("campaignId",),
        members={
            "name": "{brand} {noun} {number}",
            "targetingType": "{mode}",
            "budget": {"budget": "$sp.budget", "budgetType": "DAILY"},
        },
    ),
    Invention(
        "sp.adGroups",
        ids=("campaignId", "adGroupId"),
        members={"name": "{noun}", "defaultBid": "$sp.bid"},
    ),
    Invention(
        "sp.productAds",
        ids=("campaignId", "adGroupId"),
        members={"sku": "{sku}"},
        accounts=("seller",),
    ),
    Invention(
        "sp.productAds",
        ids=("campaignId", "adGroupId"),
        members={"asin": "{asin}"},
        accounts=("vendor",),
    ),
    Invention(
        "sp.keywords",
        ids=("campaignId", "adGroupId"),
        members={
            "keywordText": "{noun} {quality}",
            "matchType": "{each}",
            "bid": "$sp.bid",
        },
        each=("BROAD", "PHRASE", "EXACT"),
        modes=("MANUAL",),
    ),
)
