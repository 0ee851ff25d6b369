"""Sponsored Brands: what its resources are, beyond the wire: parents, unique keys, rules, reviews.

Source: campaign management reference 2.9 (uniqueness), 2.11 (serving status), 3.1 (goals, cost,
one ad type per ad group, review up to 72 hours). ``by`` on each row gives the status of the source.
"""

from __future__ import annotations

from functools import partial

from adsmock.mockserver.catalog import shared_rules
from adsmock.mockserver.catalog.resource import (
    Awaits,
    Course,
    Offspring,
    Parent,
    Resource,
    Review,
    Rule,
    Serving,
    Unique,
)

_CAMPAIGN, _AD_GROUP = _UNDER_AD_GROUP = shared_rules.under("sb")
_child = partial(Resource, parents=_UNDER_AD_GROUP, is_placed_by_lowest=True)
_PARENTS = ("campaignId", "adGroupId")
_AD = Parent("adId", "sb.ads")

_HOUR = 3_600.0
_COURSE = Course(
    fastest=1 * _HOUR,
    slowest=72 * _HOUR,
    passes=0.9,
    stages=(
        (0.0, "SUBMITTED_FOR_MODERATION"),
        (0.1, "PENDING_MODERATION_REVIEW"),
        (1.0, "APPROVED_BY_MODERATION"),
        (1.1, "PUBLISHED"),
    ),
    refused="REJECTED_BY_MODERATION",
    by="assumed",
)
_ALIKE = (
    "asinExclusions", "asins", "brandLogoCrop", "brandName", "consentToTranslate",
    "creativePropertiesToOptimize", "customImageAssetId", "customImageCrop", "customImages",
    "headline", "subpages", "title", "videoAssetIds",
)  # fmt: skip
_TRANSCRIPT = (
    *((f"creative.{name}", f"creativeProperties.{name}") for name in _ALIKE),
    ("creative.brandLogoAssetID", "creativeProperties.brandLogoAssetId"),
    ("creative.type", "creativeType"),
    ("landingPage.asins", "creativeProperties.landingPage.asins"),
    ("landingPage.pageType", "creativeProperties.landingPage.type"),
    ("landingPage.url", "creativeProperties.landingPage.value"),
)
"""Members of an ad, and the same members of its creative."""
_OF_COLLECTIONS = (
    ("creative.landingPage.pageType", "creativeProperties.landingPage.type"),
    ("creative.landingPage.url", "creativeProperties.landingPage.value"),
)
"""Members that a collection is created with in its creative, and an ad shows next to it."""


def _needs(member: str, other: str, message: str, **more: object) -> Rule:
    settings = {
        "member": member,
        "other": other,
        "error": "otherError",
        "reason": "CAMPAIGN_GOAL_TYPE_INVALID",
        "message": message,
        **more,
    }
    return Rule("needs", by="documented", settings=settings, verbs=("create",))


_TARGETING_SERVING = Serving(states=shared_rules.CLAUSE, by="assumed")

_BID = Rule(
    "bid_by_parent",
    by="documented",
    settings={
        "bid": "bid",
        "parent": 0,
        "by": "costType",
        "limits": {
            "CPC": "sb.bid.image",
            "CPM": "sb.bid.vcpm.image.bis",
            "FIXED_PRICE": "",  # nothing is bid for what is reserved
            "VCPM": "sb.bid.vcpm.image.bis",
        },
    },
)

_EXPRESSIONS = Rule(
    "expression",
    by="assumed",
    settings={"member": "expressions", "patterns": {"asinSameAs": r"[A-Z0-9]{10}"}},
    verbs=("create",),
)

