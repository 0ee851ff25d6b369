"""Sponsored Brands in the unified model.

Data only. Source: OpenAPI AdsAPIv1SponsoredBrands and campaign management reference 3
(documented: members and words of either). Which goal, placement, sales channel and way of
targeting is which, and
that every campaign may have several ad groups, are assumed.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.unified.clause import SB_PARTS
from adsmock.mockserver.catalog.unified.creative import CREATIVE
from adsmock.mockserver.catalog.unified.face import Face
from adsmock.mockserver.catalog.unified.shared import (
    COUNTRIES,
    SMALL,
    adjustments,
    audiences,
    budget,
    clause,
    days,
    keyword,
    own,
    target,
)
from adsmock.mockserver.catalog.view import Row

_BIDDING = "optimizations.bidSettings."
_GOALS = "optimizations.goalSettings."
_PLACEMENTS = {
    "TOP_OF_SEARCH": "TOP_OF_SEARCH",
    "HOME": "HOME_PAGE",
    "DETAIL_PAGE": "PRODUCT_PAGE",
    "OTHER": "REST_OF_SEARCH",
}
_CHANNELS = {
    "SOLD_ON_AMAZON": "AMAZON",
    "NOT_SOLD_ON_AMAZON": "OFF_AMAZON",
    "SOLD_ON_DTC": "OFF_AMAZON",
}
_KPIS = {"PAGE_VISIT": "CLICKS", "BRAND_IMPRESSION_SHARE": "TOP_OF_SEARCH_IMPRESSION_SHARE"}
_AIMS = {"PAGE_VISIT": "CONSIDERATION", "BRAND_IMPRESSION_SHARE": "AWARENESS"}
_STATES = {**SMALL, "draft": "PAUSED"}

_OWN = own("SPONSORED_BRANDS")

CAMPAIGNS = Face(
    "sb.campaigns",
    (
        *_OWN,
        Row("campaignId", "campaignId"),
        Row("name", "name"),
        Row("portfolioId", "portfolioId"),
        *days(),
        COUNTRIES,
        Row("brandId", "brandEntityId"),
        Row("costType", "costType"),
        Row("isMultiAdGroupsEnabled", by="constant", value=True),
        Row(
            "autoCreationSettings.autoCreateTargets",
            "smartDefault.0",
            "table",
            {"TARGETING": True, "MANUAL": False},
        ),
        Row("salesChannel", "productLocation", "table", _CHANNELS),
        Row("siteRestrictions", "siteRestrictions"),
        Row("tags", "tags", "pairs"),
        *budget(
            "budget",
            "ruleBasedBudget.value",
            Row("budgets.0.recurrenceTimePeriod", "budgetType"),
        ),
        Row(
            f"{_BIDDING}bidStrategy",
            "bidding.bidOptimization",
            "table",
            {True: "SALES_UP_AND_DOWN", False: "MANUAL"},
        ),
        adjustments(f"{_BIDDING}bidAdjustments", "bidding.bidAdjustmentsByPlacement", _PLACEMENTS),
        audiences(f"{_BIDDING}bidAdjustments", "bidding.shopperCohortBidAdjustments"),
        Row(f"{_GOALS}kpi", "goal", "table", _KPIS),
        Row(f"{_GOALS}goal", "goal", "table", _AIMS),
    ),
)

AD_GROUPS = Face(
    "sb.adGroups",
    (
        *_OWN,
        Row("adGroupId", "adGroupId"),
        Row("campaignId", "campaignId"),
        Row("name", "name"),
    ),
)


ADS = Face(
    "sb.ads",
    (
        *_OWN,
        Row("adId", "adId"),
        Row("adGroupId", "adGroupId"),
        Row("campaignId", "campaignId"),
        Row("name", "name"),
        Row("adType", by="constant", value="COMPONENT"),
        CREATIVE,
    ),
    live=("activeCreative", "creative"),
)

_BELOW = own("SPONSORED_BRANDS", _STATES)
_IDS = (Row("adGroupId", "adGroupId", "id"), Row("campaignId", "campaignId", "parent", 0))
_PLAIN = ("PRODUCT", "PRODUCT_CATEGORY")


def _keyword(resource: str, matches: dict[str, str], *, negative: bool) -> Face:
    ids = (*_BELOW, Row("targetId", "keywordId", "id"), *_IDS)
    return target(resource, ids, keyword(matches), kinds=("KEYWORD",), negative=negative)


def _clause(resource: str, *, negative: bool) -> Face:
    ids = (*_BELOW, Row("targetId", "targetId", "id"), *_IDS)
    return target(resource, ids, clause("expressions", SB_PARTS), kinds=_PLAIN, negative=negative)


THEMES = target(
    "sb.themes",
    (
        *_BELOW,
        Row("targetId", "themeId"),
        Row("adGroupId", "adGroupId"),
        Row("campaignId", "campaignId"),
    ),
    (
        Row("targetType", by="constant", value="THEME"),
        Row("targetDetails.themeTarget.matchType", "themeType"),
    ),
    kinds=("THEME",),
    negative=False,
)

FACES: dict[str, tuple[Face, ...]] = {
    "v1.sb.campaigns": (CAMPAIGNS,),
    "v1.sb.adGroups": (AD_GROUPS,),
    "v1.sb.ads": (ADS,),
    "v1.sb.targets": (
        _keyword(
            "sb.keywords",
            {"broad": "BROAD", "phrase": "PHRASE", "exact": "EXACT"},
            negative=False,
        ),
        _keyword(
            "sb.negativeKeywords",
            {"negativeExact": "EXACT", "negativePhrase": "PHRASE"},
            negative=True,
        ),
        _clause("sb.targets", negative=False),
        _clause("sb.negativeTargets", negative=True),
        THEMES,
    ),
}
