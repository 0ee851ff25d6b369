"""Sponsored Brands in the unified model.

Data only. Source: OpenAPI AdsAPIv1SponsoredBrands and campaign management reference 3
(documented: members and words of either). Which goal, placement and sales channel is which, and
that every campaign may have several ad groups, are assumed. Ads, products and themes have no face.
"""

from __future__ import annotations

from mockserver.catalog.unified.face import Face
from mockserver.catalog.unified.sp import HOMES
from mockserver.catalog.view import Row

_MONEY = "budgets.0.budgetValue.monetaryBudgetValue.monetaryBudget."
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
_STATES = {"enabled": "ENABLED", "paused": "PAUSED", "archived": "ARCHIVED", "draft": "PAUSED"}

_ANY = (
    Row("adProduct", by="constant", value="SPONSORED_BRANDS"),
    Row("marketplaceScope", by="constant", value="SINGLE_MARKETPLACE"),
    Row("marketplaces", by="home", value=HOMES),
    Row("creationDateTime", by="created"),
    Row("lastUpdatedDateTime", by="updated"),
)

CAMPAIGNS = Face(
    "sb.campaigns",
    (
        *_ANY,
        Row("campaignId", "campaignId"),
        Row("name", "name"),
        Row("state", "state"),
        Row("portfolioId", "portfolioId"),
        Row("startDateTime", "startDate", "day", "T00:00:00"),
        Row("endDateTime", "endDate", "day", "T23:59:59"),
        Row("countries", by="home", value=HOMES),
        Row("brandId", "brandEntityId"),
        Row("costType", "costType"),
        Row("isMultiAdGroupsEnabled", by="constant", value=True),
        Row("salesChannel", "productLocation", "table", _CHANNELS),
        Row("siteRestrictions", "siteRestrictions"),
        Row("tags", "tags", "pairs"),
        Row("budgets.0.budgetType", by="constant", value="MONETARY"),
        Row("budgets.0.recurrenceTimePeriod", "budgetType"),
        Row(f"{_MONEY}value", "budget"),
        Row(f"{_MONEY}currencyCode", "budget", "currency"),
        Row(f"{_MONEY}ruleValue", "ruleBasedBudget.value", "shown"),
        Row(
            f"{_BIDDING}bidStrategy",
            "bidding.bidOptimization",
            "table",
            {True: "SALES_UP_AND_DOWN", False: "MANUAL"},
        ),
        Row(
            f"{_BIDDING}bidAdjustments.placementBidAdjustments",
            "bidding.bidAdjustmentsByPlacement",
            "rows",
            (
                Row("placement", "placement", "table", _PLACEMENTS),
                Row("percentage", "percentage"),
            ),
        ),
        Row(
            f"{_BIDDING}bidAdjustments.audienceBidAdjustments",
            "bidding.shopperCohortBidAdjustments",
            "rows",
            (
                Row("audienceId", "audienceSegments.0.audienceId"),
                Row("percentage", "percentage"),
                Row("", "shopperCohortType", "said", "AUDIENCE_SEGMENT"),
            ),
        ),
        Row(f"{_GOALS}kpi", "goal", "table", _KPIS),
        Row(f"{_GOALS}goal", "goal", "table", _AIMS),
    ),
)

AD_GROUPS = Face(
    "sb.adGroups",
    (
        *_ANY,
        Row("adGroupId", "adGroupId"),
        Row("campaignId", "campaignId"),
        Row("name", "name"),
        Row("state", "state"),
    ),
)


def _keyword(resource: str, matches: dict[str, str], *, negative: bool) -> Face:
    bid = () if negative else (Row("bid.bid", "bid"), Row("bid.currencyCode", "bid", "currency"))
    details = "targetDetails.keywordTarget."
    return Face(
        resource,
        (
            *_ANY,
            Row("targetId", "keywordId", "id"),
            Row("adGroupId", "adGroupId", "id"),
            Row("campaignId", "campaignId", "parent", 0),
            Row("state", "state", "table", _STATES),
            Row("negative", by="constant", value=negative),
            *bid,
            Row("targetType", by="constant", value="KEYWORD"),
            Row("targetLevel", by="constant", value="AD_GROUP"),
            Row(f"{details}keyword", "keywordText"),
            Row(f"{details}matchType", "matchType", "table", matches),
            Row(f"{details}nativeLanguageKeyword", "nativeLanguageKeyword"),
            Row(f"{details}nativeLanguageLocale", "nativeLanguageLocale"),
        ),
        when={"negative": (negative,), "targetType": ("KEYWORD",)},
        level="adGroupId",
    )


FACES: dict[str, tuple[Face, ...]] = {
    "v1.sb.campaigns": (CAMPAIGNS,),
    "v1.sb.adGroups": (AD_GROUPS,),
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
    ),
}
