"""Sponsored Display in the unified model.

Data only. Source: OpenAPI AdsAPIv1SponsoredDisplay and campaign management reference 4
(documented: members and words of either). That a campaign made here has the tactic of contextual
targeting, and which goal is which bid optimization, are assumed. Targets of viewers and buyers of
products and locations have no face, audiences can only be read.
"""

from __future__ import annotations

from mockserver.catalog.unified.clause import SD_PARTS
from mockserver.catalog.unified.face import Face
from mockserver.catalog.unified.sp import HOMES
from mockserver.catalog.view import Row

_STATES = {"enabled": "ENABLED", "paused": "PAUSED", "archived": "ARCHIVED"}
_COSTS = {"cpc": "CPC", "vcpm": "VCPM"}
_GOALS = {"clicks": "CLICKS", "reach": "REACH", "conversions": "PURCHASES"}
_MONEY = "budgets.0.budgetValue.monetaryBudgetValue.monetaryBudget."
_CREATIVE = "creative.componentCreative."
_LANDING = (("landingPageType", "landingPageType"), ("landingPageUrl", "landingPageURL"))

_OWN = (
    Row("adProduct", by="constant", value="SPONSORED_DISPLAY"),
    Row("state", "state", "table", _STATES),
    Row("marketplaceScope", by="constant", value="SINGLE_MARKETPLACE"),
    Row("marketplaces", by="home", value=HOMES),
    Row("creationDateTime", by="created"),
    Row("lastUpdatedDateTime", by="updated"),
)

CAMPAIGNS = Face(
    "sd.campaigns",
    (
        *_OWN,
        Row("campaignId", "campaignId", "id"),
        Row("name", "name"),
        Row("portfolioId", "portfolioId", "id"),
        Row("startDateTime", "startDate", "short_day", "T00:00:00"),
        Row("endDateTime", "endDate", "short_day", "T23:59:59"),
        Row("countries", by="home", value=HOMES),
        Row("costType", "costType", "table", _COSTS),
        Row("budgets.0.budgetType", by="constant", value="MONETARY"),
        Row("budgets.0.recurrenceTimePeriod", by="constant", value="DAILY"),
        Row(f"{_MONEY}value", "budget"),
        Row(f"{_MONEY}currencyCode", "budget", "currency"),
        Row(f"{_MONEY}ruleValue", "ruleBasedBudget.value", "shown"),
    ),
    born={"tactic": "T00020"},
)

AD_GROUPS = Face(
    "sd.adGroups",
    (
        *_OWN,
        Row("adGroupId", "adGroupId", "id"),
        Row("campaignId", "campaignId", "id"),
        Row("name", "name"),
        Row("bid.defaultBid", "defaultBid"),
        Row("bid.currencyCode", "defaultBid", "currency"),
        Row("creativeType", "creativeType"),
        Row("optimization.goalSettings.kpi", "bidOptimization", "table", _GOALS),
    ),
)

ADS = Face(
    "sd.productAds",
    (
        *_OWN,
        Row("adId", "adId", "id"),
        Row("adGroupId", "adGroupId", "id"),
        Row("campaignId", "campaignId", "parent", 0),
        Row("name", "adName"),
        Row("adType", by="constant", value="COMPONENT"),
        Row(
            f"{_CREATIVE}responsiveEcommerceSettings.products.0",
            "",
            "product",
            (("SKU", "sku"), ("ASIN", "asin")),
        ),
        Row(
            f"{_CREATIVE}responsiveEcommerceSettings.landingPage",
            "",
            "group",
            (_LANDING, ("STORE", "MOMENT")),
        ),
        Row(
            f"{_CREATIVE}assetBasedCreativeSettings.landingPage",
            "",
            "group",
            (_LANDING, ("OFF_AMAZON_LINK",)),
        ),
    ),
)


def _target(resource: str, kinds: tuple[str, ...], *, negative: bool) -> Face:
    bid = () if negative else (Row("bid.bid", "bid"), Row("bid.currencyCode", "bid", "currency"))
    return Face(
        resource,
        (
            *_OWN,
            Row("targetId", "targetId", "id"),
            Row("adGroupId", "adGroupId", "id"),
            Row("campaignId", "campaignId", "parent", 0),
            Row("negative", by="constant", value=negative),
            *bid,
            Row("targetLevel", by="constant", value="AD_GROUP"),
            Row("targetType", "expression", "part_kind", SD_PARTS),
            Row("targetDetails", "expression", "parts", SD_PARTS),
        ),
        when={"negative": (negative,), "targetType": kinds},
        level="adGroupId",
        born={"expressionType": "manual"},
    )


_PLAIN = ("PRODUCT", "PRODUCT_CATEGORY")

FACES: dict[str, tuple[Face, ...]] = {
    "v1.sd.campaigns": (CAMPAIGNS,),
    "v1.sd.adGroups": (AD_GROUPS,),
    "v1.sd.ads": (ADS,),
    "v1.sd.targets": (
        _target("sd.targets", (*_PLAIN, "CONTENT_CATEGORY"), negative=False),
        _target("sd.negativeTargets", _PLAIN, negative=True),
    ),
}
