"""What is recommended for Sponsored Products: bids and keywords.

Knows questions and templates of answers. Must not hold functions.

Source: OpenAPI SponsoredProducts and SPSnapshotsSuggestedKeywords (documented: members).
Every number, how many there are and in which order they stand are assumed.
"""

from __future__ import annotations

from dataclasses import replace

from adsmock.mockserver.catalog.recommendations.model import (
    Advice,
    By,
    Code,
    Each,
    If,
    Lands,
    Money,
    Need,
    Number,
    Part,
    Whole,
)
from adsmock.mockserver.catalog.recommendations.shared_parts import CAMPAIGN, HIGH, LOW

_AD_GROUP = Need("adGroupId", "adGroups", under="campaignId")
_MANUAL = Need(
    "adGroupId",
    "adGroups",
    under="campaignId",
    barred=("campaigns", "campaignId", "targetingType", "AUTO"),
    message="Getting keyword recommendations for AD Group in Auto Targeted Campaign is not "
    "supported",
)
_BOUNDS = ((0.6, 1.0), (1.0, 1.6), (1.4, 2.2))
_CLICKS = tuple(
    {"lower": Whole("clicks", 10, 60, low), "upper": Whole("clicks", 10, 60, high)}
    for low, high in _BOUNDS
)
_ORDERS = tuple(
    {"lower": Whole("orders", 2, 9, low), "upper": Whole("orders", 2, 9, high)}
    for low, high in _BOUNDS
)
_IMPACT = {"clicks": {"values": _CLICKS}, "orders": {"values": _ORDERS}}
_ANALYSES = tuple(
    {
        "bid": Money(times=times),
        "type": kind,
        "impactMetrics": {
            "estimatedImpressionAvg": Whole("impressions", 400, 4000, times),
            "estimatedImpressionLower": Whole("impressions", 400, 4000, times * 0.8),
            "estimatedImpressionUpper": Whole("impressions", 400, 4000, times * 1.2),
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
    "suggestedBid": {"bidRecId": Code("bid"), **_CENTS},
    "translation": If("locale", "{keyword}"),
    "userSelectedKeyword": "{selected}",
    "recId": Code(),
    "searchTermImpressionRank": Whole("place", 1, 30),
    "searchTermImpressionShare": Part("share", 0.1, 40),
}

_KEYWORDS = Advice(
    Each("target", _FLAT),
    about=("asins", "adGroupId"),
    limit="sp.bid",
    asins="asins",
    count=_WANTED,
    needs=(CAMPAIGN, _MANUAL),
)

SP_TARGET: dict[str, Advice] = {
    "sp.advice.bids": Advice(
        {
            "bidRecommendations": Each(
                "theme",
                {
                    "theme": "{theme}",
                    "bidRecommendationsForTargetingExpressions": Each(
                        "{targetingExpressions}",
                        {
                            "targetingExpression": "{item}",
                            "bidValues": tuple(
                                {"suggestedBid": Money(times=times)} for times in (LOW, 1.0, HIGH)
                            ),
                            "suggestedBidImpactMetrics": {
                                "estimatedImpressionLower": Whole("impressions", 400, 4000, 0.8),
                                "estimatedImpressionUpper": Whole("impressions", 400, 4000, 1.2),
                            },
                        },
                    ),
                    "bidAnalysesForTargetingExpressions": If(
                        "includeAnalysis",
                        Each(
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
    ),
    "sp.advice.keywords.v3.reply": _KEYWORDS,
    "sp.advice.keywords.v4.reply": replace(
        _KEYWORDS, reply={"keywordTargetList": Each("target", _FLAT)}
    ),
    "sp.advice.keywords.v5.reply": replace(
        _KEYWORDS,
        reply={
            "keywordTargetList": Each(
                "keyword",
                {
                    "keyword": "{keyword}",
                    "bidInfo": If(
                        "bidsEnabled",
                        Each(
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
                        usual=True,
                    ),
                    "translation": If("locale", "{keyword}"),
                    "userSelectedKeyword": "{selected}",
                    "searchTermImpressionRank": Whole("place", 1, 30),
                    "searchTermImpressionShare": Part("share", 0.1, 40),
                    "recId": Code(),
                },
            ),
            "impactMetrics": If("bidsEnabled", (_IMPACT,), usual=True),
        },
    ),
    "sp.suggestions.adGroup": Advice(
        {
            "adGroupId": Number("adGroupId"),
            "suggestededKeywords": Each("keyword", "{keyword}"),
        },
        about=("adGroupId",),
        count=("maxNumSuggestions", 100, 1000),
        needs=(_MANUAL,),
    ),
    "sp.suggestions.extended": Advice(
        Each(
            "target",
            {
                "adGroupId": Number("adGroupId"),
                "campaignId": Number("campaignId"),
                "keywordText": "{keyword}",
                "matchType": By("match", {"BROAD": "broad", "PHRASE": "phrase", "EXACT": "exact"}),
                "state": "enabled",
                "bid": By("suggestBids", {"yes": Money()}),
            },
        ),
        about=("adGroupId",),
        limit="sp.bid",
        count=("maxNumSuggestions", 100, 1000),
        needs=(_MANUAL,),
    ),
    "sp.suggestions.asins": Advice(
        Each("keyword", {"keywordText": "{keyword}", "matchType": "exact"}),
        about=("asins",),
        asins="asins",
        exact=True,
        count=("maxNumSuggestions", 100, 1000),
    ),
    "sp.suggestions.asin": Advice(
        {
            "asin": "{asinValue}",
            "suggestedKeywords": Each(
                "keyword", {"keywordText": "{keyword}", "matchType": "exact"}
            ),
        },
        about=("asinValue",),
        asins="asinValue",
        exact=True,
        count=("maxNumSuggestions", 100, 1000),
    ),
    "sp.globalAdvice.bids": Advice(
        {
            "bidRecommendations": Each(
                "theme",
                {
                    "theme": "{theme}",
                    "bidRecommendationsForTargetingExpressions": Each(
                        "{targetingExpressions}",
                        {
                            "expression": "{item}",
                            "countrySuggestedBids": Lands(
                                tuple(Money(times=times) for times in (LOW, 1.0, HIGH))
                            ),
                        },
                    ),
                    "bidAnalysesForTargetingExpressions": If(
                        "includeAnalysis",
                        Each(
                            "{targetingExpressions}",
                            {
                                "expression": "{item}",
                                "countryBidAnalyses": Lands(dict.fromkeys(_PLACES, _ANALYSES)),
                            },
                        ),
                    ),
                },
            ),
            "errors": Each(
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
    reply={"countryCodes": Lands(SP_TARGET["sp.advice.keywords.v5.reply"].reply)},
    account="Amazon-Ads-AccountId",
    about=("products", "adGroupId"),
    asins="products",
)
