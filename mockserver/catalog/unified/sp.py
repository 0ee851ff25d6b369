"""Sponsored Products in the unified model: one mapping for each of its nine resources.

Source: campaign management reference 8 (documented: members and words), OpenAPI
AdsAPIv1SponsoredProducts. Assumed: a first day starts and a last day ends at midnight
of the profile's time zone.
"""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.catalog.member_view import MemberRow
from adsmock.mockserver.catalog.unified.mapping import ResourceMapping
from adsmock.mockserver.catalog.unified.shared import (
    COUNTRIES,
    DEFAULT_BID,
    adjustments,
    audiences,
    budget,
    clause,
    days,
    keyword,
    own,
    target,
)
from adsmock.mockserver.catalog.unified.targeting import SP_PARTS

_STATES = {
    "ENABLED": "ENABLED",
    "PAUSED": "PAUSED",
    "ARCHIVED": "ARCHIVED",
    "PROPOSED": "PAUSED",
    "ENABLING": "PAUSED",
    "USER_DELETED": "ARCHIVED",
    "OTHER": "PAUSED",
}
_STRATEGIES = {
    "LEGACY_FOR_SALES": "SALES_DOWN_ONLY",
    "AUTO_FOR_SALES": "SALES_UP_AND_DOWN",
    "MANUAL": "MANUAL",
    "RULE_BASED": "RULE_BASED",
}
_PLACEMENTS = {
    "PLACEMENT_TOP": "TOP_OF_SEARCH",
    "PLACEMENT_PRODUCT_PAGE": "PRODUCT_PAGE",
    "PLACEMENT_REST_OF_SEARCH": "REST_OF_SEARCH",
    "SITE_AMAZON_BUSINESS": "SITE_AMAZON_BUSINESS",
}
_BIDDING = "optimizations.bidSettings."
_PRODUCT = "creative.productCreative.productCreativeSettings.advertisedProduct"

_OWN = own("SPONSORED_PRODUCTS", _STATES)

CAMPAIGNS = ResourceMapping(
    "sp.campaigns",
    (
        *_OWN,
        MemberRow("campaignId", "campaignId"),
        MemberRow("name", "name"),
        MemberRow("portfolioId", "portfolioId"),
        *days(),
        COUNTRIES,
        MemberRow(
            "autoCreationSettings.autoCreateTargets",
            "targetingType",
            "table",
            {"AUTO": True, "MANUAL": False},
        ),
        *budget(
            "budget.budget",
            "budget.effectiveBudget",
            MemberRow(
                "budgets.0.recurrenceTimePeriod",
                "budget.budgetType",
                "table",
                {"DAILY": "DAILY", "OTHER": "DAILY"},
            ),
        ),
        MemberRow("siteRestrictions", "siteRestrictions"),
        MemberRow("tags", "tags", "pairs"),
        MemberRow(f"{_BIDDING}bidStrategy", "dynamicBidding.strategy", "table", _STRATEGIES),
        adjustments(f"{_BIDDING}bidAdjustments", "dynamicBidding.placementBidding", _PLACEMENTS),
        audiences(f"{_BIDDING}bidAdjustments", "dynamicBidding.shopperCohortBidding"),
        MemberRow(
            "optimizations.budgetSettings.offAmazonBudgetControlStrategy",
            "offAmazonSettings.offAmazonBudgetControlStrategy",
        ),
    ),
)

AD_GROUPS = ResourceMapping(
    "sp.adGroups",
    (
        *_OWN,
        MemberRow("adGroupId", "adGroupId"),
        MemberRow("campaignId", "campaignId"),
        MemberRow("name", "name"),
        *DEFAULT_BID,
    ),
)

ADS = ResourceMapping(
    "sp.productAds",
    (
        *_OWN,
        MemberRow("adId", "adId"),
        MemberRow("adGroupId", "adGroupId"),
        MemberRow("campaignId", "campaignId"),
        MemberRow("adType", by="constant", value="PRODUCT_AD"),
        MemberRow(_PRODUCT, "", "product", (("SKU", "sku"), ("ASIN", "asin"))),
        MemberRow(
            f"{_PRODUCT}.globalStoreSetting.catalogSourceMarketplace",
            "globalStoreSetting.catalogSourceCountryCode",
        ),
        MemberRow("creative.productCreative.productCreativeSettings.headline", "customText"),
    ),
)


def _target(
    resource: str,
    own_id: str,
    rows: tuple[MemberRow, ...],
    *,
    level: str = "adGroupId",
    **more: Any,
) -> ResourceMapping:
    group = (MemberRow("adGroupId", "adGroupId"),) if level == "adGroupId" else ()
    ids = (*_OWN, MemberRow("targetId", own_id), MemberRow("campaignId", "campaignId"), *group)
    return target(resource, ids, rows, level=level, **more)


_MATCHES = {word: word for word in ("BROAD", "PHRASE", "EXACT")}
_NEGATIVE_MATCHES = {f"NEGATIVE_{word}": word for word in _MATCHES}
_PLAIN = ("PRODUCT", "PRODUCT_CATEGORY")
_CLAUSE = clause("expression", SP_PARTS)


def _keyword(resource: str, *, negative: bool, **more: Any) -> ResourceMapping:
    rows = keyword(_NEGATIVE_MATCHES if negative else _MATCHES)
    return _target(resource, "keywordId", rows, kinds=("KEYWORD",), negative=negative, **more)


def _negative_clause(resource: str, level: str) -> ResourceMapping:
    return _target(resource, "targetId", _CLAUSE, kinds=_PLAIN, negative=True, level=level)


TARGETS = (
    _keyword("sp.keywords", negative=False),
    _keyword("sp.negativeKeywords", negative=True),
    _keyword("sp.campaignNegativeKeywords", negative=True, level="campaignId"),
    _target(
        "sp.targets",
        "targetId",
        _CLAUSE,
        kinds=(*_PLAIN, "THEME"),
        negative=False,
        initial={"expressionType": "MANUAL"},
    ),
    _negative_clause("sp.negativeTargets", "adGroupId"),
    _negative_clause("sp.campaignNegativeTargets", "campaignId"),
)

MAPPINGS: dict[str, tuple[ResourceMapping, ...]] = {
    "v1.sp.campaigns": (CAMPAIGNS,),
    "v1.sp.adGroups": (AD_GROUPS,),
    "v1.sp.ads": (ADS,),
    "v1.sp.targets": TARGETS,
}
