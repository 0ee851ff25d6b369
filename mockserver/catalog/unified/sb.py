"""Sponsored Brands in the unified model.

Source: OpenAPI AdsAPIv1SponsoredBrands and campaign management reference 3 (documented: members and
words of both). Assumed: the mapping of goals, placements, sales channels and targeting, and that
every campaign can have several ad groups.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.member_view import MemberRow
from adsmock.mockserver.catalog.unified.creative import CREATIVE
from adsmock.mockserver.catalog.unified.mapping import ResourceMapping
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
from adsmock.mockserver.catalog.unified.targeting import SB_PARTS

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

CAMPAIGNS = ResourceMapping(
    "sb.campaigns",
    (
        *_OWN,
        MemberRow("campaignId", "campaignId"),
        MemberRow("name", "name"),
        MemberRow("portfolioId", "portfolioId"),
        *days(),
        COUNTRIES,
        MemberRow("brandId", "brandEntityId"),
        MemberRow("costType", "costType"),
        MemberRow("targetedPGDealId", "targetedPGDealId"),
        MemberRow("isMultiAdGroupsEnabled", by="constant", value=True),
        MemberRow(
            "autoCreationSettings.autoCreateTargets",
            "smartDefault.0",
            "table",
            {"TARGETING": True, "MANUAL": False},
        ),
        MemberRow("salesChannel", "productLocation", "table", _CHANNELS),
        MemberRow("siteRestrictions", "siteRestrictions"),
        MemberRow("tags", "tags", "pairs"),
        *budget(
            "budget",
            "ruleBasedBudget.value",
            MemberRow("budgets.0.recurrenceTimePeriod", "budgetType"),
        ),
        MemberRow(
            f"{_BIDDING}bidStrategy",
            "bidding.bidOptimization",
            "table",
            {True: "SALES_UP_AND_DOWN", False: "MANUAL"},
        ),
        adjustments(f"{_BIDDING}bidAdjustments", "bidding.bidAdjustmentsByPlacement", _PLACEMENTS),
        audiences(f"{_BIDDING}bidAdjustments", "bidding.shopperCohortBidAdjustments"),
        MemberRow(f"{_GOALS}kpi", "goal", "table", _KPIS),
        MemberRow(f"{_GOALS}goal", "goal", "table", _AIMS),
    ),
)

AD_GROUPS = ResourceMapping(
    "sb.adGroups",
    (
        *_OWN,
        MemberRow("adGroupId", "adGroupId"),
        MemberRow("campaignId", "campaignId"),
        MemberRow("name", "name"),
    ),
)


ADS = ResourceMapping(
    "sb.ads",
    (
        *_OWN,
        MemberRow("adId", "adId"),
        MemberRow("adGroupId", "adGroupId"),
        MemberRow("campaignId", "campaignId"),
        MemberRow("name", "name"),
        MemberRow("adType", by="constant", value="COMPONENT"),
        CREATIVE,
    ),
    live=("activeCreative", "creative"),
)

_BELOW = own("SPONSORED_BRANDS", _STATES)
_IDS = (
    MemberRow("adGroupId", "adGroupId", "id"),
    MemberRow("campaignId", "campaignId", "parent", 0),
)
_PLAIN = ("PRODUCT", "PRODUCT_CATEGORY")


def _keyword(resource: str, matches: dict[str, str], *, negative: bool) -> ResourceMapping:
    ids = (*_BELOW, MemberRow("targetId", "keywordId", "id"), *_IDS)
    return target(resource, ids, keyword(matches), kinds=("KEYWORD",), negative=negative)


def _clause(resource: str, *, negative: bool) -> ResourceMapping:
    ids = (*_BELOW, MemberRow("targetId", "targetId", "id"), *_IDS)
    return target(resource, ids, clause("expressions", SB_PARTS), kinds=_PLAIN, negative=negative)


THEMES = target(
    "sb.themes",
    (
        *_BELOW,
        MemberRow("targetId", "themeId"),
        MemberRow("adGroupId", "adGroupId"),
        MemberRow("campaignId", "campaignId"),
    ),
    (
        MemberRow("targetType", by="constant", value="THEME"),
        MemberRow("targetDetails.themeTarget.matchType", "themeType"),
    ),
    kinds=("THEME",),
    negative=False,
)

MAPPINGS: dict[str, tuple[ResourceMapping, ...]] = {
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
