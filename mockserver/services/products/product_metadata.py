"""Product metadata and eligibility, generated from the seed and the ASIN.

Every well-formed ASIN is a product of the seeded catalog. Campaigns accept any product.

Source: OpenAPI ProductsMetadata and ProductsEligibility (documented: members, status values).
Assumed: that every product exists, its price, and how many are eligible.
"""

from __future__ import annotations

from typing import Any

from adsmock.contracts.iso8601 import format_utc
from adsmock.contracts.loader import load
from adsmock.mockserver.catalog.product_words import english_nouns, qualities, translated
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import asin_of, brand_name
from adsmock.mockserver.services.verbs import page_token

SIZE = 60
"""Products in a profile's catalog."""
_OF = 30
_STATUSES = ("INELIGIBLE", "INELIGIBLE", "INELIGIBLE", "ELIGIBLE_WITH_WARNING")
"""Status of the first four of thirty products; the rest are eligible."""
_REASONS = {
    "INELIGIBLE": ("NOT_IN_BUYBOX", "The product is not the featured offer"),
    "ELIGIBLE_WITH_WARNING": ("MISSING_IMAGE", "The product has no image"),
}
PROGRAMS = ("SPOT", "SB", "SD", "DTC", "MAAS")
_PROGRAMS = {
    "DTC": {
        "code": "DIRECT_TO_CONSUMER_SUBSCRIPTION_NOT_FOUND",
        "description": "No subscription was found",
        "level": "INELIGIBLE_WITH_RESOLUTION",
    }
}
"""Programs that a profile cannot use, with the reason."""
_YEARS = 5 * 365 * 86_400
_FIRST = 1_577_836_800
"""Products were created in the five years from 2020 on."""

Row = dict[str, Any]


def search(context: RequestContext) -> Document:
    """Return a page of the products with the requested ASINs or SKUs, or of the profile's catalog.

    Raises:
        ApiError: 400; the token is not one that a page gave.
    """
    body = context.body
    asked = page_token.fingerprint(body, "cursorToken", "pageIndex", "pageSize")
    begin = page_token.first_row(context, body.get("cursorToken"), "cursorToken", asked)
    rows = _sorted([product_row(context, *named) for named in _requested(context)], body)
    size = int(body["pageSize"])
    start = begin or int(body["pageIndex"]) * size
    value: Row = {"ProductMetadataList": rows[start : start + size]}
    if start + size < len(rows):
        value["cursorToken"] = page_token.make_page_token(
            context, context.contract.name, asked, start + size
        )
    return Document(value)


def eligibility(context: RequestContext) -> Document:
    """Return the eligibility of each product, with the reasons against it."""
    rows = [_eligibility_row(context, row) for row in context.body["productDetailsList"]]
    return Document({"productResponseList": rows})


def programs(context: RequestContext) -> Document:
    """Return the programs that the profile can use, in the requested version.

    Raises:
        ApiError: 400; the token is not one that a page gave.
    """
    found = {name: _PROGRAMS.get(name) for name in PROGRAMS}
    if context.media == context.operation.reply:
        return Document(
            {"eligibilityStatusMap": {name: _program_status(row) for name, row in found.items()}}
        )
    start = page_token.first_row(context, context.body.get("nextToken"), "nextToken")
    rows = [{"adProgram": name, **_program_status(row)} for name, row in found.items()]
    lists = [{"marketplaceId": context.profile.marketplace_id, "eligibilityStatusList": rows}]
    return Document({"eligibilityStatusLists": lists[start:]})


def _program_status(reason: Row | None) -> Row:
    return {"eligible": True} if reason is None else {"eligible": False, "reasons": [reason]}


def _requested(context: RequestContext) -> list[tuple[str, str]]:
    """Return ASIN and SKU of each requested product."""
    asins, skus = context.body.get("asins") or (), context.body.get("skus") or ()
    if asins or skus:
        pairs = [(asin, _sku(context, asin)) for asin in asins]
        return pairs + [(asin_of(context.sandbox, context.profile, sku), sku) for sku in skus]
    return [(asin, _sku(context, asin)) for asin in codes(context)]


def codes(context: RequestContext) -> list[str]:
    """Return the ASINs in the profile's catalog."""
    return [f"B0{seeded_random.letters(8, *_seed(context), number)}" for number in range(SIZE)]


def noun(context: RequestContext, asin: str) -> str:
    """Return a product's name, which is also its category."""
    words = english_nouns()
    return words[seeded_random.integer(len(words), *_seed(context), asin, "noun")]


def _sku(context: RequestContext, asin: str) -> str:
    return f"SKU-{seeded_random.letters(6, *_seed(context), 'sku', asin)}"


def _seed(context: RequestContext) -> tuple[object, ...]:
    return (context.sandbox.seed, "products", context.profile.id)


def product_row(context: RequestContext, asin: str, sku: str) -> Row:
    """Return a product as the metadata show it."""
    seed = (*_seed(context), asin)
    name = noun(context, asin)
    words = qualities(context.profile.country)
    quality = words[seeded_random.integer(len(words), *seed, "quality")]
    market = load().marketplaces[context.profile.country]
    amount = market.price_level * (5 + seeded_random.integer(9500, *seed) / 100)
    price = {
        "amount": market.rounded(amount),
        "currency": context.profile.currency,
    }
    created = _FIRST + seeded_random.integer(_YEARS, *seed, "made")
    row: Row = {
        "asin": asin,
        "title": f"{translated(name, context.profile.country)}, {quality}",
        "brand": brand_name(context.sandbox, context.profile),
        "category": name,
        "availability": "IN_STOCK",
        "basisPrice": price,
        "priceToPay": price,
        "bestSellerRank": str(1 + seeded_random.integer(100_000, *seed, "rank")),
        "createdDate": format_utc(created, "seconds"),
        "imageUrl": f"https://m.media-amazon.com/images/I/{asin}.jpg",
    }
    if context.profile.kind == "seller":
        row["sku"] = sku
    return row | (_eligible(context, asin) if context.body.get("checkEligibility") else {})


def _eligible(context: RequestContext, asin: str) -> Row:
    word = _eligibility(context, asin)
    if word == "ELIGIBLE":
        return {"eligibilityStatus": word}
    code, text = _REASONS[word]
    return {"eligibilityStatus": word, "ineligibilityCodes": [code], "ineligibilityReasons": [text]}


def _sorted(rows: list[Row], body: Row) -> list[Row]:
    """Return the products whose title contains the search text, on request sorted by date."""
    words = str(body.get("searchStr") or "").casefold()
    found = [row for row in rows if words in f"{row['title']} {row['asin']}".casefold()]
    if body.get("sortBy") != "CREATED_DATE":
        return found
    return sorted(
        found, key=lambda row: str(row["createdDate"]), reverse=body.get("sortOrder") != "ASC"
    )


def _eligibility(context: RequestContext, asin: str) -> str:
    place = seeded_random.integer(_OF, *_seed(context), "eligible", asin)
    return _STATUSES[place] if place < len(_STATUSES) else "ELIGIBLE"


def _eligibility_row(context: RequestContext, row: Row) -> Row:
    word = _eligibility(context, row["asin"])
    reasons = []
    if word != "ELIGIBLE":
        code, text = _REASONS[word]
        reasons = [{"name": code, "message": text, "severity": word}]
    return {"productDetails": row, "overallStatus": word, "eligibilityStatusList": reasons}