RESOURCES: tuple[Resource, ...] = (
    Resource(
        "sb.campaigns",
        unique=shared_rules.UNIQUE_CAMPAIGN,
        rules=(
            shared_rules.DATES,
            shared_rules.IN_PORTFOLIO,
            _needs("goal", "costType", "A goal needs a cost type."),
            _needs("costType", "goal", "A cost type needs a goal."),
            _needs(
                "goal",
                "costType",
                "The goal needs another cost type.",
                values=("BRAND_IMPRESSION_SHARE",),
                allowed=("VCPM",),
            ),
            _needs(
                "costType",
                "targetedPGDealId",
                "A fixed price needs a deal.",
                values=("FIXED_PRICE",),
                reason="CAMPAIGN_COST_TYPE_INVALID",
            ),
            _needs(
                "endDate",
                "startDate",
                "An end date needs a start date.",
                error="dateError",
                reason="INVALID_DATE",
            ),
        ),
        follows=(("goal", "smartDefault", ["TARGETING"]),),
        serving=Serving(
            states=shared_rules.CAMPAIGN,
            incomplete="CAMPAIGN_INCOMPLETE",
            needs=(("sb.ads",),),
            begins="startDate",
            ends="endDate",
            awaits=Awaits("sb.ads", waiting="PENDING_REVIEW", refused="REJECTED"),
            by="documented",
        ),
    ),
    Resource(
        "sb.adGroups",
        parents=(_CAMPAIGN,),
        unique=shared_rules.UNIQUE_AD_GROUP,
        offspring=(
            Offspring(
                resource="sb.themes",
                parent=0,
                variant="",
                holds=("smartDefault", "TARGETING"),
                inherits=("campaignId", "adGroupId"),
                items=(
                    {"themeType": "KEYWORDS_RELATED_TO_YOUR_BRAND", "state": "enabled"},
                    {"themeType": "KEYWORDS_RELATED_TO_YOUR_LANDING_PAGES", "state": "enabled"},
                ),
                by="documented",
            ),
        ),
        serving=Serving(
            states=shared_rules.AD_GROUP,
            incomplete="AD_GROUP_INCOMPLETE",
            needs=(("sb.ads",),),
            awaits=Awaits(
                "sb.ads",
                waiting="AD_GROUP_POLICING_PENDING_REVIEW",
                refused="AD_GROUP_POLICING_CREATIVE_REJECTED",
            ),
            by="documented",
        ),
    ),
    _child(
        "sb.ads",
        rules=(
            Rule(
                "uniform",
                by="documented",
                settings={
                    "member": "creative.type",
                    "parent": 1,
                    "error": "otherError",
                    "reason": "AD_TYPE_CONFLICT_IN_AD_GROUP",
                    "message": "An ad group takes ads of one type.",
                },
                verbs=("create",),
            ),
        ),
        offspring=(
            Offspring(
                resource="sb.creatives",
                parent=0,
                variant="",
                inherits=("campaignId", "adGroupId", "adId"),
                items=({},),
                by="assumed",
                transcribes=(*_TRANSCRIPT, *_OF_COLLECTIONS),
            ),
        ),
        review=Review(
            course=_COURSE,
            of="sb.creatives",
            member="creative",
            status="creativeStatus",
            version="creativeVersion",
            waiting="AD_POLICING_PENDING_REVIEW",
            refused="AD_POLICING_SUSPENDED",
            shows=tuple((new, place) for place, new in _TRANSCRIPT),
        ),
        serving=Serving(states=shared_rules.AD, by="documented"),
    ),
    Resource(
        "sb.creatives",
        parents=(*_UNDER_AD_GROUP, _AD),
        is_placed_by_lowest=True,
        variant="creativeType",
        written=(
            ("adId", "adId"),
            *((f"creative.{name}", f"creativeProperties.{name}") for name in _ALIKE),
            ("creative.brandLogoAssetId", "creativeProperties.brandLogoAssetId"),
            ("creative.brandLogoAssetID", "creativeProperties.brandLogoAssetId"),
            *_OF_COLLECTIONS,
            ("creative.landingPage.asins", "creativeProperties.landingPage.asins"),
            ("creative.landingPage.type", "creativeProperties.landingPage.type"),
        ),
        review=Review(course=_COURSE, status="creativeStatus"),
        serving=Serving(states={}, by="documented"),
    ),
    _child(
        "sb.keywords",
        unique=shared_rules.UNIQUE_KEYWORD,
        rules=(_BID,),
        fixed=_PARENTS,
        serving=_TARGETING_SERVING,
    ),
    _child(
        "sb.negativeKeywords",
        unique=shared_rules.UNIQUE_KEYWORD,
        fixed=_PARENTS,
        serving=_TARGETING_SERVING,
    ),
    _child(
        "sb.targets",
        unique=Unique(("adGroupId", "expressions"), "expressions", by="assumed"),
        rules=(_EXPRESSIONS, _BID),
        fixed=_PARENTS,
        mirrors=(("expressions", "resolvedExpressions"),),
        serving=_TARGETING_SERVING,
    ),
    _child(
        "sb.negativeTargets",
        unique=Unique(("adGroupId", "expressions"), "expressions", by="assumed"),
        rules=(_EXPRESSIONS,),
        fixed=_PARENTS,
        mirrors=(("expressions", "resolvedExpressions"),),
        serving=_TARGETING_SERVING,
    ),
    _child(
        "sb.themes",
        unique=Unique(("adGroupId", "themeType"), "themeType", by="assumed"),
        rules=(_BID,),
        fixed=_PARENTS,
        serving=_TARGETING_SERVING,
    ),
)
