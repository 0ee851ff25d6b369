"""Sponsored Display: what its resources are, beyond the wire: parents, unique keys, limits, rules.

Source: campaign management reference 1.9 (bids by cost type), 4 (resources). ``by`` on
each row gives the status of the source.
"""

from __future__ import annotations

from functools import partial

from adsmock.mockserver.catalog import shared_rules
from adsmock.mockserver.catalog.resource import Course, Resource, Review, Rule, Serving, Unique

_CAMPAIGN, _AD_GROUP = _UNDER_AD_GROUP = shared_rules.under("sd")
_child = partial(Resource, parents=_UNDER_AD_GROUP, is_placed_by_lowest=True)

_HOUR = 3600
_PRODUCTS = (
    "asinAgeRangeSameAs",
    "asinBrandSameAs",
    "asinCategorySameAs",
    "asinGenreSameAs",
    "asinIsPrimeShippingEligible",
    "asinPriceBetween",
    "asinPriceGreaterThan",
    "asinPriceLessThan",
    "asinReviewRatingBetween",
    "asinReviewRatingGreaterThan",
    "asinReviewRatingLessThan",
    "asinSameAs",
    "contentCategorySameAs",
    "similarProduct",
)
_PEOPLE = ("audience", "purchases", "views")
_BARE = ("exactProduct", "negative", "relatedProduct", "similarProduct")


def _bid(member: str) -> Rule:
    return Rule(
        "bid_by_parent",
        by="documented",
        settings={
            "bid": member,
            "parent": 0,
            "by": "costType",
            "limits": {"cpc": "sd.bid.cpc", "vcpm": "sd.bid.vcpm"},
        },
    )


_TARGETING_SERVING = Serving(
    states=shared_rules.states("TARGET_STATUS", "TARGET_STATUS_LIVE"), by="documented"
)
_NO_SERVING = Serving(states={}, by="documented")
"""For resources without a serving status."""

RESOURCES: tuple[Resource, ...] = (
    Resource(
        "sd.campaigns",
        unique=shared_rules.UNIQUE_CAMPAIGN,
        rules=(shared_rules.DATES, shared_rules.IN_PORTFOLIO),
        fixed=("budgetType", "costType"),
        serving=Serving(
            states=shared_rules.states("CAMPAIGN", "ADVERTISER_STATUS_ENABLED"),
            incomplete="CAMPAIGN_INCOMPLETE",
            needs=(("sd.productAds",), ("sd.targets",)),
            begins="startDate",
            ends="endDate",
            by="documented",
        ),
    ),
    Resource(
        "sd.adGroups",
        parents=(_CAMPAIGN,),
        unique=shared_rules.UNIQUE_AD_GROUP,
        rules=(_bid("defaultBid"),),
        fixed=("campaignId",),
        copied=((0, "tactic"),),
        serving=Serving(
            states=shared_rules.AD_GROUP,
            incomplete="AD_GROUP_INCOMPLETE",
            needs=(("sd.productAds",), ("sd.targets",)),
            by="documented",
        ),
    ),
    _child(
        "sd.productAds",
        unique=Unique(
            ("adGroupId", "sku", "asin", "landingPageURL"), "sku,asin,landingPageURL", by="assumed"
        ),
        serving=Serving(states=shared_rules.states("AD_STATUS", "AD_STATUS_LIVE"), by="documented"),
    ),
    _child(
        "sd.targets",
        unique=Unique(("adGroupId", "expressionType", "expression"), "expression", by="assumed"),
        rules=(
            Rule(
                "allowed_by_parent",
                by="documented",
                settings={
                    "member": "expression",
                    "parent": 0,
                    "by": "tactic",
                    "allowed": {"T00020": _PRODUCTS, "T00030": _PEOPLE},
                    "message": "Expression type {kind} is not supported for tactic {by}",
                },
                verbs=("create",),
            ),
            Rule(
                "expression",
                by="assumed",
                settings={
                    "member": "expression",
                    "patterns": {"asinSameAs": r"[A-Z0-9]{10}"},
                    "bare": _BARE,
                },
                verbs=("create",),
            ),
            _bid("bid"),
        ),
        mirrors=(("expression", "resolvedExpression"),),
        serving=_TARGETING_SERVING,
    ),
    _child(
        "sd.negativeTargets",
        unique=Unique(("adGroupId", "expression"), "expression", by="assumed"),
        rules=(
            Rule(
                "expression",
                by="assumed",
                settings={"member": "expression", "patterns": {"asinSameAs": r"[A-Z0-9]{10}"}},
                verbs=("create",),
            ),
        ),
        mirrors=(("expression", "resolvedExpression"),),
        serving=_TARGETING_SERVING,
    ),
    _child(
        "sd.creatives",
        review=Review(
            course=Course(
                fastest=1 * _HOUR,
                slowest=72 * _HOUR,
                passes=0.9,
                stages=((0.0, "PENDING_REVIEW"), (1.0, "APPROVED")),
                refused="REJECTED",
                by="assumed",
            ),
            status="moderationStatus",
        ),
        serving=_NO_SERVING,
    ),
    _child(
        "sd.locations",
        unique=Unique(("adGroupId", "expression"), "expression", by="assumed"),
        mirrors=(("expression", "resolvedExpression"),),
        serving=_NO_SERVING,
    ),
)
