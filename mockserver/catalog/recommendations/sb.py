"""What is recommended for Sponsored Brands.

Knows questions and templates of answers. Must not hold functions.

Source: OpenAPI SponsoredBrandsV3 and SponsoredBrandsV4 (documented: members). Every number, how
many there are and in which order they stand are assumed.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.recommendations.model import (
    Advice,
    By,
    Code,
    Day,
    Each,
    If,
    Money,
    Or,
    Page,
    Part,
    Whole,
)
from adsmock.mockserver.catalog.recommendations.shared_parts import (
    CAMPAIGN,
    COUNTED,
    COUNTS,
    EVENTS,
    HIGH,
    LOW,
    MISSED,
    MORE,
    NOT_FOUND,
)

_BID = By(
    "costType",
    {"VCPM": "sb.bid.vcpm.image.bis", "vcpm": "sb.bid.vcpm.image.bis"},
    By("adFormat", {"video": "sb.bid.video"}, "sb.bid.image"),
)
_RECOMMENDED = {
    "recommendationId": Code(length=32),
    "recommendedBid": {
        "rangeStart": Money(times=LOW),
        "recommended": Money(),
        "rangeEnd": Money(times=HIGH),
    },
}
_BAD = {"code": Or("planned.code", "400")}
_BAD_KEYWORD = {
    **_BAD,
    "details": Or("planned.details", "A keyword has at most 10 words and 80 characters"),
}
_BAD_TARGET = {**_BAD, "details": Or("planned.details", "The targeting expression is not valid")}
_BAD_THEME = {**_BAD, "details": Or("planned.details", "The theme type is not known")}

SB: dict[str, Advice] = {
    "sb.budgetAdvice.budgets": Advice(
        {
            "success": Each(
                "{campaignIds}",
                {
                    "campaignId": "{item}",
                    "index": "{index}",
                    "suggestedBudget": Money(
                        "budget", limit="sb.budget", base="budget", spread=MORE
                    ),
                    "sevenDaysMissedOpportunities": MISSED,
                },
                judged="campaign",
            ),
            "error": Each(
                "{campaignIds}",
                {"campaignId": "{item}", "index": "{index}", **NOT_FOUND},
                judged="campaign",
                passed=False,
            ),
        },
        daily=True,
    ),
    "sb.budgetAdvice.costs": Advice(
        {
            "costControlMetric": "{costControlMetric}",
            "minimumValue": Money("least", spread=(1.0, 1.0)),
            "recommendedValue": Money(),
        },
        about=("landingPages",),
        limit="sb.bid.image",
    ),
    "sb.suggestions.events": Advice(EVENTS, about=("campaignId",), needs=(CAMPAIGN,)),
    "sb.suggestions.bids": Advice(
        {
            "keywordsBidsRecommendationSuccessResults": Each(
                "{keywords}",
                {"keyword": "{item}", "keywordIndex": "{index}", **_RECOMMENDED},
                judged="keyword",
            ),
            "keywordsBidsRecommendationErrorResults": Each(
                "{keywords}",
                {
                    **_BAD_KEYWORD,
                    "keyword": {"type": "{matchType}", "value": "{keywordText}"},
                    "keywordIndex": "{index}",
                },
                judged="keyword",
                passed=False,
            ),
            "targetsBidsRecommendationSuccessResults": Each(
                "{targets}",
                {"targets": "{item}", "targetsIndex": "{index}", **_RECOMMENDED},
                judged="expression",
            ),
            "targetsBidsRecommendationErrorResults": Each(
                "{targets}",
                {**_BAD_TARGET, "targets": "{item}", "targetsIndex": "{index}"},
                judged="expression",
                passed=False,
            ),
            "themesRecommendationSuccessResults": Each(
                "{themeTypes}",
                {"themeType": "{item}", "themeIndex": "{index}", **_RECOMMENDED},
                judged="theme",
            ),
            "themesRecommendationErrorResults": Each(
                "{themeTypes}",
                {**_BAD_THEME, "themeType": "{item}", "themeIndex": "{index}"},
                judged="theme",
                passed=False,
            ),
        },
        about=("campaignId", "adFormat", "costType", "goal"),
        limit=_BID,
        needs=(CAMPAIGN,),
    ),
    "sb.suggestions.keywords": Advice(
        Each(
            "keyword",
            {
                "type": "addKeyword",
                "value": "{keyword}",
                "matchType": "broad",
                "recommendationId": Code(),
                "translation": If("locale", "{keyword}"),
                "searchTermImpressionRank": Whole("place", 1, 30),
                "searchTermImpressionShare": Part("share", 0.1, 40),
            },
        ),
        about=("asins", "url"),
        asins="asins",
        exact=True,
        count=("maxNumSuggestions", 100, 1000),
    ),
    "sb.suggestions.brands": Advice(
        {"brandRecommendationResults": Each("brand", {"id": "{number}", "name": "{name}"})},
        about=("categoryId", "keyword"),
    ),
    "sb.suggestions.categories": Advice(
        {
            "categoryRecommendationResults": Each(
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
    "sb.suggestions.products": Advice(
        {
            "recommendedProducts": Each("page", {"recommendedTargetAsin": "{asin}"}),
            "nextToken": "{next}",
        },
        about=("filters",),
        asins="filters",
        exact=True,
        page=Page("product", "maxResults", usual=100, most=100, token="nextToken"),
    ),
    "sb.advice.brands": Advice(
        {
            "brands": Each("page", {"brandRefinementId": "{id}", "name": "{name}"}),
            "nextToken": "{next}",
        },
        page=Page("brand", "", usual=100, most=100, token="nextToken"),
    ),
    "sb.advice.categoryTree": Advice(
        {
            "categoryTree": Each(
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
        page=Page("node", "", usual=5000, most=5000, token="nextToken"),
    ),
    "sb.advice.refinements": Advice(
        {
            "brands": Each("page", {"brandRefinementId": "{id}", "name": "{name}"}),
            "ageRanges": Each(
                "age",
                {
                    "ageRangeRefinementId": "{id}",
                    "name": "{name}",
                    "translatedName": If("locale", "{name}"),
                },
            ),
            "genres": Each(
                "genre",
                {
                    "genreRefinementId": "{id}",
                    "name": "{name}",
                    "translatedName": If("locale", "{name}"),
                },
            ),
            "nextToken": "{next}",
        },
        about=("categoryRefinementId",),
        page=Page("brand", "", usual=100, most=100, token="nextToken"),
    ),
    "sb.advice.counts": COUNTED,
    "sb.advice.headlines": Advice(
        {
            "requestId": Code("request"),
            "suggestions": Each("headline", {"headline": "{headline}", "headlineId": Code()}),
        },
        about=("asins", "storePages"),
        asins="asins",
        exact=True,
        count=("maxNumSuggestions", 10, 10),
    ),
    "sb.advice.forecasts": Advice(
        {
            "campaigns": {
                "errors": (),
                "successes": Each(
                    "{campaigns}",
                    {
                        "index": "{index}",
                        "campaign": {
                            "forecastTimestamp": Day(0, "%Y-%m-%dT00:00:00Z"),
                            "forecasts": (
                                {
                                    "metric": "IMPRESSION",
                                    "value": {
                                        "min": Whole("clicks", 10, 40, 90),
                                        "max": Whole("clicks", 10, 40, 240),
                                    },
                                },
                                {
                                    "metric": "CLICK",
                                    "value": {
                                        "min": Whole("clicks", 10, 40),
                                        "max": Whole("clicks", 10, 40, 2),
                                    },
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
