"""Keywords that a deal can reserve: recommendations, validation and prices.

Source: Amazon Ads API SB Merged 3.0 of 2026-08 (documented: members). Assumed: that a keyword needs
the profile's brand as a word, and the prices.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from adsmock.contracts.loader import load
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.deals.deals import DEALS
from adsmock.mockserver.services.deals.recommendation_types import BRANDED_KEYWORD
from adsmock.mockserver.services.products import product_metadata
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import brand_name, brand_registry_id
from adsmock.mockserver.services.verbs.record_store import Record
from adsmock.mockserver.services.verbs.unified_batch import (
    Records,
    RefusedItem,
    run_batch,
    utc_seconds,
)

_REASON: Final = "The keyword does not name a brand of this advertiser"
_DAILY: Final = 10.0
"""Price of a keyword for a day, in the currency of the profile."""
_DAY: Final = 86_400.0
_DETAILS: Final = "brandedKeywordRecommendationTypeDetails"


def recommend_keywords(context: RequestContext) -> Document:
    """Recommend keywords that the profile can reserve."""
    return run_batch(
        context, "recommendations", "recommendation", lambda item: _recommended(context, item)
    )


def validate_keywords(context: RequestContext) -> Document:
    """Say of each keyword whether the profile can reserve it."""
    name = "keywordReservationValidation"
    return run_batch(context, f"{name}s", name, lambda item: _validated(context, item))


def price_keywords(context: RequestContext) -> Document:
    """Return a price for each list of keywords, without those that cannot be reserved."""
    name = "brandedKeywordsPricing"
    return run_batch(context, f"{name}s", name, lambda item: _priced(context, item))


def price_targets(context: RequestContext) -> Document:
    """Return an id for each price of reserved targets; the document gives them no other member."""
    name = "reservedTargetPricing"
    return run_batch(
        context, f"{name}s", name, lambda _: {"targetPricingId": context.sandbox.mint.uuid("price")}
    )


def _recommended(context: RequestContext, item: Record) -> Record:
    if item["recommendationType"] != BRANDED_KEYWORD:
        text = f"{BRANDED_KEYWORD} is the only type of recommendation"
        raise RefusedItem("FIELD_VALUE_IS_INVALID", text, "recommendationType")
    details = (item.get("recommendationTypeDetails") or {}).get(_DETAILS) or {}
    own = brand_registry_id(context.sandbox, context.profile)
    (alternate,) = details.get("brandAlternateId") or [
        {"alternateBrandId": own, "alternateBrandIdType": "BRAND_REGISTRY"}
    ]
    keywords = [{"brandAlternateId": alternate, "keyword": each} for each in _keywords(context)]
    return item | {
        "recommendationId": context.sandbox.mint.uuid("recommendation"),
        "recommendedObjects": [
            {"recommendedObjectSettings": {"brandedKeywordList": {"brandedKeyword": keywords}}}
        ],
    }


def _keywords(context: RequestContext) -> Iterable[str]:
    """Return the brand alone, then with the word for each kind of product."""
    brand = brand_name(context.sandbox, context.profile).casefold()
    nouns = [product_metadata.noun(context, each) for each in product_metadata.codes(context)]
    return [brand, *(f"{brand} {noun.casefold()}" for noun in dict.fromkeys(nouns))]


def _validated(context: RequestContext, item: Record) -> Record:
    keyword = item["keyword"]
    row: Record = {
        "isReservable": _is_reservable(context, keyword),
        "keyword": keyword,
        "keywordReservationValidationId": context.sandbox.mint.uuid("validation"),
    }
    return row if row["isReservable"] else row | {"reservationRejectedReason": _REASON}


def _priced(context: RequestContext, item: Record) -> Record:
    if "advertisingDealId" in item:
        Records(context, DEALS).find(item["advertisingDealId"], "advertisingDealId")
    days = (utc_seconds(item, "endDateTime") - utc_seconds(item, "startDateTime")) / _DAY
    if days <= 0:
        raise RefusedItem("FIELD_VALUE_IS_INVALID", "A deal ends after it begins", "endDateTime")
    valid: list[str] = []
    rejected: list[str] = []
    for each in item["keywords"]:
        (valid if _is_reservable(context, each) else rejected).append(each)
    row = item | {
        "brandedKeywordsPricingId": context.sandbox.mint.uuid("pricing"),
        "rejectedKeywords": [{"keyword": each, "reason": _REASON} for each in rejected],
    }
    if not valid:
        return row
    minor = load().marketplaces[context.profile.country].minor
    worth = sum(_worth(context, each) for each in valid)
    price = {
        "currencyCode": context.profile.currency,
        "priceType": "FIXED_PRICE",
        "value": round(worth * days * minor) / minor,
    }
    return row | {"keywordsPricing": {"price": price, "validKeywords": valid}}


def _worth(context: RequestContext, keyword: str) -> float:
    """Return the price of a keyword for a day: the same whenever it is asked for."""
    seed = (context.sandbox.seed, "reservation", context.profile.id, keyword.casefold())
    return _DAILY * (1 + seeded_random.unit(*seed))


def _is_reservable(context: RequestContext, keyword: str) -> bool:
    brand = brand_name(context.sandbox, context.profile).casefold().split()
    words = keyword.casefold().split()
    spans = range(len(words) - len(brand) + 1)
    return any(words[start : start + len(brand)] == brand for start in spans)
