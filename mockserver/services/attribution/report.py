"""Reports of Amazon Attribution: clicks of tags and what followed, by level or by product.

Sources are in the contract ``attribution``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NoReturn

from adsmock.contracts.iso8601 import is_date
from adsmock.contracts.loader import load
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.attribution.clicks import (
    ClickDay,
    Creative,
    click_day,
    creatives_of,
)
from adsmock.mockserver.services.attribution.tags import check_advertisers, publishers_in_use
from adsmock.mockserver.services.products.product_metadata import codes, product_row
from adsmock.mockserver.services.reporting.eligible import Calendar
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import company_name
from adsmock.mockserver.services.verbs import page_token

PERFORMANCE, PRODUCTS = "PERFORMANCE", "PRODUCTS"
DAYS = {PERFORMANCE: 396, PRODUCTS: 90}
"""How far back a report may begin: 13 months (in days of the longest 13 months), 90 days."""

_BONUS, _BONUS_PART = "brb_bonus_amount", 10
_LEVELS: dict[str, tuple[str, ...]] = {
    "CAMPAIGN": ("campaign",),
    "ADGROUP": ("campaign", "group"),
    "CREATIVE": ("campaign", "group", "id"),
}
_IDS = {"campaign": "campaignId", "group": "adGroupId", "id": "creativeId"}
_LEAST_CLICKS = 10
_MOST = 5_000
_OWN = {
    "attributedDetailPageViewsClicks14d": "views",
    "attributedAddToCartClicks14d": "carts",
    "attributedPurchases14d": "purchases",
    "unitsSold14d": "units",
    "attributedSales14d": "sales",
    "attributedNewToBrandPurchases14d": "new",
    "attributedNewToBrandUnitsSold14d": "newUnits",
    "attributedNewToBrandSales14d": "newSales",
}
_TOTAL = {
    "attributedTotalDetailPageViewsClicks14d": "views",
    "attributedTotalAddToCartClicks14d": "carts",
    "attributedTotalPurchases14d": "purchases",
    "totalUnitsSold14d": "units",
    "totalAttributedSales14d": "sales",
}
_HALO = {
    "brandHaloDetailPageViewsClicks14d": "views",
    "brandHaloAttributedAddToCartClicks14d": "carts",
    "brandHaloAttributedPurchases14d": "purchases",
    "brandHaloUnitsSold14d": "units",
    "brandHaloAttributedSales14d": "sales",
    "brandHaloNewToBrandPurchases14d": "new",
    "brandHaloNewToBrandUnitsSold14d": "newUnits",
    "brandHaloNewToBrandSales14d": "newSales",
}
_STORES = {
    "US": "AMAZON.COM", "UK": "AMAZON.CO.UK", "JP": "AMAZON.CO.JP", "AU": "AMAZON.COM.AU",
    "MX": "AMAZON.COM.MX", "BR": "AMAZON.COM.BR", "TR": "AMAZON.COM.TR", "BE": "AMAZON.COM.BE",
}  # fmt: skip
"""Stores whose name is not AMAZON. with the country. The first was observed."""


@dataclass(frozen=True, slots=True)
class _Request:
    kind: str
    level: tuple[str, ...]
    metrics: tuple[str, ...]
    first: date
    last: date


def get_report(context: RequestContext) -> Document:
    """Return a page of the rows that a request asks for.

    Raises:
        ApiError: 400, a member is invalid or the cursor is of another report.
    """
    body = context.body
    request = _checked(context)
    rows = list(_rows(context, request))
    asked = page_token.fingerprint(body, "cursorId", "count")
    start = page_token.first_row(context, body.get("cursorId"), "cursorId", asked)
    end = start + (body.get("count") or _MOST)
    page = rows[start:end]
    value: dict[str, Any] = {"reports": page, "size": len(page)}
    if end < len(rows):
        name = context.contract.name
        value["cursorId"] = page_token.make_page_token(context, name, asked, end)
    return Document(value)


def _checked(context: RequestContext) -> _Request:
    body, extra = context.body, context.contract.extra
    kind, level = body.get("reportType") or PERFORMANCE, body.get("groupBy") or "CREATIVE"
    if kind not in DAYS:
        _refuse(f"Invalid reportType: {kind[:40]}")
    check_advertisers(context, body.get("advertiserIds"))
    for member in ("startDate", "endDate"):
        if not is_date(body[member], compact=True):
            _refuse(f"{member} must have the form YYYYMMDD")
    first, last = (date.fromisoformat(body[member]) for member in ("startDate", "endDate"))
    today = date.fromordinal(Calendar(context.profile.timezone).day(context.now))
    if last < first:
        _refuse("endDate must not be before startDate")
    if first < today - timedelta(days=DAYS[kind]):
        _refuse(f"startDate of {kind} must be within the last {DAYS[kind]} days")
    named = [each.strip() for each in (body.get("metrics") or "").split(",") if each.strip()]
    known = {*extra["metrics"][kind], *(extra["on_request"] if kind == PERFORMANCE else ())}
    unknown = [each for each in named if each not in known]
    if unknown:
        _refuse(f"Invalid metrics: {unknown[0][:60]}")
    if _BONUS in named and level == "CREATIVE":
        _refuse(f"{_BONUS} needs groupBy CAMPAIGN or ADGROUP")
    metrics = tuple(dict.fromkeys(named)) or tuple(extra["metrics"][kind])
    return _Request(kind, _LEVELS[level], metrics, first, last)


def _refuse(text: str) -> NoReturn:
    raise ApiError("invalid", 400, message=text)


def _rows(context: RequestContext, request: _Request) -> Iterator[dict[str, str]]:
    """Yield the rows by day, then as publishers and creatives come."""
    products = codes(context)
    market = load().marketplaces[context.profile.country]
    details = {asin: product_row(context, asin, "") for asin in products}
    prices = {
        asin: round(row["basisPrice"]["amount"] * market.minor) for asin, row in details.items()
    }
    is_products = request.kind == PRODUCTS
    level = _LEVELS["ADGROUP"] if is_products else request.level
    known = list(_creatives(context, products))
    groups: dict[tuple[Any, ...], list[ClickDay]] = {}
    for begin, creative in known:
        for each in _days(context, creative, max(begin, request.first), request.last, prices):
            groups.setdefault((each.day, *_key(creative, level)), []).append(each)
    masked = _masked(context, known, level, groups)
    writer = _Writer(context, request, level, details)
    write = writer.products if is_products else writer.performance
    for key in sorted(groups, key=lambda key: key[0]):  # stable: creatives keep their order
        yield from write(groups[key], is_masked=key[1:] in masked)


def _key(creative: Creative, level: tuple[str, ...]) -> tuple[str, ...]:
    return (creative.publisher, *(getattr(creative, name) for name in level))


def _creatives(context: RequestContext, products: list[str]) -> Iterator[tuple[date, Creative]]:
    """Yield the creatives of the profile, each with the first day of its publisher."""
    calendar = Calendar(context.profile.timezone)
    oldest = calendar.day(context.now) - DAYS[PERFORMANCE]
    seed = (context.sandbox.seed, "attribution", context.profile.id)
    for publisher, since in publishers_in_use(context):
        begin = date.fromordinal(max(calendar.day(since) if since else 0, oldest))
        has_numbers = bool(publisher["macros"])
        for each in creatives_of(seed, publisher["name"], products, has_numbers=has_numbers):
            yield begin, each


def _days(
    context: RequestContext, creative: Creative, first: date, last: date, prices: dict[str, int]
) -> Iterator[ClickDay]:
    """Yield the days of a creative that are over."""
    today = Calendar(context.profile.timezone).day(context.now)
    seed = (context.sandbox.seed, "attribution", context.profile.id)
    for day in range(first.toordinal(), min(last.toordinal() + 1, today)):
        yield click_day(seed, creative, day, today - day, prices)


def _masked(
    context: RequestContext,
    known: list[tuple[date, Creative]],
    level: tuple[str, ...],
    groups: dict[tuple[Any, ...], list[ClickDay]],
) -> set[tuple[str, ...]]:
    """Return what has had too few clicks in all; the days of a report usually show enough."""
    clicks: Counter[tuple[str, ...]] = Counter()
    for key, members in groups.items():
        clicks[key[1:]] += sum(each.clicks for each in members)
    few = {key for key, number in clicks.items() if number < _LEAST_CLICKS}
    lifetime: Counter[tuple[str, ...]] = Counter()
    for begin, creative in known:
        key = _key(creative, level)
        if key in few:
            prices = dict.fromkeys((creative.promoted, creative.other), 0)
            lifetime[key] += sum(
                each.clicks for each in _days(context, creative, begin, date.max, prices)
            )
    return {key for key in few if lifetime[key] < _LEAST_CLICKS}


class _Writer:
    """Writes rows: ids, names and metrics as text."""

    def __init__(
        self,
        context: RequestContext,
        request: _Request,
        level: tuple[str, ...],
        details: dict[str, dict[str, Any]],
    ) -> None:
        self._request = request
        self._level = level
        self._details = details
        self._advertiser = company_name(context.sandbox, context.profile)
        country = context.profile.country
        self._store = _STORES.get(country, f"AMAZON.{country}")
        self._minor = load().marketplaces[country].minor
        self._has_bonus = context.profile.kind == "seller"

    def performance(self, days: list[ClickDay], *, is_masked: bool) -> Iterator[dict[str, str]]:
        """Yield the row of a tag or of several, unless nobody clicked."""
        clicks = sum(each.clicks for each in days)
        if not clicks:
            return
        own = _sums(each.promoted for each in days)
        total = own + _sums(each.other for each in days)
        values = {name: own[step] for name, step in _OWN.items()}
        values |= {name: total[step] for name, step in _TOTAL.items()}
        values |= {"Click-throughs": clicks, _BONUS: own["sales"] // _BONUS_PART}
        yield self._named(days[0]) | self._texts(values, is_masked=is_masked)

    def products(self, days: list[ClickDay], *, is_masked: bool) -> Iterator[dict[str, str]]:
        """Yield a row for each product of an ad group: promoted ones, then others of the brand."""
        for kind, names, of in (("Promoted", _OWN, "promoted"), ("Brand Halo", _HALO, "other")):
            by_asin: dict[str, list[dict[str, int]]] = {}
            for each in days:
                by_asin.setdefault(getattr(each.creative, of), []).append(getattr(each, of))
            for asin, steps in by_asin.items():
                found = _sums(steps)
                if found["views"]:
                    values = {name: found[step] for name, step in names.items()}
                    words = self._product(asin) | {"productConversionType": kind}
                    texts = self._texts(values, is_masked=is_masked)
                    yield self._named(days[0]) | words | texts

    def _named(self, each: ClickDay) -> dict[str, str]:
        row = {
            "date": f"{date.fromordinal(each.day):%Y%m%d}",
            "advertiserName": self._advertiser,
            **{_IDS[name]: getattr(each.creative, name) for name in self._level},
        }
        if len(self._level) > 1:
            row["publisher"] = each.creative.publisher
        return row

    def _product(self, asin: str) -> dict[str, str]:
        row = self._details[asin]
        return {
            "productAsin": asin,
            "productName": row["title"],
            "productGroup": row["category"],
            "productCategory": row["category"],
            "productSubcategory": row["category"],
            "brandName": row["brand"],
            "marketplace": self._store,
        }

    def _texts(self, values: dict[str, int], *, is_masked: bool) -> dict[str, str]:
        """Return the requested metrics as text; those of a masked row are zero."""
        found = {}
        for name in self._request.metrics:
            value = 0 if is_masked else values.get(name, 0)
            if name == _BONUS and not self._has_bonus:
                continue
            is_money = "Sales" in name or name == _BONUS
            is_whole = not is_money or value % self._minor == 0
            minor = self._minor if is_money else 1
            found[name] = str(value // minor if is_whole else value / minor)
        return found


def _sums(rows: Iterable[dict[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        found.update(row)
    return found
