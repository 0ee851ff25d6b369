"""Recommendations of Sponsored Products: budgets and campaigns.

Source: OpenAPI SponsoredProducts (documented: members). Numbers, counts and order are assumed.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.recommendations.model import (
    ByValue,
    Choice,
    DateAhead,
    IntegerBetween,
    Money,
    Paging,
    RandomId,
    Recommendation,
    RowsOf,
)
from adsmock.mockserver.catalog.recommendations.shared_parts import (
    BUDGET_RESULTS,
    CAMPAIGN,
    EVENTS,
    MORE,
    NOT_FOUND,
    budgets,
    ends,
)

_BENCHMARK = {
    "benchmarkStatus": "success",
    "values": {
        "clicks": ends("clicks", 20, 200),
        "conversions": ends("clicks", 20, 200, (0.05, 0.15)),
        "impressions": ends("clicks", 20, 200, (90, 240)),
    },
}
_NEW_BUDGET = (10.0, 60.0)
_MORE_CLICKS = ("estimatedIncrementalClicksLower", "estimatedIncrementalClicksUpper")
_MORE_IMPRESSIONS = ("incrementalImpressionsLowerPercent", "incrementalImpressionsUpperPercent")

_GROUP = {
    "action": "INCREASE",
    "targetId": "{targetId}",
    "adGroupId": "{adGroupId}",
    "suggestedBid": Money(limit="sp.bid"),
    "targetingGroupExpression": ByValue(
        "expression.0.type",
        {
            "QUERY_HIGH_REL_MATCHES": "CLOSE_MATCH",
            "QUERY_BROAD_REL_MATCHES": "LOOSE_MATCH",
            "ASIN_SUBSTITUTE_RELATED": "SUBSTITUTES",
            "ASIN_ACCESSORY_RELATED": "COMPLEMENTS",
        },
    ),
}

SP: dict[str, Recommendation] = {
    "sp.advice.budgets": budgets(
        "sp.budget",
        *BUDGET_RESULTS,
        {"Error": NOT_FOUND},
        budgetRuleRecommendation={
            "ruleId": RandomId("rule"),
            "ruleName": "Suggested increase",
            "suggestedBudgetIncreasePercent": IntegerBetween("percent", 1, 10, 5),
        },
    ),
    "sp.advice.events": Recommendation(EVENTS, about=("campaignId",), needs=(CAMPAIGN,)),
    "sp.advice.campaigns": Recommendation(
        {
            "recommendations": RowsOf(
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
                        "suggestedBiddingStrategy": Choice(
                            "strategy", ("AUTO_FOR_SALES", "LEGACY_FOR_SALES", "MANUAL")
                        ),
                    },
                    "placementBiddingRecommendations": (
                        {
                            "action": "ADD",
                            "placementType": "PLACEMENT_TOP",
                            "suggestedBidAdjustment": IntegerBetween("percent", 1, 20, 5),
                            **ends("more", 2, 20, names=_MORE_IMPRESSIONS),
                        },
                    ),
                    "keywordTargetingRecommendations": RowsOf(
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
                    "targetingGroupBidRecommendations": RowsOf(
                        "@targets", ByValue("expressionType", {"AUTO": _GROUP}), most=50
                    ),
                    "sevenDaysEstimatedOpportunities": {
                        "startDate": DateAhead(1, "%Y-%m-%dT00:00:00Z"),
                        "endDate": DateAhead(7, "%Y-%m-%dT00:00:00Z"),
                        **ends("clicks", 5, 200, names=_MORE_CLICKS),
                    },
                },
            ),
            "nextToken": "{next}",
        },
        page=Paging("campaign", "maxResults", default=50, most=50, token="nextToken"),
        daily=True,
    ),
    "sp.initialBudgets.budgets": Recommendation(
        {
            "recommendationId": RandomId("recommendation"),
            "dailyBudget": Money("/budget", spread=_NEW_BUDGET),
            "benchmark": _BENCHMARK,
            "specialEvents": RowsOf(
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
