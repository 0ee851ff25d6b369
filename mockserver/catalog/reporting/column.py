"""What each column and filter of the sponsored products shows.

``grain`` has the report types, the contract their columns. Sources: auth reference
4.3 (observed: ids are numbers in reports; rates are percentages); what cannot be derived from
entities, days and purchases is null or zero, as for an account without books (assumed).
"""

from __future__ import annotations

from adsmock.mockserver.catalog.reporting.model import Column

WINDOWS = (1, 7, 14, 30)
"""Days after a click within which a purchase is credited to it."""

_NEVER = (
    "campaignRuleBasedBudgetAmount", "campaignApplicableBudgetRuleId",
    "campaignApplicableBudgetRuleName", "topOfSearchImpressionShare", "portfolioName",
)  # fmt: skip
_ZERO = (
    "qualifiedBorrows", "royaltyQualifiedBorrows", "qualifiedBorrowsFromClicks",
    "qualifiedBorrowsFromViews", "royaltyQualifiedBorrowsFromClicks",
    "royaltyQualifiedBorrowsFromViews", "kindleEditionNormalizedPagesRead14d",
    "kindleEditionNormalizedPagesRoyalties14d",
)  # fmt: skip

_CAMPAIGN = {
    "campaignId": Column("campaign", "id"),
    "campaignName": Column("campaign", "name"),
    "campaignStatus": Column("campaign", "state"),
    "campaignBudgetAmount": Column("campaign", "budget"),
    "campaignBudgetType": Column("campaign", "budgetType"),
    "campaignBiddingStrategy": Column("campaign", "strategy"),
    "campaignPriceTypeCode": Column("campaign", "costType"),
    "costType": Column("campaign", "costType"),
    "portfolioId": Column("campaign", "portfolio"),
    "campaignBudgetCurrencyCode": Column("frame", "currency"),
    "budgetCurrency": Column("frame", "currency"),
    "marketplaceId": Column("frame", "marketplace"),
}
_BELOW = {
    "adGroupId": Column("group", "id"),
    "adGroupName": Column("group", "name"),
    "adStatus": Column("group", "state"),
    "bidOptimization": Column("group", "optimization"),
    "adId": Column("ad", "id"),
    "adName": Column("ad", "name"),
    "advertisedAsin": Column("ad", "asin"),
    "advertisedSku": Column("ad", "sku"),
    "promotedAsin": Column("ad", "asin"),
    "promotedSku": Column("ad", "sku"),
    "keywordId": Column("target", "id"),
    "targetingId": Column("target", "id"),
    "keyword": Column("target", "text"),
    "keywordText": Column("target", "text"),
    "targeting": Column("target", "text"),
    "targetingText": Column("target", "text"),
    "targetingExpression": Column("target", "text"),
    "keywordType": Column("target", "kind"),
    "targetingType": Column("target", "kind"),
    "matchType": Column("target", "match"),
    "keywordBid": Column("target", "bid"),
    "adKeywordStatus": Column("target", "state"),
    "searchTerm": Column("line", "term"),
    "matchedTargetAsin": Column("line", "asin"),
    "placementClassification": Column("line", "placement"),
    "creativeExtensionId": Column("line", "extension"),
    "creativeExtensionType": Column("line", "extensionType"),
    "promptText": Column("line", "prompt"),
    "segmentName": Column("line", "segment"),
    "segmentClassCode": Column("line", "segmentCode"),
    "purchasedAsin": Column("line", "bought"),
    "asinBrandHalo": Column("line", "bought"),
    "attributionType": Column("line", "attribution"),
    "productName": Column("line", "productName"),
    "productCategory": Column("line", "category"),
}
_TIME = {
    "date": Column("line", "day"),
    "intervalStart": Column("line", "begin"),
    "intervalEnd": Column("line", "end"),
    "startDate": Column("frame", "start"),
    "endDate": Column("frame", "end"),
}
_TRAFFIC = {
    "impressions": Column("sum", "impressions"),
    "clicks": Column("sum", "clicks"),
    "cost": Column("sum", "cost", "money"),
    "spend": Column("sum", "cost", "money"),
    "costPerClick": Column("sum", "cost/clicks", "quotient"),
    "costPerThousandImpressions": Column("sum", "cost/impressions", "thousand"),
    "clickThroughRate": Column("sum", "clicks/impressions", "percent"),
    "invalidImpressions": Column("sum", "invalid.impressions"),
    "invalidClickThroughs": Column("sum", "invalid.clicks"),
    "grossImpressions": Column("sum", "impressions+invalid.impressions"),
    "grossClickThroughs": Column("sum", "clicks+invalid.clicks"),
    "invalidImpressionRate": Column(
        "sum", "invalid.impressions/impressions+invalid.impressions", "percent"
    ),
    "invalidClickThroughRate": Column("sum", "invalid.clicks/clicks+invalid.clicks", "percent"),
}
_SEEN = {
    "viewableImpressions": Column("sum", "viewable"),
    "impressionsViews": Column("sum", "viewable"),
    "viewabilityRate": Column("sum", "viewable/impressions", "percent"),
    "viewClickThroughRate": Column("sum", "clicks/viewable", "percent"),
    "video5SecondViews": Column("sum", "video.five"),
    "video5SecondViewRate": Column("sum", "video.five/impressions", "percent"),
    "videoFirstQuartileViews": Column("sum", "video.first"),
    "videoMidpointViews": Column("sum", "video.middle"),
    "videoThirdQuartileViews": Column("sum", "video.third"),
    "videoCompleteViews": Column("sum", "video.complete"),
    "videoUnmutes": Column("sum", "video.unmuted"),
    "reach": Column("sum", "people"),
    "cumulativeReach": Column("sum", "people"),
    "householdReach": Column("sum", "households"),
    "frequencyAverage": Column("sum", "impressions/people", "ratio"),
    "impressionsFrequencyAverage": Column("sum", "impressions/people", "ratio"),
    "householdFrequencyAverage": Column("sum", "impressions/households", "ratio"),
}
_STEPS = {
    "detailPageViews": Column("sum", "detail.clicks+detail.views"),
    "detailPageViewsClicks": Column("sum", "detail.clicks"),
    "detailPageViewsViews": Column("sum", "detail.views"),
    "newToBrandDetailPageViews": Column("sum", "fresh.clicks+fresh.views"),
    "newToBrandDetailPageViewsClicks": Column("sum", "fresh.clicks"),
    "newToBrandDetailPageViewClicks": Column("sum", "fresh.clicks"),
    "newToBrandDetailPageViewViews": Column("sum", "fresh.views"),
    "newToBrandDetailPageViewRate": Column(
        "sum", "fresh.clicks+fresh.views/impressions", "percent"
    ),
    "newToBrandECPDetailPageView": Column("sum", "cost/fresh.clicks+fresh.views", "quotient"),
    "addToCart": Column("sum", "cart.clicks+cart.views"),
    "addToCartClicks": Column("sum", "cart.clicks"),
    "addToCartViews": Column("sum", "cart.views"),
    "addToCartRate": Column("sum", "cart.clicks+cart.views/impressions", "percent"),
    "eCPAddToCart": Column("sum", "cost/cart.clicks+cart.views", "quotient"),
    "addToList": Column("sum", "list.clicks+list.views"),
    "addToListFromClicks": Column("sum", "list.clicks"),
    "addToListFromViews": Column("sum", "list.views"),
    "brandedSearches": Column("sum", "search.clicks+search.views"),
    "brandedSearchesClicks": Column("sum", "search.clicks"),
    "brandedSearchesViews": Column("sum", "search.views"),
    "brandedSearchRate": Column("sum", "search.clicks+search.views/impressions", "percent"),
    "eCPBrandSearch": Column("sum", "cost/search.clicks+search.views", "quotient"),
}

