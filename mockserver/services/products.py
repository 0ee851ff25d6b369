"""Products: what they are and whether they may be advertised, drawn from seed and ASIN.

Knows a seeded catalogue in which every well-formed ASIN is a product. Must not know campaigns:
they take any believable product.

Source: OpenAPI ProductsMetadata and ProductsEligibility (documented: members, words). That every
product is there, its price and how many are eligible are assumed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from adsmock.mockserver.catalog.invention import NOUNS, QUALITIES
from adsmock.mockserver.core import draw
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services import cursor
from adsmock.mockserver.services.work import Work

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


def search(work: Work) -> Document:
    """Return a page of what was asked for by ASIN or SKU, or of the profile's catalogue.

    Raises:
        ApiError: 400; the token is not one that a page gave.
    """
    body = work.body
    asked = cursor.fingerprint(body, "cursorToken", "pageIndex", "pageSize")
    begin = cursor.row_of(work, body.get("cursorToken"), "cursorToken", asked)
    rows = _sorted([_product(work, *named) for named in _named(work)], body)
    size = int(body["pageSize"])
    start = begin or int(body["pageIndex"]) * size
    value: Row = {"ProductMetadataList": rows[start : start + size]}
    if start + size < len(rows):
        value["cursorToken"] = cursor.sealed(work, work.contract.name, asked, start + size)
    return Document(value)


def eligibility(work: Work) -> Document:
    """Return for each product whether it may be advertised, and why not."""
    rows = [_judged(work, row) for row in work.body["productDetailsList"]]
    return Document({"productResponseList": rows})


def programs(work: Work) -> Document:
    """Return which programs the profile may use, in the version that was asked for.

    Raises:
        ApiError: 400; the token is not one that a page gave.
    """
    found = {name: _PROGRAMS.get(name) for name in PROGRAMS}
    if work.media == work.operation.reply:
        return Document({"eligibilityStatusMap": {name: _may(row) for name, row in found.items()}})
    start = cursor.row_of(work, work.body.get("nextToken"), "nextToken")
    rows = [{"adProgram": name, **_may(row)} for name, row in found.items()]
    lists = [{"marketplaceId": work.profile.marketplace_id, "eligibilityStatusList": rows}]
    return Document({"eligibilityStatusLists": lists[start:]})


def _may(reason: Row | None) -> Row:
    return {"eligible": True} if reason is None else {"eligible": False, "reasons": [reason]}


def _named(work: Work) -> list[tuple[str, str]]:
    """Return the ASIN and SKU of each wanted product."""
    asins, skus = work.body.get("asins") or (), work.body.get("skus") or ()
    if asins or skus:
        pairs = [(asin, _sku(work, asin)) for asin in asins]
        return pairs + [(f"B0{draw.letters(8, *_seed(work), sku)}", sku) for sku in skus]
    return [(asin, _sku(work, asin)) for asin in codes(work)]


def codes(work: Work) -> list[str]:
    """Return the ASINs of the profile's catalogue."""
    return [f"B0{draw.letters(8, *_seed(work), number)}" for number in range(SIZE)]


def noun(work: Work, asin: str) -> str:
    """Return what a product is called, which is its category too."""
    return NOUNS[draw.integer(len(NOUNS), *_seed(work), asin, "noun")]


def brand(work: Work) -> str:
    """Return the profile's own brand."""
    return f"Brand {draw.letters(4, *_seed(work), 'brand')}"


def _sku(work: Work, asin: str) -> str:
    return f"SKU-{draw.letters(6, *_seed(work), 'sku', asin)}"


def _seed(work: Work) -> tuple[object, ...]:
    return (work.sandbox.seed, "products", work.profile.id)


def _product(work: Work, asin: str, sku: str) -> Row:
    seed = (*_seed(work), asin)
    called = noun(work, asin)
    quality = QUALITIES[draw.integer(len(QUALITIES), *seed, "quality")]
    price = {"amount": 5 + draw.integer(9500, *seed) / 100, "currency": work.profile.currency}
    made = datetime.fromtimestamp(_FIRST + draw.integer(_YEARS, *seed, "made"), UTC)
    row: Row = {
        "asin": asin,
        "title": f"{called}, {quality}",
        "brand": brand(work),
        "category": called,
        "availability": "IN_STOCK",
        "basisPrice": price,
        "priceToPay": price,
        "bestSellerRank": str(1 + draw.integer(100_000, *seed, "rank")),
        "createdDate": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "imageUrl": f"https://m.media-amazon.com/images/I/{asin}.jpg",
    }
    if work.profile.kind == "seller":
        row["sku"] = sku
    return row | (_eligible(work, asin) if work.body.get("checkEligibility") else {})


def _eligible(work: Work, asin: str) -> Row:
    word = _word(work, asin)
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


def _word(work: Work, asin: str) -> str:
    place = draw.integer(_OF, *_seed(work), "eligible", asin)
    return _WORDS[place] if place < len(_WORDS) else "ELIGIBLE"


def _judged(work: Work, row: Row) -> Row:
    word = _word(work, row["asin"])
    flaws = []
    if word != "ELIGIBLE":
        code, text = _FLAWS[word]
        flaws = [{"name": code, "message": text, "severity": word}]
    return {"productDetails": row, "overallStatus": word, "eligibilityStatusList": flaws}
