"""The resources behind the rows of each ad product, and the report words of their members.

Products without resources have synthetic rows (``services.reporting.synthetic``, assumed). The word
``excludes`` leaves out targets that only say where not to serve.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.reporting.model import Product, Subject

_CAMPAIGN = {
    "id": "campaignId",
    "name": "name",
    "state": "state",
    "portfolio": "portfolioId",
    "begins": "startDate",
    "ends": "endDate",
    "budget": "budget",
    "budgetType": "budgetType",
    "costType": "costType",
}
_GROUP = {"id": "adGroupId", "name": "name", "state": "state", "bid": "defaultBid"}
_AD = {"id": "adId", "name": "name", "state": "state", "asin": "asin", "sku": "sku"}
_KEYWORD = {
    "id": "keywordId",
    "text": "keywordText",
    "match": "matchType",
    "kind": "matchType",
    "bid": "bid",
    "state": "state",
}
_TARGET = {
    "id": "targetId",
    "expression": "expression",
    "automatic": "expressionType",
    "bid": "bid",
    "state": "state",
}

PRODUCTS: dict[str, Product] = {
    "SPONSORED_PRODUCTS": Product(
        Subject(
            "sp.campaigns",
            {
                **_CAMPAIGN,
                "budget": "budget.budget",
                "budgetType": "budget.budgetType",
                "strategy": "dynamicBidding.strategy",
            },
        ),
        Subject("sp.adGroups", _GROUP),
        (Subject("sp.productAds", _AD),),
        (Subject("sp.keywords", _KEYWORD), Subject("sp.targets", _TARGET)),
    ),
    "SPONSORED_BRANDS": Product(
        Subject("sb.campaigns", _CAMPAIGN, defaults={"costType": "CPC"}),
        Subject("sb.adGroups", _GROUP),
        (Subject("sb.ads", _AD),),
        (
            Subject("sb.keywords", _KEYWORD),
            Subject("sb.targets", _TARGET | {"expression": "expressions"}),
            Subject(
                "sb.themes",
                {"id": "themeId", "text": "themeType", "bid": "bid", "state": "state"},
                defaults={"match": "THEME", "kind": "THEME"},
            ),
        ),
    ),
    "SPONSORED_DISPLAY": Product(
        Subject("sd.campaigns", _CAMPAIGN, defaults={"costType": "CPC"}),
        Subject("sd.adGroups", {**_GROUP, "optimization": "bidOptimization"}),
        (Subject("sd.productAds", _AD),),
        (Subject("sd.targets", _TARGET),),
    ),
    "SPONSORED_TELEVISION": Product(
        Subject(
            "v1.st.campaigns",
            {
                **_CAMPAIGN,
                "budget": "budgets.0.budgetValue.monetaryBudgetValue.monetaryBudget.value",
                "begins": "startDateTime",
                "ends": "endDateTime",
            },
            defaults={"budgetType": "DAILY"},
        ),
        Subject("v1.st.adGroups", _GROUP | {"bid": "bid.defaultBid"}),
        (Subject("v1.st.ads", _AD),),
        (
            Subject(
                "v1.st.targets",
                {
                    "id": "targetId",
                    "text": "targetDetails.audienceTarget.audienceId.defaultValue",
                    "kind": "targetType",
                    "match": "targetType",
                    "state": "state",
                    "excludes": "negative",
                },
            ),
        ),
    ),
}

PLACEMENTS: dict[str, str] = {
    "SPONSORED_PRODUCTS": "placement",
    "SPONSORED_BRANDS": "placementOnAmazon",
}
"""The split by placement of each product that has one."""

WORDS: dict[str, str] = {
    "DAILY": "DAILY_BUDGET",
    "LIFETIME": "LIFETIME_BUDGET",
    "QUERY_HIGH_REL_MATCHES": "close-match",
    "QUERY_BROAD_REL_MATCHES": "loose-match",
    "ASIN_SUBSTITUTE_RELATED": "substitutes",
    "ASIN_ACCESSORY_RELATED": "complements",
    "ASIN_SAME_AS": "asin",
    "ASIN_EXPANDED_FROM": "asin-expanded",
    "ASIN_CATEGORY_SAME_AS": "category",
    "ASIN_BRAND_SAME_AS": "brand",
    "asinSameAs": "asin",
    "asinCategorySameAs": "category",
    "asinBrandSameAs": "brand",
    "similarProduct": "similar-product",
}
"""Report words for words of the management API; others stay as they are (assumed)."""

AUTOMATIC = "TARGETING_EXPRESSION_PREDEFINED"
MANUAL = "TARGETING_EXPRESSION"
