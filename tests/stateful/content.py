"""Valid items of every resource that keeps entities: what a machine creates.

``{n}`` in a text is what tells one item from another.
"""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.catalog.index import CATALOG
from tests.unit.mockserver.services.sandbox_fixture import CONTRACTS

Row = dict[str, Any]

MADE = "enabled"
"""The state of an item as the older families write it."""

PRODUCT = [{"type": "asinSameAs", "value": "B00000000{n}"}]
SP_PRODUCT = [{"type": "ASIN_SAME_AS", "value": "B00000000{n}"}]

CONTENT: dict[str, Row] = {
    "portfolios": {"name": "P{n}", "state": "ENABLED"},
    "sp.campaigns": {
        "name": "C{n}",
        "state": "ENABLED",
        "targetingType": "MANUAL",
        "budget": {"budget": 10.0, "budgetType": "DAILY"},
    },
    "sp.adGroups": {"name": "G{n}", "state": "ENABLED", "defaultBid": 0.5},
    "sp.productAds": {"sku": "SKU-{n}", "state": "ENABLED"},
    "sp.keywords": {"keywordText": "shoe {n}", "matchType": "BROAD", "state": "ENABLED"},
    "sp.negativeKeywords": {
        "keywordText": "shoe {n}",
        "matchType": "NEGATIVE_EXACT",
        "state": "ENABLED",
    },
    "sp.campaignNegativeKeywords": {
        "keywordText": "shoe {n}",
        "matchType": "NEGATIVE_PHRASE",
        "state": "ENABLED",
    },
    "sp.targets": {"expression": SP_PRODUCT, "expressionType": "MANUAL", "state": "ENABLED"},
    "sp.negativeTargets": {"expression": SP_PRODUCT, "state": "ENABLED"},
    "sd.campaigns": {
        "name": "C{n}",
        "state": MADE,
        "tactic": "T00020",
        "startDate": "20270101",
    },
    "sd.adGroups": {"name": "G{n}", "state": MADE, "defaultBid": 1.5},
    "sd.productAds": {"sku": "SKU-{n}", "state": MADE},
    "sd.targets": {"expression": PRODUCT, "expressionType": "manual", "state": MADE, "bid": 1.0},
    "sd.negativeTargets": {"expression": PRODUCT, "expressionType": "manual", "state": MADE},
    "sd.creatives": {"properties": {"headline": "Shoes {n}"}},
    "sd.locations": {"expression": [{"type": "location", "value": "place-{n}"}], "state": MADE},
    "sb.campaigns": {"name": "C{n}", "state": "ENABLED", "budget": 500.0, "budgetType": "DAILY"},
    "sb.adGroups": {"name": "G{n}", "state": "ENABLED"},
    "sb.keywords": {"keywordText": "shoe {n}", "matchType": "broad", "bid": 1.0},
    "sb.negativeKeywords": {"keywordText": "shoe {n}", "matchType": "negativeExact"},
    "sb.targets": {"expressions": PRODUCT, "bid": 1.0},
    "sb.negativeTargets": {"expressions": PRODUCT},
    "sb.themes": {"themeType": "KEYWORDS_RELATED_TO_YOUR_BRAND", "bid": 1.0},
}
FLAGGED: dict[str, Row] = {
    "sp.campaigns": {"targetingType": "AUTO"},
    "sd.campaigns": {"tactic": "T00030"},
    "sb.campaigns": {"budgetType": "LIFETIME"},
}
"""What the other kind of an item says."""


def item(resource: str, number: int, account: str, *, flagged: bool = False) -> Row:
    """Return a valid item without its parents."""
    row = _numbered(CONTENT[resource] | (FLAGGED.get(resource, {}) if flagged else {}), number)
    if account == "vendor" and "sku" in row:
        del row["sku"]
        row["asin"] = f"B00000000{number}"
    return row


def named_parents(resource: str) -> tuple[str, ...]:
    """Return the members by which an item names its parents, from the top."""
    contract = CONTRACTS.by_name[resource]
    wanted = {field.name for field in contract.fields if field.create == "required"}
    return tuple(row.member for row in CATALOG[resource].parents if row.member in wanted)


def written(resource: str, member: str, entity_id: str) -> Any:
    """Return an id as an item names it."""
    contract = CONTRACTS.by_name[resource]
    kind = next(field.type for field in contract.fields if field.name == member)
    return int(entity_id) if kind == "int64" else entity_id


def _numbered(value: Any, number: int) -> Any:
    if isinstance(value, str):
        return value.replace("{n}", str(number))
    if isinstance(value, list):
        return [_numbered(one, number) for one in value]
    if isinstance(value, dict):
        return {key: _numbered(one, number) for key, one in value.items()}
    return value
