"""What is recommended for Sponsored Products: budgets and campaigns.

Knows questions and templates of answers. Must not hold functions.

Source: OpenAPI SponsoredProducts (documented: members). Every number, how
many there are and in which order they stand are assumed.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.recommendations.model import (
    Advice,
    By,
    Code,
    Day,
    Each,
    Money,
    One,
    Page,
    Whole,
)
from adsmock.mockserver.catalog.recommendations.shared_parts import (
    CAMPAIGN,
    EVENTS,
    MISSED,
    MORE,
    NOT_FOUND,
)

_BENCHMARK = {
    "benchmarkStatus": "success",
    "values": {
        "clicks": {"lower": Whole("clicks", 20, 200), "upper": Whole("clicks", 20, 200, 2)},
        "conversions": {
            "lower": Whole("clicks", 20, 200, 0.05),
            "upper": Whole("clicks", 20, 200, 0.15),
        },
        "impressions": {
            "lower": Whole("clicks", 20, 200, 90),
            "upper": Whole("clicks", 20, 200, 240),
        },
    },
}
_NEW_BUDGET = (10.0, 60.0)

_GROUP = {
    "action": "INCREASE",
    "targetId": "{targetId}",
    "adGroupId": "{adGroupId}",
    "suggestedBid": Money(limit="sp.bid"),
    "targetingGroupExpression": By(
        "expression.0.type",
        {
            "QUERY_HIGH_REL_MATCHES": "CLOSE_MATCH",
            "QUERY_BROAD_REL_MATCHES": "LOOSE_MATCH",
            "ASIN_SUBSTITUTE_RELATED": "SUBSTITUTES",
            "ASIN_ACCESSORY_RELATED": "COMPLEMENTS",
        },
    ),
}

SP: dict[str, Advice] = {
    "sp.advice.budgets": Advice(
        {
            "budgetRecommendationsSuccessResults": Each(
                "{campaignIds}",
                {
                    "campaignId": "{item}",
                    "index": "{index}",
                    "suggestedBudget": Money(
                        "budget", limit="sp.budget", base="budget", spread=MORE
                    ),
                    "sevenDaysMissedOpportunities": MISSED,
                    "budgetRuleRecommendation": {
                        "ruleId": Code("rule"),
                        "ruleName": "Suggested increase",
                        "suggestedBudgetIncreasePercent": Whole("percent", 1, 10, 5),
                    },
                },
                judged="campaign",
            ),
            "budgetRecommendationsErrorResults": Each(
                "{campaignIds}",
                {"campaignId": "{item}", "index": "{index}", "Error": NOT_FOUND},
                judged="campaign",
                passed=False,
            ),
        },
        daily=True,
    ),
    "sp.advice.events": Advice(EVENTS, about=("campaignId",), needs=(CAMPAIGN,)),
    "sp.advice.campaigns": Advice(
        {
            "recommendations": Each(
                "page",
                {
                    "campaignId": "{campaignId}",
                    "budgetRecommendation": {
                        "action": "INCREASE",
                        "suggestedBudget": Money(
                            "budget", limit="sp.budget", base="budget", spread=MORE
                        ),
                    },
                    "biddingStrategyRecommendation": {
                        "action": "UPDATE",
                        "suggestedBiddingStrategy": One(
                            "strategy", ("AUTO_FOR_SALES", "LEGACY_FOR_SALES", "MANUAL")
                        ),
                    },
                    "placementBiddingRecommendations": (
                        {
                            "action": "ADD",
                            "placementType": "PLACEMENT_TOP",
                            "suggestedBidAdjustment": Whole("percent", 1, 20, 5),
                            "incrementalImpressionsLowerPercent": Whole("more", 2, 20),
                            "incrementalImpressionsUpperPercent": Whole("more", 2, 20, 2),
                        },
                    ),
                    "keywordTargetingRecommendations": Each(
                        "@keywords",
                        {
                            "action": "INCREASE",
                            "keywordId": "{keywordId}",
                            "keywordText": "{keywordText}",
                            "matchType": "{matchType}",
                            "adGroupId": "{adGroupId}",
                            "suggestedBid": Money(limit="sp.bid"),
                        },
                        most=50,
                    ),
                    "targetingGroupBidRecommendations": Each(
                        "@targets", By("expressionType", {"AUTO": _GROUP}), most=50
                    ),
                    "sevenDaysEstimatedOpportunities": {
                        "startDate": Day(1, "%Y-%m-%dT00:00:00Z"),
                        "endDate": Day(7, "%Y-%m-%dT00:00:00Z"),
                        "estimatedIncrementalClicksLower": Whole("clicks", 5, 200),
                        "estimatedIncrementalClicksUpper": Whole("clicks", 5, 200, 2),
                    },
                },
            ),
            "nextToken": "{next}",
        },
        page=Page("campaign", "maxResults", usual=50, most=50, token="nextToken"),
        daily=True,
    ),
    "sp.initialBudgets.budgets": Advice(
        {
            "recommendationId": Code("recommendation"),
            "dailyBudget": Money("/budget", spread=_NEW_BUDGET),
            "benchmark": _BENCHMARK,
            "specialEvents": Each(
                "campaignEvent",
                {
                    "eventKey": "{key}",
                    "eventName": "{name}",
                    "startDate": "{first}",
                    "endDate": "{last}",
                    "dailyBudget": Money("/budget", times=1.5, spread=_NEW_BUDGET),
                    "budgetModifier": 1.5,
                    "benchmark": _BENCHMARK,
                },
                most=5,
            ),
        },
        about=("adGroups", "bidding", "targetingType"),
        limit="sp.budget",
    ),
}
