"""Sponsored Products in the unified model: one face for each of its nine resources.

Data only. Source: campaign management reference 8 (documented: members and words), OpenAPI
AdsAPIv1SponsoredProducts. That a first day begins and a last day ends at midnight of the
profile's time zone is assumed.
"""

from __future__ import annotations

from typing import Any

from mockserver.catalog.unified.clause import SP_PARTS
from mockserver.catalog.unified.face import Face
from mockserver.catalog.view import Row

HOMES = {"UK": "GB"}
"""Countries that the unified model writes differently (documented)."""
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
_MONEY = "budgets.0.budgetValue.monetaryBudgetValue.monetaryBudget."
_BIDDING = "optimizations.bidSettings."
_ADJUSTMENTS = f"{_BIDDING}bidAdjustments."
_PRODUCT = "creative.productCreative.productCreativeSettings.advertisedProduct"

_OWN = (
    Row("adProduct", by="constant", value="SPONSORED_PRODUCTS"),
    Row("state", "state", "table", _STATES),
    Row("marketplaceScope", by="constant", value="SINGLE_MARKETPLACE"),
    Row("marketplaces", by="home", value=HOMES),
    Row("creationDateTime", by="created"),
    Row("lastUpdatedDateTime", by="updated"),
)

CAMPAIGNS = Face(
    "sp.campaigns",
    (
        *_OWN,
        Row("campaignId", "campaignId"),
        Row("name", "name"),
        Row("portfolioId", "portfolioId"),
        Row("startDateTime", "startDate", "day", "T00:00:00"),
        Row("endDateTime", "endDate", "day", "T23:59:59"),
        Row("countries", by="home", value=HOMES),
        Row(
            "autoCreationSettings.autoCreateTargets",
            "targetingType",
            "table",
            {"AUTO": True, "MANUAL": False},
        ),
        Row("budgets.0.budgetType", by="constant", value="MONETARY"),
        Row(
            "budgets.0.recurrenceTimePeriod",
            "budget.budgetType",
            "table",
            {"DAILY": "DAILY", "OTHER": "DAILY"},
        ),
        Row(f"{_MONEY}value", "budget.budget"),
        Row(f"{_MONEY}currencyCode", "budget", "currency"),
        Row(f"{_MONEY}ruleValue", "budget.effectiveBudget", "shown"),
        Row("siteRestrictions", "siteRestrictions"),
        Row("tags", "tags", "pairs"),
        Row(f"{_BIDDING}bidStrategy", "dynamicBidding.strategy", "table", _STRATEGIES),
        Row(
            f"{_ADJUSTMENTS}placementBidAdjustments",
            "dynamicBidding.placementBidding",
            "rows",
            (
                Row("placement", "placement", "table", _PLACEMENTS),
                Row("percentage", "percentage"),
            ),
        ),
        Row(
            f"{_ADJUSTMENTS}audienceBidAdjustments",
            "dynamicBidding.shopperCohortBidding",
            "rows",
            (
                Row("audienceId", "audienceSegments.0.audienceId"),
                Row("percentage", "percentage"),
                Row("", "shopperCohortType", "said", "AUDIENCE_SEGMENT"),
            ),
        ),
        Row(
            "optimizations.budgetSettings.offAmazonBudgetControlStrategy",
            "offAmazonSettings.offAmazonBudgetControlStrategy",
        ),
    ),
)

AD_GROUPS = Face(
    "sp.adGroups",
    (
        *_OWN,
        Row("adGroupId", "adGroupId"),
        Row("campaignId", "campaignId"),
        Row("name", "name"),
        Row("bid.defaultBid", "defaultBid"),
        Row("bid.currencyCode", "defaultBid", "currency"),
    ),
)

ADS = Face(
    "sp.productAds",
    (
        *_OWN,
        Row("adId", "adId"),
        Row("adGroupId", "adGroupId"),
        Row("campaignId", "campaignId"),
        Row("adType", by="constant", value="PRODUCT_AD"),
        Row(_PRODUCT, "", "product", (("SKU", "sku"), ("ASIN", "asin"))),
        Row(
            f"{_PRODUCT}.globalStoreSetting.catalogSourceMarketplace",
            "globalStoreSetting.catalogSourceCountryCode",
        ),
        Row("creative.productCreative.productCreativeSettings.headline", "customText"),
    ),
)


def _target(
    resource: str, own_id: str, rows: tuple[Row, ...], *, level: str, negative: bool, **more: Any
) -> Face:
    kinds: tuple[str, ...] = more.pop("kinds")
    return Face(
        resource,
        (
            *_OWN,
            Row("targetId", own_id),
            Row("campaignId", "campaignId"),
            *((Row("adGroupId", "adGroupId"),) if level == "adGroupId" else ()),
            Row(
                "targetLevel",
                by="constant",
                value="AD_GROUP" if level == "adGroupId" else "CAMPAIGN",
            ),
            Row("negative", by="constant", value=negative),
            *(() if negative else _BID),
            *rows,
        ),
        when={"negative": (negative,), "targetType": kinds},
        level=level,
        **more,
    )


_BID = (Row("bid.bid", "bid"), Row("bid.currencyCode", "bid", "currency"))
_MATCHES = {"BROAD": "BROAD", "PHRASE": "PHRASE", "EXACT": "EXACT"}
_NEGATIVE_MATCHES = {f"NEGATIVE_{word}": word for word in ("BROAD", "PHRASE", "EXACT")}


def _keyword(resource: str, matches: dict[str, str], *, level: str, negative: bool) -> Face:
    details = "targetDetails.keywordTarget."
    rows = (
        Row("targetType", by="constant", value="KEYWORD"),
        Row(f"{details}keyword", "keywordText"),
        Row(f"{details}matchType", "matchType", "table", matches),
        Row(f"{details}nativeLanguageKeyword", "nativeLanguageKeyword"),
        Row(f"{details}nativeLanguageLocale", "nativeLanguageLocale"),
    )
    return _target(resource, "keywordId", rows, level=level, negative=negative, kinds=("KEYWORD",))


def _clause(resource: str, kinds: tuple[str, ...], *, level: str, negative: bool) -> Face:
    rows = (
        Row("targetType", "expression", "part_kind", SP_PARTS),
        Row("targetDetails", "expression", "parts", SP_PARTS),
    )
    born = {} if negative else {"expressionType": "MANUAL"}
    return _target(
        resource, "targetId", rows, level=level, negative=negative, kinds=kinds, born=born
    )


_PLAIN = ("PRODUCT", "PRODUCT_CATEGORY")

TARGETS = (
    _keyword("sp.keywords", _MATCHES, level="adGroupId", negative=False),
    _keyword("sp.negativeKeywords", _NEGATIVE_MATCHES, level="adGroupId", negative=True),
    _keyword("sp.campaignNegativeKeywords", _NEGATIVE_MATCHES, level="campaignId", negative=True),
    _clause("sp.targets", (*_PLAIN, "THEME"), level="adGroupId", negative=False),
    _clause("sp.negativeTargets", _PLAIN, level="adGroupId", negative=True),
    _clause("sp.campaignNegativeTargets", _PLAIN, level="campaignId", negative=True),
)

FACES: dict[str, tuple[Face, ...]] = {
    "v1.sp.campaigns": (CAMPAIGNS,),
    "v1.sp.adGroups": (AD_GROUPS,),
    "v1.sp.ads": (ADS,),
    "v1.sp.targets": TARGETS,
}
