"""Sponsored Display in the unified model.

Source: OpenAPI AdsAPIv1SponsoredDisplay and campaign management reference 4 (documented: members
and words of both). Assumed: a new campaign has the contextual tactic until its first target is an
audience, and the mapping of goals to bid optimizations. Locations and interests are not mapped.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.member_view import MemberRow
from adsmock.mockserver.catalog.unified.mapping import DerivedField, ResourceMapping
from adsmock.mockserver.catalog.unified.shared import (
    COUNTRIES,
    DEFAULT_BID,
    SMALL,
    budget,
    clause,
    days,
    own,
    target,
)
from adsmock.mockserver.catalog.unified.targeting import SD_PARTS

_COSTS = {"cpc": "CPC", "vcpm": "VCPM"}
_GOALS = {"clicks": "CLICKS", "reach": "REACH", "conversions": "PURCHASES"}
_CREATIVE = "creative.componentCreative."
_LANDING = (("landingPageType", "landingPageType"), ("landingPageUrl", "landingPageURL"))

_OWN = own("SPONSORED_DISPLAY", SMALL)

CAMPAIGNS = ResourceMapping(
    "sd.campaigns",
    (
        *_OWN,
        MemberRow("campaignId", "campaignId", "id"),
        MemberRow("name", "name"),
        MemberRow("portfolioId", "portfolioId", "id"),
        *days("short_day"),
        COUNTRIES,
        MemberRow("costType", "costType", "table", _COSTS),
        *budget(
            "budget",
            "ruleBasedBudget.value",
            MemberRow("budgets.0.recurrenceTimePeriod", by="constant", value="DAILY"),
        ),
    ),
    initial={"tactic": "T00020"},
)

AD_GROUPS = ResourceMapping(
    "sd.adGroups",
    (
        *_OWN,
        MemberRow("adGroupId", "adGroupId", "id"),
        MemberRow("campaignId", "campaignId", "id"),
        MemberRow("name", "name"),
        *DEFAULT_BID,
        MemberRow("creativeType", "creativeType"),
        MemberRow("optimization.goalSettings.kpi", "bidOptimization", "table", _GOALS),
    ),
)

ADS = ResourceMapping(
    "sd.productAds",
    (
        *_OWN,
        MemberRow("adId", "adId", "id"),
        MemberRow("adGroupId", "adGroupId", "id"),
        MemberRow("campaignId", "campaignId", "parent", 0),
        MemberRow("name", "adName"),
        MemberRow("adType", by="constant", value="COMPONENT"),
        MemberRow(
            f"{_CREATIVE}responsiveEcommerceSettings.products.0",
            "",
            "product",
            (("SKU", "sku"), ("ASIN", "asin")),
        ),
        MemberRow(
            f"{_CREATIVE}responsiveEcommerceSettings.landingPage",
            "",
            "group",
            (_LANDING, ("STORE", "MOMENT")),
        ),
        MemberRow(
            f"{_CREATIVE}assetBasedCreativeSettings.landingPage",
            "",
            "group",
            (_LANDING, ("OFF_AMAZON_LINK",)),
        ),
    ),
)


def _target(
    resource: str, kinds: tuple[str, ...], *, negative: bool, derived: DerivedField | None = None
) -> ResourceMapping:
    ids = (
        *_OWN,
        MemberRow("targetId", "targetId", "id"),
        MemberRow("adGroupId", "adGroupId", "id"),
        MemberRow("campaignId", "campaignId", "parent", 0),
    )
    return target(
        resource,
        ids,
        clause("expression", SD_PARTS),
        kinds=kinds,
        negative=negative,
        initial={"expressionType": "manual"},
        derived=derived,
    )


_PLAIN = ("PRODUCT", "PRODUCT_CATEGORY")
_CONTEXT = (*_PLAIN, "CONTENT_CATEGORY")
_PEOPLE = ("AUDIENCE", "PRODUCT_AUDIENCE")
_TURNED = dict.fromkeys(_PEOPLE, "T00030")

MAPPINGS: dict[str, tuple[ResourceMapping, ...]] = {
    "v1.sd.campaigns": (CAMPAIGNS,),
    "v1.sd.adGroups": (AD_GROUPS,),
    "v1.sd.ads": (ADS,),
    "v1.sd.targets": (
        _target(
            "sd.targets",
            (*_CONTEXT, *_PEOPLE),
            negative=False,
            derived=DerivedField("tactic", _TURNED, copies=("sd.adGroups",)),
        ),
        _target("sd.negativeTargets", _PLAIN, negative=True),
    ),
}
