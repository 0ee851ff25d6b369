"""The resources in the change history, and the members that its change types refer to.

Source: OpenAPI ChangeHistory 3.0 (documented: event types, change types and which of them an
entity has); amzn/ads-advanced-tools-docs issue 110 (documented: Sponsored Products and Sponsored
Brands only). Which member of an entity a change type refers to is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TrackedResource:
    """A resource whose changes are in the history.

    ``entity`` is the event type. ``members`` gives the dotted member of each change type, and
    ``placements`` the member with rows of placement and percentage. ``metadata`` gives the member
    of each metadata field of an event, and ``words`` the names of metadata values.
    """

    entity: str
    members: dict[str, str] = field(default_factory=dict)
    placements: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


_NAME = {"NAME": "name"}
_DAYS = {"START_DATE": "startDate", "END_DATE": "endDate"}
_CAMPAIGN = {**_NAME, **_DAYS, "PORTFOLIO": "portfolioId"}
_BID = {"BID_AMOUNT": "bid"}
_KEYWORD = {"keyword": "keywordText", "keywordType": "matchType"}
_MATCHES = {
    form: f"KEYWORD_{kind}"
    for kind, forms in {
        "BROAD": ("BROAD", "broad", "NEGATIVE_BROAD"),
        "EXACT": ("EXACT", "exact", "NEGATIVE_EXACT", "negativeExact"),
        "PHRASE": ("PHRASE", "phrase", "NEGATIVE_PHRASE", "negativePhrase"),
    }.items()
    for form in forms
}
_BUDGETS = {"DAILY": "DAILY", "LIFETIME": "LIFETIME_BUDGET"}

_NEGATIVE = TrackedResource("NEGATIVE_KEYWORD", {}, "", _KEYWORD, _MATCHES)
_TARGET = TrackedResource("PRODUCT_TARGETING", _BID)

HISTORY: dict[str, TrackedResource] = {
    "sp.campaigns": TrackedResource(
        "CAMPAIGN",
        {
            **_CAMPAIGN,
            "BUDGET_AMOUNT": "budget.budget",
            "SMART_BIDDING_STRATEGY": "dynamicBidding.strategy",
        },
        "dynamicBidding.placementBidding",
        {"campaignBudgetType": "budget.budgetType"},
        _BUDGETS,
    ),
    "sp.adGroups": TrackedResource("AD_GROUP", {**_NAME, "DEFAULT_BID_AMOUNT": "defaultBid"}),
    "sp.productAds": TrackedResource("AD"),
    "sp.keywords": TrackedResource("KEYWORD", _BID, "", _KEYWORD, _MATCHES),
    "sp.negativeKeywords": _NEGATIVE,
    "sp.campaignNegativeKeywords": _NEGATIVE,
    "sp.targets": _TARGET,
    "sb.campaigns": TrackedResource(
        "CAMPAIGN",
        {**_CAMPAIGN, "BUDGET_AMOUNT": "budget"},
        "bidding.bidAdjustmentsByPlacement",
        {"campaignBudgetType": "budgetType"},
        _BUDGETS,
    ),
    "sb.adGroups": TrackedResource("AD_GROUP", _NAME),
    "sb.ads": TrackedResource("AD"),
    "sb.keywords": TrackedResource("KEYWORD", _BID, "", _KEYWORD, _MATCHES),
    "sb.negativeKeywords": _NEGATIVE,
    "sb.targets": _TARGET,
    "sb.themes": TrackedResource("THEME", _BID),
}
"""The resources whose changes the store records."""

FOUND_BY: dict[str, tuple[str, ...]] = {"BID_AMOUNT": ("BID_AMOUNT", "DEFAULT_BID_AMOUNT")}
"""The change types of a filter that finds more than its own."""