_COUNTS = {
    "purchases": ("purchases", "copy"),
    "unitsSold": ("units", "copy"),
    "sales": ("sales", "money"),
    "newToBrandPurchases": ("purchases.fresh", "copy"),
    "newToBrandUnitsSold": ("units.fresh", "copy"),
    "newToBrandSales": ("sales.fresh", "money"),
    "purchasesPromoted": ("purchases.own", "copy"),
    "salesPromoted": ("sales.own", "money"),
    "conversionsBrandHalo": ("purchases.other", "copy"),
    "unitsSoldBrandHalo": ("units.other", "copy"),
    "salesBrandHalo": ("sales.other", "money"),
}
"""Columns without a window, which count for 14 days; each also for clicks and views alone."""

_BY_WINDOW = {
    "purchases": ("purchases", "copy"),
    "purchasesSameSku": ("purchases.own", "copy"),
    "purchasesOtherSku": ("purchases.other", "copy"),
    "unitsSoldClicks": ("units", "copy"),
    "unitsSoldSameSku": ("units.own", "copy"),
    "unitsSoldOtherSku": ("units.other", "copy"),
    "sales": ("sales", "money"),
    "attributedSalesSameSku": ("sales.own", "money"),
    "salesOtherSku": ("sales.other", "money"),
}
_FORTNIGHT = {
    "orders14d": Column("sum", "purchases@14"),
    "ordersClicks14d": Column("sum", "purchases.click@14"),
    "unitsSold14d": Column("sum", "units@14"),
    "salesClicks14d": Column("sum", "sales.click@14", "money"),
    "newToBrandPurchases14d": Column("sum", "purchases.fresh@14"),
    "newToBrandOrders14d": Column("sum", "purchases.fresh@14"),
    "newToBrandOrdersPercentage14d": Column("sum", "purchases.fresh@14/purchases@14", "percent"),
    "newToBrandUnitsSold14d": Column("sum", "units.fresh@14"),
    "newToBrandSales14d": Column("sum", "sales.fresh@14", "money"),
    "newToBrandPurchasesRate": Column("sum", "purchases.fresh@14/impressions", "percent"),
    "longTermSales": Column("sum", "sales@30+sales.fresh@30", "money"),
    "longTermROAS": Column("sum", "sales@30+sales.fresh@30/cost", "ratio"),
    "roas": Column("sum", "sales@14/cost", "ratio"),
    "ROAS": Column("sum", "sales@14/cost", "ratio"),
}

