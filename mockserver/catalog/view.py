"""How stored entities look in another family's model: rows of member, source, conversion.

One store stands behind every family; a view says how an entity of one resource is shown as a
record of another model (the export records now). Data only: ``mockserver.services.view`` holds
what a conversion's name does. Source: auth reference 3.5 (documented record shapes).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mockserver.catalog.entry import Parent


@dataclass(frozen=True, slots=True)
class Row:
    """One member of a record.

    ``to`` and ``source`` are dotted. ``by`` names the conversion: ``copy``, ``constant``
    (``value``), ``table`` (``value`` maps), ``pairs`` (a map to key/value rows), ``currency``,
    ``created``, ``updated``, ``expression`` (a targeting expression to target details), ``text``
    (an id), ``day`` (without hyphens on the wire), ``asins``, ``state`` (in capitals).
    """

    to: str
    source: str = ""
    by: str = "copy"
    value: Any = None


@dataclass(frozen=True, slots=True)
class View:
    """Entities of ``resource`` as records; ``reason`` prefixes its delivery reasons."""

    resource: str
    reason: str
    rows: tuple[Row, ...]
    parents: tuple[Parent, ...] = ()
    parent_reasons: tuple[str, ...] = ()
    constants: dict[str, Any] = field(default_factory=dict)


_CAMPAIGN = Parent("campaignId", "sp.campaigns")
_AD_GROUP = Parent("adGroupId", "sp.adGroups")
_UNDER_GROUP: dict[str, Any] = {
    "parents": (_CAMPAIGN, _AD_GROUP),
    "parent_reasons": ("CAMPAIGN", "AD_GROUP"),
}
_UNDER_CAMPAIGN: dict[str, Any] = {"parents": (_CAMPAIGN,), "parent_reasons": ("CAMPAIGN",)}

_TIMES = (Row("creationDateTime", by="created"), Row("lastUpdatedDateTime", by="updated"))
_PRODUCT = Row("adProduct", by="constant", value="SPONSORED_PRODUCTS")

_MATCHES = {
    "NEGATIVE_EXACT": "EXACT",
    "NEGATIVE_PHRASE": "PHRASE",
    "NEGATIVE_BROAD": "BROAD",
    "BROAD": "BROAD",
    "PHRASE": "PHRASE",
    "EXACT": "EXACT",
}

EXPRESSIONS: dict[str, tuple[str, str | None, str | None]] = {
    "ASIN_SAME_AS": ("PRODUCT", "PRODUCT_EXACT", "asin"),
    "ASIN_EXPANDED_FROM": ("PRODUCT", "PRODUCT_SIMILAR", "asin"),
    "ASIN_CATEGORY_SAME_AS": ("PRODUCT_CATEGORY", None, "productCategoryId"),
    "ASIN_BRAND_SAME_AS": ("PRODUCT_CATEGORY", None, "productBrand"),
    "ASIN_GENRE_SAME_AS": ("PRODUCT_CATEGORY", None, "productGenre"),
    "ASIN_PRICE_LESS_THAN": ("PRODUCT_CATEGORY", None, "productPriceLessThan"),
    "ASIN_PRICE_GREATER_THAN": ("PRODUCT_CATEGORY", None, "productPriceGreaterThan"),
    "ASIN_REVIEW_RATING_LESS_THAN": ("PRODUCT_CATEGORY", None, "productRatingLessThan"),
    "ASIN_REVIEW_RATING_GREATER_THAN": ("PRODUCT_CATEGORY", None, "productRatingGreaterThan"),
    "ASIN_AGE_RANGE_SAME_AS": ("PRODUCT_CATEGORY", None, "productAgeRange"),
    "ASIN_IS_PRIME_SHIPPING_ELIGIBLE": ("PRODUCT_CATEGORY", None, "productPrimeShippingEligible"),
    "SIMILAR_PRODUCT": ("PRODUCT", "PRODUCT_SIMILAR", None),
    "AUDIENCE": ("AUDIENCE", None, None),
    "AUDIENCE_SAME_AS": ("AUDIENCE", None, "audienceId"),
    "VIEWS": ("PRODUCT_AUDIENCE", "VIEWS", None),
    "PURCHASES": ("PRODUCT_AUDIENCE", "PURCHASES", None),
    "LOOKBACK": ("", None, "lookback"),
}
"""Expression type to (target type, match type or event, member that takes the value).

Types are in capitals, however a family spells them.

The automatic ones are the contract's ``automatic_matches``."""

