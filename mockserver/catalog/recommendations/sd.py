"""What is recommended for Sponsored Display.

Knows questions and templates of answers. Must not hold functions.

Source: OpenAPI SponsoredDisplay (documented: members). Every number, how many there are and in
which order they stand are assumed.
"""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.catalog.recommendations.model import (
    Advice,
    By,
    Code,
    Each,
    If,
    Money,
    Or,
    Whole,
)
from adsmock.mockserver.catalog.recommendations.shared_parts import (
    HIGH,
    LOW,
    MISSED,
    MORE,
    NOT_FOUND,
)

_PRODUCTS = Each("product", {"asin": "{asin}", "rank": "{rank}", "advertisedAsins": "{asked}"})
_CATEGORIES = Each(
    "category",
    {
        "category": "{number}",
        "name": "{name}",
        "path": "{steps}",
        "rank": "{rank}",
        "targetableAsinCountRange": {
            "rangeLower": Whole("products", 100, 4000),
            "rangeUpper": Whole("products", 100, 4000, 2.5),
        },
        "translatedName": If("locale", "{name}"),
        "translatedPath": If("locale", "{steps}"),
    },
)
_THEMES = {
    "products": Each(
        "{themes.product}",
        {
            "code": "200",
            "name": "{name}",
            "expression": "{expression}",
            "recommendations": Each(
                "product",
                {"asin": "{asin}", "rank": "{rank}", "advertisedAsins": "{asked}"},
                most=50,
            ),
        },
    )
}
_LISTS: dict[str, Any] = {
    "categories": If("typeFilter", _CATEGORIES, holds="CATEGORY"),
    "audiences": If(
        "typeFilter",
        Each(
            "audienceKind",
            {
                "category": "{kind}",
                "audiences": Each(
                    "{below}", {"audience": "{id}", "name": "{name}", "rank": "{rank}"}
                ),
            },
        ),
        holds="AUDIENCE",
    ),
    "contentCategories": If(
        "typeFilter",
        Each("content", {"contentCategory": "{id}", "name": "{name}", "rank": "{rank}"}),
        holds="CONTENT_CATEGORY",
    ),
}
_FLAT = Advice(
    {
        "recommendations": {
            "products": If("typeFilter", _PRODUCTS, holds="PRODUCT"),
            "themes": If("themes.product", _THEMES),
            **_LISTS,
        }
    },
    about=("products",),
    asins="products",
    count=("", 100, 100),
)
_NESTED = Advice(
    {
        "recommendations": {
            "products": If("typeFilter", ({"products": _PRODUCTS},), holds="PRODUCT"),
            "themes": If("themes.product", {"themes": _THEMES}),
            **_LISTS,
        }
    },
    about=("products",),
    asins="products",
    count=("", 100, 100),
)

_DAY = (("IMPRESSIONS", 90.0), ("REACH", 40.0), ("CLICKS", 1.0), ("CONVERSIONS", 0.1))


SD: dict[str, Advice] = {
    "sd.advice.targets": _FLAT,
    "sd.advice.targets.v3.4.reply": _NESTED,
    "sd.advice.targets.v3.5.reply": _NESTED,
    "sd.advice.bids": Advice(
        {
            "costType": If("costType", "{costType}", "cpc"),
            "bidOptimization": "{bidOptimization}",
            "bidRecommendations": Each(
                "{targetingClauses}",
                {
                    "code": "200",
                    "rangeLower": Money(times=LOW),
                    "recommended": Money(),
                    "rangeUpper": Money(times=HIGH),
                },
            ),
        },
        about=("products", "costType", "bidOptimization", "creativeType"),
        limit=By("costType", {"vcpm": "sd.bid.vcpm"}, "sd.bid.cpc"),
        asins="products",
    ),
    "sd.advice.budgets": Advice(
        {
            "budgetRecommendationsSuccessResults": Each(
                "{campaignIds}",
                {
                    "campaignId": "{item}",
                    "index": "{index}",
                    "suggestedBudget": Money(
                        "budget", limit="sd.budget", base="budget", spread=MORE
                    ),
                    "sevenDaysMissedOpportunities": MISSED,
                },
                judged="campaign",
            ),
            "budgetRecommendationsErrorResults": Each(
                "{campaignIds}",
                {
                    "campaignId": "{item}",
                    "index": "{index}",
                    "code": Or("planned.code", "404"),
                    "details": NOT_FOUND["details"],
                },
                judged="campaign",
                passed=False,
            ),
        },
        daily=True,
    ),
    "sd.advice.headlines": Advice(
        {
            "requestId": Code("request"),
            "recommendations": Each("headline", {"headline": "{headline}", "headlineId": Code()}),
        },
        about=("asins",),
        asins="asins",
        exact=True,
        count=("maxNumRecommendations", 10, 10),
    ),
    "sd.advice.forecasts": Advice(
        {
            "bidOptimization": "{adGroup.bidOptimization}",
            "forecastStatus": "COMPLETE",
            **{
                member: tuple(
                    {
                        "metric": metric,
                        "value": {
                            "min": Whole("clicks", 10, 300, times * days),
                            "max": Whole("clicks", 10, 300, times * days * 2),
                        },
                    }
                    for metric, times in _DAY
                )
                for member, days in (
                    ("dailyForecasts", 1),
                    ("weeklyForecasts", 7),
                    ("lifetimeForecasts", 7),
                )
            },
            "curves": (),
        },
        about=("campaign", "adGroup", "productAds", "targetingClauses"),
        daily=True,
    ),
}
