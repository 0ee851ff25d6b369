"""What the change history tells of which resource, and where its values stand.

Data only: ``adsmock.mockserver.services.history.change_history`` makes events of it.

Source: OpenAPI ChangeHistory 3.0 (documented: event types, change types and which of them an
entity has); amzn/ads-advanced-tools-docs issue 110 (documented: Sponsored Products and Sponsored
Brands only). Which member of an entity a change type speaks of is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Told:
    """How the changes of one resource are told.

    ``entity`` is the event type. ``members`` gives the dotted member of each change type,
    ``placements`` the member that holds rows of placement and percentage. ``metadata`` gives the
    member of each text that an event carries along, ``words`` what a metadata value is called.
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

_NEGATIVE = Told("NEGATIVE_KEYWORD", {}, "", _KEYWORD, _MATCHES)
_TARGET = Told("PRODUCT_TARGETING", _BID)

HISTORY: dict[str, Told] = {
    "sp.campaigns": Told(
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
    "sp.adGroups": Told("AD_GROUP", {**_NAME, "DEFAULT_BID_AMOUNT": "defaultBid"}),
    "sp.productAds": Told("AD"),
    "sp.keywords": Told("KEYWORD", _BID, "", _KEYWORD, _MATCHES),
    "sp.negativeKeywords": _NEGATIVE,
    "sp.campaignNegativeKeywords": _NEGATIVE,
    "sp.targets": _TARGET,
    "sb.campaigns": Told(
        "CAMPAIGN",
        {**_CAMPAIGN, "BUDGET_AMOUNT": "budget"},
        "bidding.bidAdjustmentsByPlacement",
        {"campaignBudgetType": "budgetType"},
        _BUDGETS,
    ),
    "sb.adGroups": Told("AD_GROUP", _NAME),
    "sb.ads": Told("AD"),
    "sb.keywords": Told("KEYWORD", _BID, "", _KEYWORD, _MATCHES),
    "sb.negativeKeywords": _NEGATIVE,
    "sb.targets": _TARGET,
    "sb.themes": Told("THEME", _BID),
}
"""The resources whose changes are remembered."""

FOUND_BY: dict[str, tuple[str, ...]] = {
    "BID_AMOUNT": ("BID_AMOUNT", "DEFAULT_BID_AMOUNT"),
}
"""The change types that a filter finds, where they are more than its own."""
