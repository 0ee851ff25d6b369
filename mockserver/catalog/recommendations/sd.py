"""Recommendations of Sponsored Display.

Source: OpenAPI SponsoredDisplay (documented: members). Numbers, counts and order are assumed.
"""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.catalog.recommendations.model import (
    ByValue,
    If,
    Money,
    OrDefault,
    RandomId,
    Recommendation,
    RowsOf,
)
from adsmock.mockserver.catalog.recommendations.shared_parts import (
    BUDGET_RESULTS,
    HIGH,
    LOW,
    NOT_FOUND,
    budgets,
    ends,
)

_PRODUCTS = RowsOf("product", {"asin": "{asin}", "rank": "{rank}", "advertisedAsins": "{asked}"})
_CATEGORIES = RowsOf(
    "category",
    {
        "category": "{number}",
        "name": "{name}",
        "path": "{steps}",
        "rank": "{rank}",
        "targetableAsinCountRange": ends(
            "products", 100, 4000, (1.0, 2.5), ("rangeLower", "rangeUpper")
        ),
        "translatedName": If("locale", "{name}"),
        "translatedPath": If("locale", "{steps}"),
    },
)
_THEMES = {
    "products": RowsOf(
        "{themes.product}",
        {
            "code": "200",
            "name": "{name}",
            "expression": "{expression}",
            "recommendations": RowsOf(
                "product",
                {"asin": "{asin}", "rank": "{rank}", "advertisedAsins": "{asked}"},
                most=50,
            ),
        },
    )
}
_LISTS: dict[str, Any] = {
    "categories": If("typeFilter", _CATEGORIES, contains="CATEGORY"),
    "audiences": If(
        "typeFilter",
        RowsOf(
            "audienceKind",
            {
                "category": "{kind}",
                "audiences": RowsOf(
                    "{below}", {"audience": "{id}", "name": "{name}", "rank": "{rank}"}
                ),
            },
        ),
        contains="AUDIENCE",
    ),
    "contentCategories": If(
        "typeFilter",
        RowsOf("content", {"contentCategory": "{id}", "name": "{name}", "rank": "{rank}"}),
        contains="CONTENT_CATEGORY",
    ),
}
_FLAT = Recommendation(
    {
        "recommendations": {
            "products": If("typeFilter", _PRODUCTS, contains="PRODUCT"),
            "themes": If("themes.product", _THEMES),
            **_LISTS,
        }
    },
    about=("products",),
    asins="products",
    count=("", 100, 100),
)
_NESTED = Recommendation(
    {
        "recommendations": {
            "products": If("typeFilter", ({"products": _PRODUCTS},), contains="PRODUCT"),
            "themes": If("themes.product", {"themes": _THEMES}),
            **_LISTS,
        }
    },
    about=("products",),
    asins="products",
    count=("", 100, 100),
)

_DAY = (("IMPRESSIONS", 90.0), ("REACH", 40.0), ("CLICKS", 1.0), ("CONVERSIONS", 0.1))


SD: dict[str, Recommendation] = {
    "sd.advice.targets": _FLAT,
    "sd.advice.targets.v3.4.reply": _NESTED,
    "sd.advice.targets.v3.5.reply": _NESTED,
    "sd.advice.bids": Recommendation(
        {
            "costType": If("costType", "{costType}", "cpc"),
            "bidOptimization": "{bidOptimization}",
            "bidRecommendations": RowsOf(
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
        limit=ByValue("costType", {"vcpm": "sd.bid.vcpm"}, "sd.bid.cpc"),
        asins="products",
    ),
    "sd.advice.budgets": budgets(
        "sd.budget",
        *BUDGET_RESULTS,
        {"code": OrDefault("fault.code", "404"), "details": NOT_FOUND["details"]},
    ),
    "sd.advice.headlines": Recommendation(
        {
            "requestId": RandomId("request"),
            "recommendations": RowsOf(
                "headline", {"headline": "{headline}", "headlineId": RandomId()}
            ),
        },
        about=("asins",),
        asins="asins",
        exact=True,
        count=("maxNumRecommendations", 10, 10),
    ),
    "sd.advice.forecasts": Recommendation(
        {
            "bidOptimization": "{adGroup.bidOptimization}",
            "forecastStatus": "COMPLETE",
            **{
                member: tuple(
                    {
                        "metric": metric,
                        "value": ends(
                            "clicks", 10, 300, (times * days, times * days * 2), ("min", "max")
                        ),
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
