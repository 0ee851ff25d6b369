"""Sponsored Products v3: its nine resources beyond the wire: parents, unique keys, limits, rules.

Source: campaign management reference 2.3 (automatic targets), 2.8 (states), 2.9 (uniqueness),
2.10 (limits), 2.11 (serving status). ``by`` on each row gives the status of the source.
"""

from __future__ import annotations

from adsmock.mockserver.catalog import shared_rules
from adsmock.mockserver.catalog.resource import (
    Identified,
    Limit,
    MergedList,
    Offspring,
    Resource,
    Rule,
    Serving,
    Unique,
)

_CAMPAIGN, _AD_GROUP = _UNDER_AD_GROUP = shared_rules.under("sp")
_UNDER_CAMPAIGN = (_CAMPAIGN,)

_AUTOMATIC = (
    "QUERY_HIGH_REL_MATCHES",
    "QUERY_BROAD_REL_MATCHES",
    "ASIN_SUBSTITUTE_RELATED",
    "ASIN_ACCESSORY_RELATED",
)

_TARGETING_SERVING = Serving(states=shared_rules.CLAUSE, by="documented")
_NOT_IN_AUTO = Rule(
    "targeting_type",
    by="documented",
    settings={
        "parent": 0,
        "refused": "AUTO",
        "error": "targetingClauseSetupError",
        "reason": "TARGETING_TYPE_NOT_ALLOWED_FOR_AUTO_TARGETING_CAMPAIGN",
        "message": "Only negative keywords and negative product targets are allowed in "
        "auto-targeting campaigns",
    },
    verbs=("create",),
)
_ASIN_VALUES = Rule(
    "expression",
    by="assumed",
    settings={
        "member": "expression",
        "patterns": {"ASIN_SAME_AS": r"[A-Z0-9]{10}", "ASIN_EXPANDED_FROM": r"[A-Z0-9]{10}"},
        "automatic": _AUTOMATIC,
    },
)


def _within_budget(bid: str) -> Rule:
    settings = {"bid": bid, "parent": 0, "budget": "budget.budget"}
    return Rule("within_budget", by="assumed", settings=settings)


def _alone(other: str) -> Rule:
    settings = {"parent": 1, "other": other}
    return Rule("alone", by="documented", settings=settings, verbs=("create",))


