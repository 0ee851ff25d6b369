"""What the columns of DSP and of conversion paths show.

No DSP resource is documented, so orders, line items and creatives are synthetic and all of this is
assumed. Most columns count events, and their name says whether clicks or views led to them;
``PATTERNS`` has the rules, in order.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.reporting.model import Column, Pattern

_ORDER = {
    "advertiserId": Column("campaign", "advertiserId"),
    "advertiserName": Column("campaign", "advertiser"),
    "brandName": Column("campaign", "advertiser"),
    "entityId": Column("campaign", "entity"),
    "advertiserCountry": Column("frame", "country"),
    "marketplace": Column("frame", "country"),
    "advertiserTimezone": Column("frame", "timezone"),
    "orderId": Column("campaign", "orderId"),
    "orderName": Column("campaign", "name"),
    "orderExternalId": Column("campaign", "external"),
    "orderCurrency": Column("frame", "currency"),
    "orderBudget": Column("campaign", "budget"),
    "orderStartDate": Column("frame", "start"),
    "orderEndDate": Column("frame", "end"),
    "lineItemId": Column("group", "lineItemId"),
    "lineItemName": Column("group", "name"),
    "lineItemExternalId": Column("group", "external"),
    "lineItemBudget": Column("campaign", "budget"),
    "lineItemBudgetCap": Column("campaign", "budget"),
    "lineItemStartDate": Column("frame", "start"),
    "lineItemEndDate": Column("frame", "end"),
    "lineItemStatus": Column("group", "state"),
    "lineItemType": Column("group", "type"),
    "creativeId": Column("ad", "creativeId"),
    "creativeAdId": Column("ad", "creativeId"),
    "creativeName": Column("ad", "name"),
    "creativeSize": Column("ad", "size"),
    "creativeType": Column("ad", "type"),
    "creativeLanguage": Column("ad", "language"),
}
_PART = {
    "segmentId": "segmentId", "segmentType": "segmentCode", "supplySource": "supply",
    "supplySourceId": "supplyId", "site": "site", "placement": "slot", "placementSize": "size",
    "deal": "deal", "dealId": "dealId", "dealType": "dealType", "country": "country",
    "region": "region", "city": "city", "postalCode": "postalCode", "dmaCode": "dma",
    "dmaName": "dmaName", "operatingSystemName": "system", "browserName": "browser",
    "browserVersion": "browserVersion", "deviceName": "device", "environmentName": "environment",
    "contentTitle": "title", "contentGenre": "genre", "contentRating": "rating",
    "contentType": "type", "frequencyGroupId": "frequencyGroupId",
    "frequencyGroupName": "frequencyGroup", "bidAdjustmentRule": "rule",
    "bidAdjustmentRuleId": "ruleId", "bidAdjustmentMatchedTerms": "terms",
    "bidAdjustmentMatchedTermIds": "termIds", "bidAdjustment": "adjustment", "asin": "asin",
    "featuredAsin": "asin", "parentAsin": "asin", "simplifiedPath": "path",
    "sponsoredProductsFrequency": "steps.SP", "sponsoredBrandsDisplayFrequency": "steps.SB",
    "sponsoredBrandsVideoFrequency": "steps.SBV", "sponsoredDisplayDisplayFrequency": "steps.SD",
    "sponsoredDisplayFrequency": "steps.SD",
}  # fmt: skip
_MONEY = {
    "totalCost": Column("sum", "cost", "money"),
    "supplyCost": Column("sum", "cost", "money"),
    "totalFee": Column("sum", "none"),
    "eCPC": Column("sum", "cost/clicks", "quotient"),
    "eCPM": Column("sum", "cost/impressions", "thousand"),
    "onTargetImpressionCost": Column("sum", "cost", "money"),
    "onTargetImpressions": Column("sum", "viewable"),
    "onTargetCPM": Column("sum", "cost/viewable", "thousand"),
    "measurableImpressions": Column("sum", "impressions"),
    "measurableRate": Column("sum", "impressions/impressions", "percent"),
    "interactiveImpressions": Column("sum", "viewable"),
    "impressionFrequencyAverage": Column("sum", "impressions/people", "ratio"),
    "winRate": Column("sum", "impressions/impressions+bids.views", "percent"),
    "bids": Column("sum", "impressions+bids.views"),
    "matchRate": Column("sum", "viewable/impressions", "percent"),
    "pageViews": Column("sum", "pageView.clicks+pageView.views"),
    "detailPageViewClicks": Column("sum", "detail.clicks"),
    "detailPageViewViews": Column("sum", "detail.views"),
    "detailPageViewRate": Column("sum", "detail.clicks+detail.views/impressions", "percent"),
    "videoAdFirstQuartile": Column("sum", "video.first"),
    "videoAdMidpoint": Column("sum", "video.middle"),
    "videoAdThirdQuartile": Column("sum", "video.third"),
    "videoAdComplete": Column("sum", "video.complete"),
    "audioAdFirstQuartile": Column("sum", "video.first"),
    "audioAdMidpoint": Column("sum", "video.middle"),
    "audioAdThirdQuartile": Column("sum", "video.third"),
    "audioAdCompletions": Column("sum", "video.complete"),
    "newToBrandProductSales": Column("sum", "sales.fresh@14", "money"),
    "newToBrandROAS": Column("sum", "sales.fresh@14/cost", "ratio"),
    "newToBrandERPM": Column("sum", "sales.fresh@14/impressions", "thousand"),
    "NewToBrandECPP": Column("sum", "cost/purchases.fresh@14", "quotient"),
    "newToBrandPurchaseRate": Column("sum", "purchases.fresh@14/impressions", "percent"),
    "purchasesClicksRate": Column("sum", "purchases.click@14/clicks", "percent"),
    "totalNewToBrandPurchasesPercentage": Column(
        "sum", "purchases.fresh@14/purchases@14", "percent"
    ),
    "newToBrandPurchasePercentageBrandHalo": Column(
        "sum", "purchases.fresh.other@14/purchases.other@14", "percent"
    ),
}
_ALL = "total", "combined", ""
_SALES = {
    f"{prefix}{name}"[:1].lower() + f"{prefix}{name}"[1:]: column
    for prefix in _ALL
    for name, column in (
        ("PurchaseRate", Column("sum", "purchases@14/impressions", "percent")),
        ("ECPP", Column("sum", "cost/purchases@14", "quotient")),
        ("ERPM", Column("sum", "sales@14/impressions", "thousand")),
        ("ProductSales", Column("sum", "sales@14", "money")),
    )
} | {
    f"{prefix}{name}": column
    for prefix in ("total", "combined")
    for name, column in (
        ("Purchases", Column("sum", "purchases@14")),
        ("PurchasesClicks", Column("sum", "purchases.click@14")),
        ("PurchasesViews", Column("sum", "purchases.view@14")),
        ("Sales", Column("sum", "sales@14", "money")),
        ("UnitsSold", Column("sum", "units@14")),
        ("ROAS", Column("sum", "sales@14/cost", "ratio")),
        ("NewToBrandPurchases", Column("sum", "purchases.fresh@14")),
        ("NewToBrandPurchasesClicks", Column("sum", "purchases.fresh.click@14")),
        ("NewToBrandPurchasesViews", Column("sum", "purchases.fresh.view@14")),
        ("NewToBrandSales", Column("sum", "sales.fresh@14", "money")),
        ("NewToBrandUnitsSold", Column("sum", "units.fresh@14")),
        ("NewToBrandROAS", Column("sum", "sales.fresh@14/cost", "ratio")),
        ("NewToBrandERPM", Column("sum", "sales.fresh@14/impressions", "thousand")),
        ("NewToBrandECPP", Column("sum", "cost/purchases.fresh@14", "quotient")),
        ("NewToBrandPurchaseRate", Column("sum", "purchases.fresh@14/impressions", "percent")),
    )
}
_HALO = {
    f"{name}BrandHalo{after}": Column("sum", f"{measure}.other{flag}@14", by)
    for name, measure, by in (
        ("purchases", "purchases", "copy"),
        ("unitsSold", "units", "copy"),
        ("newToBrandPurchases", "purchases.fresh", "copy"),
        ("newToBrandUnitsSold", "units.fresh", "copy"),
        ("newToBrandSales", "sales.fresh", "money"),
    )
    for after, flag in (("", ""), ("Clicks", ".click"), ("Views", ".view"))
}

COLUMNS: dict[str, Column] = {
    **_ORDER,
    **{name: Column("line", word) for name, word in _PART.items()},
    **_MONEY,
    **_SALES,
    **_HALO,
}

_BOTH = r"\1.clicks+\1.views"
PATTERNS: tuple[Pattern, ...] = (
    Pattern("(.+)Clicks", "integer", Column("sum", r"\1.clicks")),
    Pattern("(.+)Views", "integer", Column("sum", r"\1.views")),
    Pattern("(.+)Views", "decimal", Column("sum", r"\1.views")),
    Pattern("(.+)Clicks", "decimal", Column("sum", r"\1.clicks")),
    Pattern("(.+)ValueAverage", "decimal", Column("sum", f"cost/{_BOTH}", "quotient")),
    Pattern("(.+)ValueSum", "decimal", Column("sum", _BOTH)),
    Pattern("(.+)(?:CPA|Cost)", "decimal", Column("sum", f"cost/{_BOTH}", "quotient")),
    Pattern("(.+)CVR", "decimal", Column("sum", f"{_BOTH}/impressions", "percent")),
    Pattern("(.+)Rate", "decimal", Column("sum", f"{_BOTH}/impressions", "percent")),
    Pattern(
        "(?:total)?e?(?:ECP|CP)(.+)|averageCostPer(.+)|effectiveCostPer(.+)",
        "decimal",
        Column("sum", r"cost/\1\2\3.clicks+\1\2\3.views", "quotient"),
    ),
    Pattern("(.+)", "integer", Column("sum", _BOTH)),
    Pattern("(.+Fees?.*|.+Absorbed)", "decimal", Column("sum", "none")),
    Pattern("(.+)", "decimal", Column("nothing")),
    Pattern("(.+)", "string", Column("nothing")),
    Pattern("(.+)", "id", Column("nothing")),
)
"""Columns without a row, by name and type; the first match applies."""