COLUMNS: dict[str, Column] = {
    **_CAMPAIGN,
    **dict.fromkeys(_NEVER, Column("nothing")),
    **dict.fromkeys(_ZERO, Column("sum", "none")),
    **_BELOW,
    **_TIME,
    **_TRAFFIC,
    **_SEEN,
    **_STEPS,
    **_FORTNIGHT,
    **{
        f"{name}{after}": Column("sum", f"{measure}{flag}@14", by)
        for name, (measure, by) in _COUNTS.items()
        for after, flag in (("", ""), ("Clicks", ".click"), ("Views", ".view"))
    },
    **{
        f"newToBrand{name}Percentage{window}": Column(
            "sum", f"{measure}.fresh@14/{measure}@14", "percent"
        )
        for name, measure in (
            ("Purchases", "purchases"), ("UnitsSold", "units"), ("Sales", "sales"),
        )
        for window in ("", "14d")
    },
    **{
        f"{name}{window}d": Column("sum", f"{measure}@{window}", by)
        for name, (measure, by) in _BY_WINDOW.items()
        for window in WINDOWS
    },
    **{
        f"purchaseClickRate{n}d": Column("sum", f"purchases@{n}/clicks", "percent")
        for n in WINDOWS
    },
    **{f"acosClicks{n}d": Column("sum", f"cost/sales@{n}", "percent") for n in WINDOWS},
    **{f"roasClicks{n}d": Column("sum", f"sales@{n}/cost", "ratio") for n in WINDOWS},
}  # fmt: skip
"""Columns by name; ``dsp`` has those of DSP alone."""

FILTERS: dict[str, Column] = {
    "campaignStatus": COLUMNS["campaignStatus"],
    "adStatus": COLUMNS["adStatus"],
    "adKeywordStatus": COLUMNS["adKeywordStatus"],
    "adCreativeStatus": Column("ad", "state"),
    "keywordType": COLUMNS["keywordType"],
    "campaignSite": Column("nothing"),
    "advertiserId": Column("campaign", "advertiserId"),
    "brandName": Column("campaign", "advertiser"),
    "marketplaceId": Column("frame", "country"),
}
"""What each filter compares."""

EXCEPTIONS: dict[tuple[str, str], Column] = {("sbAds", "adStatus"): Column("ad", "state")}
"""Filters and columns with another meaning in one report type (assumed)."""
