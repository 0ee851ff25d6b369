"""Templates of demo data: one row per resource, which ``services/sandboxes/demo_data.py`` fills.

Fields of a template are ``{brand}``, ``{noun}``, ``{quality}``, ``{number}``, ``{mode}``,
``{each}``, ``{sku}`` and ``{asin}``. The text ``$limit`` becomes an amount within the
marketplace's ``limit``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adsmock.mockserver.catalog.resource import AccountKind

MODES = ("MANUAL", "MANUAL", "AUTO")
"""The targeting types of successive campaigns."""

NOUNS = (
    "Backpack", "Coffee Grinder", "Table Lamp", "Dog Bed", "Garden Hose", "Body Lotion",
    "Headphones", "Kettle", "Lunch Box", "Notebook", "Puzzle", "Rain Jacket", "Running Shoes",
    "Sleeping Bag", "Soap Bar", "Tea Set", "Toy Train", "Water Bottle", "Yoga Mat", "Wool Socks",
)  # fmt: skip

QUALITIES = ("best", "cheap", "for kids", "gift", "large", "organic", "premium", "travel")


@dataclass(frozen=True, slots=True)
class EntityTemplate:
    """One entity, or one for each value of ``each``, in every campaign whose mode is in ``modes``.

    Members in ``ids`` get one value per campaign; ``members`` are templates of the others.
    """

    resource: str
    ids: tuple[str, ...]
    members: dict[str, Any]
    each: tuple[str, ...] = ("",)
    modes: tuple[str, ...] = ("MANUAL", "AUTO")
    accounts: tuple[AccountKind, ...] = ("seller", "vendor")


TEMPLATES: tuple[EntityTemplate, ...] = (
    EntityTemplate(
        "sp.campaigns",
        ids=("campaignId",),
        members={
            "name": "{brand} {noun} {number}",
            "targetingType": "{mode}",
            "budget": {"budget": "$sp.budget", "budgetType": "DAILY"},
        },
    ),
    EntityTemplate(
        "sp.adGroups",
        ids=("campaignId", "adGroupId"),
        members={"name": "{noun}", "defaultBid": "$sp.bid"},
    ),
    EntityTemplate(
        "sp.productAds",
        ids=("campaignId", "adGroupId"),
        members={"sku": "{sku}"},
        accounts=("seller",),
    ),
    EntityTemplate(
        "sp.productAds",
        ids=("campaignId", "adGroupId"),
        members={"asin": "{asin}"},
        accounts=("vendor",),
    ),
    EntityTemplate(
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
