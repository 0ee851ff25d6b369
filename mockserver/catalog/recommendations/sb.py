"""Recommendations of Sponsored Brands.

Source: OpenAPI SponsoredBrandsV3 and SponsoredBrandsV4 (documented: members). Numbers, counts and
order are assumed.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.recommendations.model import (
    ByValue,
    DateAhead,
    If,
    Money,
    OrDefault,
    Paging,
    RandomId,
    Recommendation,
    RowsOf,
)
from adsmock.mockserver.catalog.recommendations.shared_parts import (
    CAMPAIGN,
    COUNTED,
    COUNTS,
    EVENTS,
    HIGH,
    LOW,
    NOT_FOUND,
    budgets,
    ends,
    named,
)

_BID = ByValue(
    "costType",
    {"VCPM": "sb.bid.vcpm.image.bis", "vcpm": "sb.bid.vcpm.image.bis"},
    ByValue("adFormat", {"video": "sb.bid.video"}, "sb.bid.image"),
)
_RECOMMENDED = {
    "recommendationId": RandomId(length=32),
    "recommendedBid": {
        "rangeStart": Money(times=LOW),
        "recommended": Money(),
        "rangeEnd": Money(times=HIGH),
    },
}
_BAD = {"code": OrDefault("fault.code", "400")}
_BAD_KEYWORD = {
    **_BAD,
    "details": OrDefault("fault.details", "A keyword has at most 10 words and 80 characters"),
}
_BAD_TARGET = {
    **_BAD,
    "details": OrDefault("fault.details", "The targeting expression is not valid"),
}
_BAD_THEME = {**_BAD, "details": OrDefault("fault.details", "The theme type is not known")}

_FORECAST = ("min", "max")
_BRANDS = RowsOf("page", {"brandRefinementId": "{id}", "name": "{name}"})
_BRAND_PAGE = Paging("brand", "", default=100, most=100, token="nextToken")

SB: dict[str, Recommendation] = {
    "sb.budgetAdvice.budgets": budgets("sb.budget", "success", "error", NOT_FOUND),
    "sb.budgetAdvice.costs": Recommendation(
        {
            "costControlMetric": "{costControlMetric}",
            "minimumValue": Money("least", spread=(1.0, 1.0)),
            "recommendedValue": Money(),
        },
        about=("landingPages",),
        limit="sb.bid.image",
    ),
    "sb.suggestions.events": Recommendation(EVENTS, about=("campaignId",), needs=(CAMPAIGN,)),
    "sb.suggestions.bids": Recommendation(
        {
            "keywordsBidsRecommendationSuccessResults": RowsOf(
                "{keywords}",
                {"keyword": "{item}", "keywordIndex": "{index}", **_RECOMMENDED},
                check="keyword",
            ),
            "keywordsBidsRecommendationErrorResults": RowsOf(
                "{keywords}",
                {
                    **_BAD_KEYWORD,
                    "keyword": {"type": "{matchType}", "value": "{keywordText}"},
                    "keywordIndex": "{index}",
                },
                check="keyword",
                passed=False,
            ),
            "targetsBidsRecommendationSuccessResults": RowsOf(
                "{targets}",
                {"targets": "{item}", "targetsIndex": "{index}", **_RECOMMENDED},
                check="expression",
            ),
            "targetsBidsRecommendationErrorResults": RowsOf(
                "{targets}",
                {**_BAD_TARGET, "targets": "{item}", "targetsIndex": "{index}"},
                check="expression",
                passed=False,
            ),
            "themesRecommendationSuccessResults": RowsOf(
                "{themeTypes}",
                {"themeType": "{item}", "themeIndex": "{index}", **_RECOMMENDED},
                check="theme",
            ),
            "themesRecommendationErrorResults": RowsOf(
                "{themeTypes}",
                {**_BAD_THEME, "themeType": "{item}", "themeIndex": "{index}"},
                check="theme",
                passed=False,
            ),
        },
        about=("campaignId", "adFormat", "costType", "goal"),
        limit=_BID,
        needs=(CAMPAIGN,),
    ),
    "sb.suggestions.keywords": Recommendation(
        RowsOf(
            "keyword",
            {
                "type": "addKeyword",
                "value": "{keyword}",
                "matchType": "PHRASE",
                "recommendationId": RandomId(length=32),
                "translation": If("locale", "{keyword}"),
                "searchTermImpressionRank": None,
                "searchTermImpressionShare": None,
            },
        ),
        about=("asins", "url"),
        asins="asins",
        exact=True,
        count=("maxNumSuggestions", 100, 1000),
    ),
    "sb.suggestions.brands": Recommendation(
        {"brandRecommendationResults": RowsOf("brand", {"id": "{number}", "name": "{name}"})},
        about=("categoryId", "keyword"),
    ),
    "sb.suggestions.categories": Recommendation(
        {
            "categoryRecommendationResults": RowsOf(
                "category",
                {
                    "id": "{number}",
                    "name": "{name}",
                    "path": "{path}",
                    "isTargetable": True,
                    "translatedName": If("locale", "{name}"),
                    "translatedPath": If("locale", "{path}"),
                },
            )
        },
        asins="asins",
        exact=True,
    ),
    "sb.suggestions.products": Recommendation(
        {
            "recommendedProducts": RowsOf("page", {"recommendedTargetAsin": "{asin}"}),
            "nextToken": "{next}",
        },
        about=("filters",),
        asins="filters",
        exact=True,
        page=Paging("product", "maxResults", default=100, most=100, token="nextToken"),
    ),
    "sb.advice.brands": Recommendation(
        {
            "brands": _BRANDS,
            "nextToken": "{next}",
        },
        page=_BRAND_PAGE,
    ),
    "sb.advice.categoryTree": Recommendation(
        {
            "categoryTree": RowsOf(
                "page",
                {
                    "categoryRefinementId": "{id}",
                    "parentCategoryRefinementId": "{parent}",
                    "name": "{name}",
                    "isTargetable": True,
                    "asinCountRange": COUNTS,
                    "translatedName": If("locale", "{name}"),
                },
            ),
            "nextToken": "{next}",
        },
        page=Paging("node", "", default=5000, most=5000, token="nextToken"),
    ),
    "sb.advice.refinements": Recommendation(
        {
            "brands": _BRANDS,
            "ageRanges": named("age", "ageRangeRefinementId"),
            "genres": named("genre", "genreRefinementId"),
            "nextToken": "{next}",
        },
        about=("categoryRefinementId",),
        page=_BRAND_PAGE,
    ),
    "sb.advice.counts": COUNTED,
    "sb.advice.headlines": Recommendation(
        {
            "requestId": RandomId("request"),
            "suggestions": RowsOf("headline", {"headline": "{headline}", "headlineId": RandomId()}),
        },
        about=("asins", "storePages"),
        asins="asins",
        exact=True,
        count=("maxNumSuggestions", 10, 10),
    ),
    "sb.advice.forecasts": Recommendation(
        {
            "campaigns": {
                "errors": (),
                "successes": RowsOf(
                    "{campaigns}",
                    {
                        "index": "{index}",
                        "campaign": {
                            "forecastTimestamp": DateAhead(0, "%Y-%m-%dT00:00:00Z"),
                            "forecasts": (
                                {
                                    "metric": "IMPRESSION",
                                    "value": ends("clicks", 10, 40, (90, 240), _FORECAST),
                                },
                                {
                                    "metric": "CLICK",
                                    "value": ends("clicks", 10, 40, names=_FORECAST),
                                },
                            ),
                        },
                    },
                ),
            }
        },
        daily=True,
    ),
}
