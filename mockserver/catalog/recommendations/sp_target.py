"""Recommendations of Sponsored Products: bids and keywords.

Source: OpenAPI SponsoredProducts and SPSnapshotsSuggestedKeywords (documented: members).
Numbers, counts and order are assumed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from adsmock.mockserver.catalog.recommendations.model import (
    ByValue,
    DecimalBetween,
    If,
    IntegerBetween,
    IntegerOf,
    Money,
    PerCountry,
    RandomId,
    Recommendation,
    RequiredEntity,
    RowsOf,
)
from adsmock.mockserver.catalog.recommendations.shared_parts import CAMPAIGN, HIGH, LOW, ends

_AD_GROUP = RequiredEntity("adGroupId", "adGroups", under="campaignId")
_MANUAL = RequiredEntity(
    "adGroupId",
    "adGroups",
    under="campaignId",
    excluded_parent=("campaigns", "campaignId", "targetingType", "AUTO"),
    message="Getting keyword recommendations for AD Group in Auto Targeted Campaign is not "
    "supported",
)
_BOUNDS = ((0.6, 1.0), (1.0, 1.6), (1.4, 2.2))
_CLICKS = tuple(ends("clicks", 10, 60, times) for times in _BOUNDS)
_ORDERS = tuple(ends("orders", 2, 9, times) for times in _BOUNDS)
_IMPACT = {"clicks": {"values": _CLICKS}, "orders": {"values": _ORDERS}}
_IMPRESSIONS = ("estimatedImpressionLower", "estimatedImpressionUpper")
_ANALYSES = tuple(
    {
        "bid": Money(times=times),
        "type": kind,
        "impactMetrics": {
            "estimatedImpressionAvg": IntegerBetween("impressions", 400, 4000, times),
            **ends("impressions", 400, 4000, (times * 0.8, times * 1.2), _IMPRESSIONS),
        },
    }
    for times, kind in (
        (LOW, "SUGGESTED_LOWER"),
        (1.0, "SUGGESTED"),
        (HIGH, "SUGGESTED_UPPER"),
        (1.6, "ALTERNATIVE"),
    )
)
_PLACES = ("ALL", "PLACEMENT_PRODUCT_PAGE", "PLACEMENT_REST_OF_SEARCH", "PLACEMENT_TOP")
_CENTS = {
    "rangeStart": Money(times=LOW, cents=True),
    "rangeMedian": Money(cents=True),
    "suggested": Money(cents=True),
    "rangeEnd": Money(times=HIGH, cents=True),
}
_WANTED = ("maxRecommendations", 200, 200)
_FLAT = {
    "keyword": "{keyword}",
    "matchType": "{match}",
    "rank": "{rank}",
    "bid": If("bid", "{bid}", Money(cents=True)),
    "suggestedBid": {"bidRecId": RandomId("bid"), **_CENTS},
    "translation": If("locale", "{keyword}"),
    "userSelectedKeyword": "{selected}",
    "recId": RandomId(),
    "searchTermImpressionRank": IntegerBetween("place", 1, 30),
    "searchTermImpressionShare": DecimalBetween("share", 0.1, 40),
}

_KEYWORDS = Recommendation(
    RowsOf("target", _FLAT),
    about=("asins", "adGroupId"),
    limit="sp.bid",
    asins="asins",
    count=_WANTED,
    needs=(CAMPAIGN, _MANUAL),
)


def _for_own(part: Any) -> If:
    """Return a part for keywords of the request and of several countries, null for others."""
    return If("land", part, If("selected", part, None))


SP_TARGET: dict[str, Recommendation] = {
    "sp.advice.bids": Recommendation(
        {
            "bidRecommendations": RowsOf(
                "theme",
                {
                    "theme": "{theme}",
                    "bidRecommendationsForTargetingExpressions": RowsOf(
                        "{targetingExpressions}",
                        {
                            "targetingExpression": "{item}",
                            "bidValues": tuple(
                                {"suggestedBid": Money(times=times)} for times in (LOW, 1.0, HIGH)
                            ),
                            "suggestedBidImpactMetrics": ends(
                                "impressions", 400, 4000, (0.8, 1.2), _IMPRESSIONS
                            ),
                        },
                    ),
                    "bidAnalysesForTargetingExpressions": If(
                        "includeAnalysis",
                        RowsOf(
                            "{targetingExpressions}",
                            {
                                "targetingExpression": "{item}",
                                "bidAnalyses": dict.fromkeys(_PLACES, _ANALYSES),
                            },
                        ),
                    ),
                    "impactMetrics": _IMPACT,
                },
            )
        },
        about=("asins", "adGroupId"),
        limit="sp.bid",
        asins="asins",
        needs=(CAMPAIGN, _AD_GROUP),
        unmixed=("targetingExpressions", "type", "KEYWORD_", "PAT_ASIN"),
    ),
    "sp.advice.keywords.v3.reply": _KEYWORDS,
    "sp.advice.keywords.v4.reply": replace(
        _KEYWORDS, reply={"keywordTargetList": RowsOf("target", _FLAT)}
    ),
    "sp.advice.keywords.v5.reply": replace(
        _KEYWORDS,
        reply={
            "keywordTargetList": RowsOf(
                "keyword",
                {
                    "keyword": "{keyword}",
                    "bidInfo": If(
                        "bidsEnabled",
                        RowsOf(
                            "match",
                            {
                                "matchType": "{match}",
                                "theme": "CONVERSION_OPPORTUNITIES",
                                "rank": "{place}",
                                "bid": If("bid", "{bid}", Money(cents=True)),
                                "suggestedBid": _CENTS,
                            },
                        ),
                        (),
                        default=True,
                    ),
                    "translation": If("locale", "{keyword}"),
                    "userSelectedKeyword": "{selected}",
                    "searchTermImpressionRank": _for_own(IntegerBetween("place", 1, 30)),
                    "searchTermImpressionShare": _for_own(DecimalBetween("share", 0.1, 40)),
                    "recId": RandomId(),
                },
            ),
            "impactMetrics": If("bidsEnabled", (_IMPACT,), default=True),
        },
    ),
    "sp.suggestions.adGroup": Recommendation(
        {
            "adGroupId": IntegerOf("adGroupId"),
            "suggestededKeywords": RowsOf("keyword", "{keyword}"),
        },
        about=("adGroupId",),
        count=("maxNumSuggestions", 100, 1000),
        needs=(_MANUAL,),
    ),
    "sp.suggestions.extended": Recommendation(
        RowsOf(
            "target",
            {
                "adGroupId": IntegerOf("adGroupId"),
                "campaignId": IntegerOf("campaignId"),
                "keywordText": "{keyword}",
                "matchType": ByValue(
                    "match", {"BROAD": "broad", "PHRASE": "phrase", "EXACT": "exact"}
                ),
                "state": "enabled",
                "bid": ByValue("suggestBids", {"yes": Money()}),
            },
        ),
        about=("adGroupId",),
        limit="sp.bid",
        count=("maxNumSuggestions", 100, 1000),
        needs=(_MANUAL,),
    ),
    "sp.suggestions.asins": Recommendation(
        RowsOf("keyword", {"keywordText": "{keyword}", "matchType": "exact"}),
        about=("asins",),
        asins="asins",
        exact=True,
        count=("maxNumSuggestions", 100, 1000),
    ),
    "sp.suggestions.asin": Recommendation(
        {
            "asin": "{asinValue}",
            "suggestedKeywords": RowsOf(
                "keyword", {"keywordText": "{keyword}", "matchType": "exact"}
            ),
        },
        about=("asinValue",),
        asins="asinValue",
        exact=True,
        count=("maxNumSuggestions", 100, 1000),
    ),
    "sp.globalAdvice.bids": Recommendation(
        {
            "bidRecommendations": RowsOf(
                "theme",
                {
                    "theme": "{theme}",
                    "bidRecommendationsForTargetingExpressions": RowsOf(
                        "{targetingExpressions}",
                        {
                            "expression": "{item}",
                            "countrySuggestedBids": PerCountry(
                                tuple(Money(times=times) for times in (LOW, 1.0, HIGH))
                            ),
                        },
                    ),
                    "bidAnalysesForTargetingExpressions": If(
                        "includeAnalysis",
                        RowsOf(
                            "{targetingExpressions}",
                            {
                                "expression": "{item}",
                                "countryBidAnalyses": PerCountry(dict.fromkeys(_PLACES, _ANALYSES)),
                            },
                        ),
                    ),
                },
            ),
            "errors": RowsOf(
                "{abroad}",
                {"code": "NOT_FOUND", "countryCodes": ("{country}",), "message": "{message}"},
            ),
        },
        account="Amazon-Ads-AccountId",
        countries="countryCodes",
        about=("products", "adGroupId"),
        limit="sp.bid",
        asins="products",
        needs=(CAMPAIGN, _AD_GROUP),
    ),
}

SP_TARGET["sp.globalAdvice.keywords"] = replace(
    SP_TARGET["sp.advice.keywords.v5.reply"],
    reply={"countryCodes": PerCountry(SP_TARGET["sp.advice.keywords.v5.reply"].reply)},
    account="Amazon-Ads-AccountId",
    about=("products", "adGroupId"),
    asins="products",
)