SAID_AS = {"PRODUCT_AUDIENCE": "event"}
"""The member that tells the match of a target type, where it is not ``matchType``."""


def _keyword(resource: str, *, negative: bool, under: dict[str, Any]) -> View:
    bid = () if negative else (Row("bid.bid", "bid"), Row("bid.currencyCode", "bid", "currency"))
    return View(
        resource,
        "TARGET",
        (
            Row("targetId", "keywordId"),
            Row("adGroupId", "adGroupId"),
            *((Row("campaignId", "campaignId"),) if under is _UNDER_CAMPAIGN else ()),
            _PRODUCT,
            Row("state", "state"),
            Row("negative", by="constant", value=negative),
            *bid,
            Row("targetType", by="constant", value="KEYWORD"),
            Row("targetDetails.matchType", "matchType", "table", _MATCHES),
            Row("targetDetails.keyword", "keywordText"),
            Row("targetDetails.nativeLanguageKeyword", "nativeLanguageKeyword"),
            Row("targetDetails.nativeLanguageLocale", "nativeLanguageLocale"),
            *_TIMES,
        ),
        **under,
    )


def _clause(resource: str, *, negative: bool, under: dict[str, Any]) -> View:
    bid = () if negative else (Row("bid.bid", "bid"), Row("bid.currencyCode", "bid", "currency"))
    return View(
        resource,
        "TARGET",
        (
            Row("targetId", "targetId"),
            Row("adGroupId", "adGroupId"),
            *((Row("campaignId", "campaignId"),) if under is _UNDER_CAMPAIGN else ()),
            _PRODUCT,
            Row("state", "state"),
            Row("negative", by="constant", value=negative),
            *bid,
            Row("targetType", "expression", "target_type"),
            Row("targetDetails", "expression", "expression"),
            *_TIMES,
        ),
        **under,
    )


VIEWS: dict[str, tuple[View, ...]] = {
    "campaigns": (
        View(
            "sp.campaigns",
            "CAMPAIGN",
            (
                Row("campaignId", "campaignId"),
                Row("portfolioId", "portfolioId"),
                Row("name", "name"),
                Row("state", "state"),
                _PRODUCT,
                Row("startDate", "startDate"),
                Row("endDate", "endDate"),
                Row("tags", "tags", "pairs"),
                Row("targetingSettings", "targetingType"),
                Row(
                    "optimization.bidStrategy", "dynamicBidding.strategy", "word", "bid_strategies"
                ),
                Row("optimization.placementBidAdjustments", "dynamicBidding.placementBidding"),
                Row("budgetCaps.recurrenceTimePeriod", "budget.budgetType"),
                Row("budgetCaps.budgetType", by="constant", value="MONETARY"),
                Row("budgetCaps.budgetValue.monetaryBudget.currencyCode", "budget", "currency"),
                Row("budgetCaps.budgetValue.monetaryBudget.amount", "budget.budget"),
                *_TIMES,
            ),
        ),
    ),
    "adGroups": (
        View(
            "sp.adGroups",
            "AD_GROUP",
            (
                Row("adGroupId", "adGroupId"),
                Row("campaignId", "campaignId"),
                _PRODUCT,
                Row("name", "name"),
                Row("state", "state"),
                Row("bid.defaultBid", "defaultBid"),
                Row("bid.currencyCode", "defaultBid", "currency"),
                *_TIMES,
            ),
            **_UNDER_CAMPAIGN,
        ),
    ),
    "ads": (
        View(
            "sp.productAds",
            "AD",
            (
                Row("adId", "adId"),
                Row("adGroupId", "adGroupId"),
                _PRODUCT,
                Row("state", "state"),
                Row("adType", by="constant", value="PRODUCT_AD"),
                Row("creative.products", "", "products"),
                *_TIMES,
            ),
            **_UNDER_GROUP,
        ),
    ),
    "targets": (
        _keyword("sp.keywords", negative=False, under=_UNDER_GROUP),
        _keyword("sp.negativeKeywords", negative=True, under=_UNDER_GROUP),
        _keyword("sp.campaignNegativeKeywords", negative=True, under=_UNDER_CAMPAIGN),
        _clause("sp.targets", negative=False, under=_UNDER_GROUP),
        _clause("sp.negativeTargets", negative=True, under=_UNDER_GROUP),
        _clause("sp.campaignNegativeTargets", negative=True, under=_UNDER_CAMPAIGN),
    ),
}
"""Export kind to the resources that feed it."""
