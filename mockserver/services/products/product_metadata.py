"""Products: what they are and whether they may be advertised, drawn from seed and ASIN.

Knows a seeded catalogue in which every well-formed ASIN is a product. Must not know campaigns:
they take any believable product.

Source: OpenAPI ProductsMetadata and ProductsEligibility (documented: members, words). That every
product is there, its price and how many are eligible are assumed.
"""

from __future__ import annotations

from typing import Any

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.catalog.demo_templates import NOUNS, QUALITIES
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import brand_name
from adsmock.mockserver.services.verbs import page_token

SIZE = 60
"""Products of a profile's catalogue."""
_OF = 30
_WORDS = ("INELIGIBLE", "INELIGIBLE", "INELIGIBLE", "ELIGIBLE_WITH_WARNING")
"""How the first four of thirty draws end; the rest are eligible."""
_FLAWS = {
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
"""Why a program cannot be used; the others can."""
_YEARS = 5 * 365 * 86_400
_FIRST = 1_577_836_800
"""Products came into the catalogue in the five years from 2020 on."""

Row = dict[str, Any]


def search(context: RequestContext) -> Document:
    """Return a page of what was asked for by ASIN or SKU, or of the profile's catalogue.

    Raises:
        ApiError: 400; the token is not one that a page gave.
    """
    body = context.body
    asked = page_token.fingerprint(body, "cursorToken", "pageIndex", "pageSize")
    begin = page_token.first_row(context, body.get("cursorToken"), "cursorToken", asked)
    rows = _sorted([_product(context, *named) for named in _named(context)], body)
    size = int(body["pageSize"])
    start = begin or int(body["pageIndex"]) * size
    value: Row = {"ProductMetadataList": rows[start : start + size]}
    if start + size < len(rows):
        value["cursorToken"] = page_token.make_page_token(
            context, context.contract.name, asked, start + size
        )
    return Document(value)


def eligibility(context: RequestContext) -> Document:
    """Return for each product whether it may be advertised, and why not."""
    rows = [_judged(context, row) for row in context.body["productDetailsList"]]
    return Document({"productResponseList": rows})


def programs(context: RequestContext) -> Document:
    """Return which programs the profile may use, in the version that was asked for.

    Raises:
        ApiError: 400; the token is not one that a page gave.
    """
    found = {name: _PROGRAMS.get(name) for name in PROGRAMS}
    if context.media == context.operation.reply:
        return Document({"eligibilityStatusMap": {name: _may(row) for name, row in found.items()}})
    start = page_token.first_row(context, context.body.get("nextToken"), "nextToken")
    rows = [{"adProgram": name, **_may(row)} for name, row in found.items()]
    lists = [{"marketplaceId": context.profile.marketplace_id, "eligibilityStatusList": rows}]
    return Document({"eligibilityStatusLists": lists[start:]})


def _may(reason: Row | None) -> Row:
    return {"eligible": True} if reason is None else {"eligible": False, "reasons": [reason]}


def _named(context: RequestContext) -> list[tuple[str, str]]:
    """Return the ASIN and SKU of each wanted product."""
    asins, skus = context.body.get("asins") or (), context.body.get("skus") or ()
    if asins or skus:
        pairs = [(asin, _sku(context, asin)) for asin in asins]
        return pairs + [
            (f"B0{seeded_random.letters(8, *_seed(context), sku)}", sku) for sku in skus
        ]
    return [(asin, _sku(context, asin)) for asin in codes(context)]


def codes(context: RequestContext) -> list[str]:
    """Return the ASINs of the profile's catalogue."""
    return [f"B0{seeded_random.letters(8, *_seed(context), number)}" for number in range(SIZE)]


def noun(context: RequestContext, asin: str) -> str:
    """Return what a product is called, which is its category too."""
    return NOUNS[seeded_random.integer(len(NOUNS), *_seed(context), asin, "noun")]


def _sku(context: RequestContext, asin: str) -> str:
    return f"SKU-{seeded_random.letters(6, *_seed(context), 'sku', asin)}"


def _seed(context: RequestContext) -> tuple[object, ...]:
    return (context.sandbox.seed, "products", context.profile.id)


def _product(context: RequestContext, asin: str, sku: str) -> Row:
    seed = (*_seed(context), asin)
    called = noun(context, asin)
    quality = QUALITIES[seeded_random.integer(len(QUALITIES), *seed, "quality")]
    price = {
        "amount": 5 + seeded_random.integer(9500, *seed) / 100,
        "currency": context.profile.currency,
    }
    created = _FIRST + seeded_random.integer(_YEARS, *seed, "made")
    row: Row = {
        "asin": asin,
        "title": f"{called}, {quality}",
        "brand": brand_name(context.sandbox, context.profile),
        "category": called,
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
    word = _word(context, asin)
    if word == "ELIGIBLE":
        return {"eligibilityStatus": word}
    code, text = _FLAWS[word]
    return {"eligibilityStatus": word, "ineligibilityCodes": [code], "ineligibilityReasons": [text]}


def _sorted(rows: list[Row], body: Row) -> list[Row]:
    """Return the products whose title holds the words asked for, by age where that is asked."""
    words = str(body.get("searchStr") or "").casefold()
    found = [row for row in rows if words in f"{row['title']} {row['asin']}".casefold()]
    if body.get("sortBy") != "CREATED_DATE":
        return found
    return sorted(
        found, key=lambda row: str(row["createdDate"]), reverse=body.get("sortOrder") != "ASC"
    )


def _word(context: RequestContext, asin: str) -> str:
    place = seeded_random.integer(_OF, *_seed(context), "eligible", asin)
    return _WORDS[place] if place < len(_WORDS) else "ELIGIBLE"


def _judged(context: RequestContext, row: Row) -> Row:
    word = _word(context, row["asin"])
    flaws = []
    if word != "ELIGIBLE":
        code, text = _FLAWS[word]
        flaws = [{"name": code, "message": text, "severity": word}]
    return {"productDetails": row, "overallStatus": word, "eligibilityStatusList": flaws}
