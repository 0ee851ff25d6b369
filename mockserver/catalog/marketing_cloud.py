"""Which field of unified reports a column of Marketing Cloud's tables shows.

All are assumed: tables have events of single users, and a report has their sums. A column without a
row is empty in every result.
"""

from __future__ import annotations

FIELDS: dict[str, str] = {
    "advertiser": "advertiserAccount.name",
    "ad_group": "adGroup.name",
    "ad_product_type": "adProduct.value",
    "campaign": "campaign.name",
    "campaign_id": "campaign.id",
    "campaign_id_string": "campaign.id",
    "conversion_event_date": "date.value",
    "creative_asin": "advertisedProduct.id",
    "currency_iso_code": "budgetCurrency.value",
    "customer_search_term": "searchTerm.value",
    "event_date": "date.value",
    "event_date_utc": "date.value",
    "match_type": "target.matchType",
    "portfolio_id": "portfolio.portfolioId",
    "targeting": "target.value",
    "traffic_event_date": "date.value",
    "clicks": "metric.clicks",
    "impressions": "metric.impressions",
    "new_to_brand_product_sales": "metric.newToBrandSales",
    "new_to_brand_purchases": "metric.newToBrandPurchases",
    "product_sales": "metric.salesPromoted",
    "purchases": "metric.purchasesPromoted",
    "spend": "metric.totalCost",
    "total_product_sales": "metric.sales",
    "total_purchases": "metric.purchases",
    "total_purchases_clicks": "metric.purchasesFromClicks",
    "total_units_sold": "metric.unitsSold",
    "units_sold": "metric.unitsSoldPromoted",
    "add_to_cart": "metric.addToCart",
    "detail_page_view": "metric.detailPageViews",
}

OF_ADVERTISER = ("entity_id",)
"""Columns whose value is the same in all rows of an instance."""

LABELS: dict[str, str] = {
    "Sponsored Products": "sponsored_products",
    "Sponsored Brands": "sponsored_brands",
    "Sponsored Display": "sponsored_display",
    "Sponsored TV": "sponsored_television",
}
"""The values of ``ad_product_type``. Source: Ads docs, datasources/sponsored_ads_traffic."""

FACTORS: dict[str, int] = {"spend": 100_000_000}
"""What an amount is multiplied with. Source: the same page (documented: microcents)."""

READABLE = frozenset(
    {
        "sponsored_ads_traffic",
        "amazon_attributed_events_by_conversion_time",
        "amazon_attributed_events_by_traffic_time",
    }
)
"""Tables with rows; the others are of Amazon DSP."""
