"""What the fields of unified reports show, of the measures and words of ``column``.

Sources: helpful concepts of reporting v1 (documented: a field without meaning for an ad product is
null; Sponsored Products of sellers count purchases for 7 days, others for 14). Which measure a
field without a documented v3 column shows is assumed.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from adsmock.mockserver.catalog.reporting.model import Column

SPLITS: dict[str, dict[str, tuple[str, ...]]] = {
    "ad": dict.fromkeys(("SP", "SB", "SD", "ST"), ("ad",)),
    "advertisedProduct": dict.fromkeys(("SP", "SD"), ("ad",)),
    "target": dict.fromkeys(("SP", "SB", "SD", "ST"), ("target",)),
    "searchTerm": dict.fromkeys(("SP", "SB"), ("target", "term")),
    "placementClassification": {"SP": ("placement",), "SB": ("placementOnAmazon",)},
    "matchedTarget": {"SD": ("matched",)},
    "convertedProduct": dict.fromkeys(("SP", "SB", "SD"), ("purchase",)),
    "productRelevance": dict.fromkeys(("SP", "SB", "SD"), ("purchase",)),
    "convertedProductMarketplace": dict.fromkeys(("SP", "SB", "SD"), ("purchase",)),
    "hour": dict.fromkeys(("SP", "SB", "SD", "ST"), ("hour",)),
}
"""How each dimension below ad groups splits the traffic, by ad product; null in the others."""

ALONE = frozenset({"searchTerm", "placementClassification", "matchedTarget", "hour"})
"""Dimensions that do not go with purchased products (assumed)."""
BOUGHT = frozenset({"convertedProduct", "productRelevance", "convertedProductMarketplace"})
"""Dimensions of purchased products."""
IN_GROUPS = frozenset({"adGroup", "ad", "advertisedProduct", "target", "searchTerm", *BOUGHT})
"""Dimensions that separate ad groups."""
OF_CAMPAIGNS = frozenset({"campaign", "portfolio", *IN_GROUPS})
"""Dimensions that separate campaigns."""

PRODUCTS: dict[str, tuple[str, str]] = {
    "SPONSORED_PRODUCTS": ("SP", "Sponsored Products"),
    "SPONSORED_BRANDS": ("SB", "Sponsored Brands"),
    "SPONSORED_DISPLAY": ("SD", "Sponsored Display"),
    "SPONSORED_TELEVISION": ("ST", "Sponsored TV"),
}
"""The short name of each ad product and its label in rows (observed: the first three labels)."""

TIMES = frozenset({"date", "dateRange", "day", "hour", "month", "week", "year"})
CURRENCIES = frozenset({"budgetCurrency", "convertedCurrency"})

DIMENSIONS: dict[str, Column] = {
    "adProduct.value": Column("frame", "product"),
    "advertiserAccount.id": Column("frame", "account"),
    "advertiserAccount.name": Column("frame", "accountName"),
    "advertiserAccount.entityId": Column("frame", "entity"),
    "advertiserAccount.timeZone": Column("frame", "timezone"),
    "advertiserAccount.managerAccounts": Column("frame", "managers"),
    "timeZone.value": Column("frame", "timezone"),
    "budgetCurrency.value": Column("frame", "currency"),
    "convertedCurrency.value": Column("frame", "view"),
    "campaign.id": Column("campaign", "id"),
    "campaign.name": Column("campaign", "name"),
    "campaign.bidStrategy": Column("campaign", "strategy"),
    "campaign.budgetAmount": Column("campaign", "budget"),
    "campaign.budgetType": Column("campaign", "budgetType"),
    "campaign.costType": Column("campaign", "costType"),
    "campaign.country": Column("frame", "country"),
    "campaign.currencyCode": Column("frame", "currency"),
    "campaign.deliveryStatus": Column("campaign", "state"),
    "campaign.startDate": Column("campaign", "begins"),
    "campaign.endDate": Column("campaign", "ends"),
    "portfolio.portfolioId": Column("campaign", "portfolio"),
    "adGroup.id": Column("group", "id"),
    "adGroup.name": Column("group", "name"),
    "adGroup.deliveryStatus": Column("group", "state"),
    "ad.id": Column("ad", "id"),
    "ad.name": Column("ad", "name"),
    "ad.deliveryStatus": Column("ad", "state"),
    "advertisedProduct.id": Column("ad", "asin"),
    "advertisedProduct.sku": Column("ad", "sku"),
    "advertisedProduct.marketplace": Column("frame", "country"),
    "target.value": Column("target", "text"),
    "target.matchType": Column("target", "match"),
    "searchTerm.value": Column("line", "term"),
    "placementClassification.value": Column("line", "placement"),
    "matchedTarget.value": Column("line", "asin"),
    "convertedProduct.id": Column("line", "bought"),
    "convertedProduct.name": Column("line", "productName"),
    "convertedProduct.category": Column("line", "category"),
    "convertedProductMarketplace.value": Column("frame", "country"),
    "productRelevance.value": Column("line", "attribution"),
    "hour.value": Column("line", "hour"),
}
"""The dimensions that have a value; the others are null in every row."""

WINDOW = "@W"
"""Ends a measure whose days of attribution depend on the ad product."""

_OWNERS = {"": "", "Halo": ".other", "Promoted": ".own"}
_WAYS = {"": "", "FromClicks": ".click", "FromViews": ".view"}
_BUYING = {
    "purchases": ("purchases", "copy"),
    "unitsSold": ("units", "copy"),
    "sales": ("sales", "money"),
    "newToBrandPurchases": ("purchases.fresh", "copy"),
    "newToBrandUnitsSold": ("units.fresh", "copy"),
    "newToBrandSales": ("sales.fresh", "money"),
}
_STEPS = {
    "detailPageViews": "detail",
    "newToBrandDetailPageViews": "fresh",
    "addToCart": "cart",
    "addToList": "list",
    "brandedSearches": "search",
}
_RATES = {
    "detailPageViewRate": "detail",
    "newToBrandDetailPageViewRate": "fresh",
    "addToCartRate": "cart",
    "addToListRate": "list",
    "brandedSearchRate": "search",
}
_COSTS = {
    "costPerDetailPageView": "detail",
    "costPerNewToBrandDetailPageView": "fresh",
    "costPerAddToCart": "cart",
    "costPerAddToList": "list",
    "costPerBrandedSearch": "search",
}
_NEVER = (
    "kindleUnlimitedQualifiedBorrows", "estimatedKindleUnlimitedRoyalties",
    "kindleEditionNormalizedPagesRead", "estimatedKindleEditionNormalizedRoyalties",
)  # fmt: skip

_PLAIN = {
    "impressions": Column("sum", "impressions"),
    "clicks": Column("sum", "clicks"),
    "totalCost": Column("sum", "cost", "money"),
    "cpc": Column("sum", "cost/clicks", "quotient"),
    "cpm": Column("sum", "cost/impressions", "thousand"),
    "ctr": Column("sum", "clicks/impressions", "percent"),
    "invalidImpressions": Column("sum", "invalid.impressions"),
    "invalidClicks": Column("sum", "invalid.clicks"),
    "grossClicks": Column("sum", "clicks+invalid.clicks"),
    "invalidImpressionRate": Column(
        "sum", "invalid.impressions/impressions+invalid.impressions", "percent"
    ),
    "invalidClickRate": Column("sum", "invalid.clicks/clicks+invalid.clicks", "percent"),
    "viewableImpressions": Column("sum", "viewable"),
    "viewableDistribution": Column("sum", "viewable/impressions", "percent"),
    "viewableRate": Column("sum", "viewable/impressions", "percent"),
    "vctr": Column("sum", "clicks/viewable", "percent"),
    "userReach": Column("sum", "people"),
    "householdReach": Column("sum", "households"),
    "averageUserImpressionFrequency": Column("sum", "impressions/people", "ratio"),
    "averageHouseholdImpressionFrequency": Column("sum", "impressions/households", "ratio"),
    "purchaseRate": Column("sum", "purchases@W/impressions", "percent"),
    "purchaseRateOverClicks": Column("sum", "purchases@W/clicks", "percent"),
    "costPerPurchase": Column("sum", "cost/purchases@W", "quotient"),
    "roas": Column("sum", "sales@W/cost", "ratio"),
    "roasFromClicks": Column("sum", "sales.click@W/cost", "ratio"),
    "percentOfPurchasesNewToBrand": Column("sum", "purchases.fresh@W/purchases@W", "percent"),
    "longTermSales": Column("sum", "sales@30+sales.fresh@30", "money"),
    "longTermRoas": Column("sum", "sales@30+sales.fresh@30/cost", "ratio"),
}
_VIDEO = {
    "5secondViewsVideoAd": Column("sum", "video.five"),
    "5secondViewRateVideoAd": Column("sum", "video.five/impressions", "percent"),
    "firstQuartileVideoAd": Column("sum", "video.first"),
    "midpointVideoAd": Column("sum", "video.middle"),
    "thirdQuartileVideoAd": Column("sum", "video.third"),
    "completeViewsVideoAd": Column("sum", "video.complete"),
    "completionRateVideoAd": Column("sum", "video.complete/impressions", "percent"),
    "unmutesVideoAd": Column("sum", "video.unmuted"),
}
"""Metrics of video ads."""

_IN_BUDGET_CURRENCY: dict[str, Column] = {
    f"metric.{name}": column
    for name, column in {
        **_PLAIN,
        **_VIDEO,
        **{
            f"{name}{way}{owner}": Column("sum", f"{stem}{_OWNERS[owner]}{_WAYS[way]}@W", by)
            for (name, (stem, by)), owner, way in product(_BUYING.items(), _OWNERS, _WAYS)
        },
        **{
            name + way: Column("sum", "+".join(f"{stem}.{each}" for each in steps))
            for (name, stem), (way, steps) in product(
                _STEPS.items(),
                (("", ("clicks", "views")), ("FromClicks", ("clicks",)), ("FromViews", ("views",))),
            )
        },
        **{
            name: Column("sum", f"{stem}.clicks+{stem}.views/impressions", "percent")
            for name, stem in _RATES.items()
        },
        **{
            name: Column("sum", f"cost/{stem}.clicks+{stem}.views", "quotient")
            for name, stem in _COSTS.items()
        },
        **{f"{name}{way}": Column("sum", "none") for name, way in product(_NEVER, _WAYS)},
    }.items()
}
METRICS: dict[str, Column] = _IN_BUDGET_CURRENCY | {
    f"{name}Converted": replace(column, by="converted")
    for name, column in _IN_BUDGET_CURRENCY.items()
    if column.by == "money"
}
"""The metrics that have a value; the others are null in every row."""

_OTHERS_ONLY = (
    "5second", "addToCart", "brandedSearch", "completeViews", "completionRateVideo",
    "costPerAddToCart", "costPerBrandedSearch", "costPerDetailPageView", "costPerNewToBrand",
    "detailPageView", "firstQuartile", "household", "averageHousehold", "averageUser", "midpoint",
    "newToBrand", "percentOfPurchases", "thirdQuartile", "unmutes", "userReach", "vctr",
)  # fmt: skip
NOT_IN_SP = frozenset(
    name
    for name in METRICS
    if name.removeprefix("metric.").startswith(_OTHERS_ONLY) or "FromViews" in name
)
"""Metrics that Sponsored Products do not have: v3 has no such column for them."""

RATES: dict[str, float] = {
    "AED": 3.67, "AUD": 1.5, "BRL": 5.4, "CAD": 1.37, "CHF": 0.8, "CNY": 7.2, "DKK": 6.4,
    "EGP": 48.0, "EUR": 0.86, "GBP": 0.75, "INR": 88.0, "JPY": 150.0, "KRW": 1400.0, "MXN": 18.5,
    "NGN": 1500.0, "NOK": 10.0, "NZD": 1.7, "PLN": 3.65, "SAR": 3.75, "SEK": 9.4, "SGD": 1.3,
    "TRY": 42.0, "USD": 1.0, "ZAR": 17.3,
}  # fmt: skip
"""Units of a currency for one US dollar, for converted amounts (assumed)."""