RESOURCES: tuple[Resource, ...] = (
    Resource(
        "sp.campaigns",
        unique=shared_rules.UNIQUE_CAMPAIGN,
        limits=(Limit(10_000, by="assumed"),),
        rules=(shared_rules.DATES, shared_rules.IN_PORTFOLIO),
        variant="targetingType",
        fixed=("targetingType", "siteRestrictions"),
        blank_ignored=("portfolioId",),
        merged_lists=(
            MergedList(
                "dynamicBidding", "placementBidding", "placement", "percentage", by="observed"
            ),
        ),
        serving=Serving(
            states=shared_rules.CAMPAIGN,
            incomplete="CAMPAIGN_INCOMPLETE",
            needs=(("sp.productAds",), ("sp.keywords", "sp.targets")),
            begins="startDate",
            ends="endDate",
            holder=shared_rules.PORTFOLIO,
            by="documented",
        ),
    ),
    Resource(
        "sp.adGroups",
        parents=_UNDER_CAMPAIGN,
        unique=shared_rules.UNIQUE_AD_GROUP,
        limits=(Limit(20_000, by="assumed", parent=0), Limit(200_000, by="assumed")),
        rules=(_within_budget("defaultBid"),),
        offspring=(
            Offspring(
                resource="sp.targets",
                parent=0,
                variant="AUTO",
                inherits=("campaignId", "adGroupId"),
                items=tuple(
                    {"expression": [{"type": kind}], "expressionType": "AUTO", "state": "ENABLED"}
                    for kind in _AUTOMATIC
                ),
                by="documented",
            ),
        ),
        serving=Serving(
            states=shared_rules.AD_GROUP,
            incomplete="AD_GROUP_INCOMPLETE",
            needs=(("sp.productAds",), ("sp.keywords", "sp.targets")),
            by="documented",
        ),
    ),
    Resource(
        "sp.productAds",
        parents=_UNDER_AD_GROUP,
        unique=Unique(("adGroupId", "sku|asin"), "sku,asin", by="documented"),
        identified=Identified("asin", "sku", by="observed"),
        rules=(
            Rule(
                "product",
                by="documented",
                settings={"member": "sku", "pattern": r"\S(.{0,38}\S)?", "reason": "INVALID_SKU"},
                verbs=("create",),
                accounts=("seller",),
            ),
            Rule(
                "product",
                by="documented",
                settings={"member": "asin", "pattern": r"[A-Z0-9]{10}", "reason": "INVALID_ASIN"},
                verbs=("create",),
                accounts=("vendor",),
            ),
            Rule(
                "sole",
                by="documented",
                settings={"member": "customText", "parent": 1},
                verbs=("create",),
            ),
        ),
        serving=Serving(states=shared_rules.AD, by="documented"),
    ),
    Resource(
        "sp.keywords",
        parents=_UNDER_AD_GROUP,
        unique=shared_rules.UNIQUE_KEYWORD,
        limits=(Limit(1_000, by="assumed", parent=1), Limit(2_000_000, by="assumed")),
        rules=(_NOT_IN_AUTO, _alone("sp.targets"), _within_budget("bid")),
        serving=_TARGETING_SERVING,
    ),
    Resource(
        "sp.negativeKeywords",
        parents=_UNDER_AD_GROUP,
        unique=shared_rules.UNIQUE_KEYWORD,
        serving=_TARGETING_SERVING,
    ),
    Resource(
        "sp.campaignNegativeKeywords",
        parents=_UNDER_CAMPAIGN,
        unique=Unique(("campaignId", "keywordText", "matchType"), "keywordText", by="documented"),
        serving=_TARGETING_SERVING,
    ),
    Resource(
        "sp.targets",
        parents=_UNDER_AD_GROUP,
        unique=Unique(("adGroupId", "expressionType", "expression"), "expression", by="observed"),
        rules=(
            _NOT_IN_AUTO,
            _alone("sp.keywords"),
            Rule(
                "manual_only",
                by="documented",
                settings={"member": "expressionType", "refused": "AUTO"},
            ),
            _ASIN_VALUES,
            _within_budget("bid"),
        ),
        variant="expressionType",
        locked=("AUTO",),
        variant_fixed=("expression", "expressionType"),
        mirrors=(("expression", "resolvedExpression"),),
        serving=_TARGETING_SERVING,
    ),
    Resource(
        "sp.negativeTargets",
        parents=_UNDER_AD_GROUP,
        unique=Unique(("adGroupId", "expression"), "expression", by="documented"),
        rules=(_ASIN_VALUES,),
        mirrors=(("expression", "resolvedExpression"),),
        serving=_TARGETING_SERVING,
    ),
    Resource(
        "sp.campaignNegativeTargets",
        parents=_UNDER_CAMPAIGN,
        unique=Unique(("campaignId", "expression"), "expression", by="documented"),
        rules=(
            Rule(
                "targeting_type",
                by="documented",
                settings={
                    "parent": 0,
                    "refused": "MANUAL",
                    # The rule is documented, the kind of its refusal is not: no set-up reason
                    # fits.
                    "error": "otherError",
                    "reason": "OTHER_ERROR",
                    "message": "Negative product targets of a campaign are only allowed in "
                    "auto-targeting campaigns",
                },
                verbs=("create",),
                accounts=("seller",),
            ),
            _ASIN_VALUES,
        ),
        mirrors=(("expression", "resolvedExpression"),),
        serving=_TARGETING_SERVING,
    ),
)
