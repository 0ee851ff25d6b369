"""What an export holds: the views of every family, by kind of export.

Knows how entities of Sponsored Brands and Sponsored Display look as records of the common
models. Data only. Source: auth reference 3.5 (documented record shapes); which member of which
family fills which is assumed where names differ.
"""

from __future__ import annotations

from mockserver.catalog.entry import Parent
from mockserver.catalog.view import VIEWS, Row, View

_TIMES = (Row("creationDateTime", by="created"), Row("lastUpdatedDateTime", by="updated"))
_STATE = Row("state", by="state")


def _ids(*names: str) -> tuple[Row, ...]:
    return tuple(Row(name, name, "text") for name in names)


def _product(name: str) -> Row:
    return Row("adProduct", by="constant", value=name)


def _under(family: str, *, group: bool) -> tuple[Parent, ...]:
    campaign = Parent("campaignId", f"{family}.campaigns")
    return (campaign, Parent("adGroupId", f"{family}.adGroups")) if group else (campaign,)


_BELOW_GROUP = ("CAMPAIGN", "AD_GROUP")
_BUDGET = (
    Row("budgetCaps.budgetType", by="constant", value="MONETARY"),
    Row("budgetCaps.budgetValue.monetaryBudget.currencyCode", "budget", "currency"),
    Row("budgetCaps.budgetValue.monetaryBudget.amount", "budget"),
)
_AD_TYPES = {
    "VIDEO": "VIDEO",
    "BRAND_VIDEO": "VIDEO",
    "PRODUCT_COLLECTION": "PRODUCT_COLLECTION",
    "STORE_SPOTLIGHT": "STORE_SPOTLIGHT",
}
_MATCHES = {
    "broad": "BROAD",
    "phrase": "PHRASE",
    "exact": "EXACT",
    "negativePhrase": "PHRASE",
    "negativeExact": "EXACT",
}
_BRANDS = _product("SPONSORED_BRANDS")
_DISPLAY = _product("SPONSORED_DISPLAY")


def _keyword(resource: str, *, negative: bool) -> View:
    bid = () if negative else (Row("bid.bid", "bid"), Row("bid.currencyCode", "bid", "currency"))
    return View(
        resource,
        "TARGET",
        (
            Row("targetId", "keywordId", "text"),
            *_ids("adGroupId"),
            _BRANDS,
            _STATE,
            Row("negative", by="constant", value=negative),
            *bid,
            Row("targetType", by="constant", value="KEYWORD"),
            Row("targetDetails.matchType", "matchType", "table", _MATCHES),
            Row("targetDetails.keyword", "keywordText"),
            Row("targetDetails.nativeLanguageKeyword", "nativeLanguageKeyword"),
            *_TIMES,
        ),
        parents=_under("sb", group=True),
        parent_reasons=_BELOW_GROUP,
    )


def _clause(resource: str, product: Row, expression: str, *, negative: bool) -> View:
    bid = () if negative else (Row("bid.bid", "bid"), Row("bid.currencyCode", "bid", "currency"))
    return View(
        resource,
        "TARGET",
        (
            *_ids("targetId", "adGroupId"),
            product,
            _STATE,
            Row("negative", by="constant", value=negative),
            *bid,
            Row("targetType", expression, "target_type"),
            Row("targetDetails", expression, "expression"),
            *_TIMES,
        ),
        parents=_under(resource.split(".", maxsplit=1)[0], group=True),
        parent_reasons=_BELOW_GROUP,
    )


_THEMES = View(
    "sb.themes",
    "TARGET",
    (
        Row("targetId", "themeId"),
        *_ids("adGroupId"),
        _BRANDS,
        _STATE,
        Row("negative", by="constant", value=False),
        Row("bid.bid", "bid"),
        Row("bid.currencyCode", "bid", "currency"),
        Row("targetType", by="constant", value="THEME"),
        Row("targetDetails.matchType", "themeType"),
        *_TIMES,
    ),
    parents=_under("sb", group=True),
    parent_reasons=_BELOW_GROUP,
)

_MORE: dict[str, tuple[View, ...]] = {
    "campaigns": (
        View(
            "sb.campaigns",
            "CAMPAIGN",
            (
                *_ids("campaignId", "portfolioId"),
                Row("name", "name"),
                _STATE,
                _BRANDS,
                Row("startDate", "startDate"),
                Row("endDate", "endDate"),
                Row("tags", "tags", "pairs"),
                Row("budgetCaps.recurrenceTimePeriod", "budgetType"),
                *_BUDGET,
                *_TIMES,
            ),
        ),
        View(
            "sd.campaigns",
            "CAMPAIGN",
            (
                *_ids("campaignId", "portfolioId"),
                Row("name", "name"),
                _STATE,
                _DISPLAY,
                Row("startDate", "startDate", "day"),
                Row("endDate", "endDate", "day"),
                Row("targetingSettings", "tactic"),
                Row("budgetCaps.recurrenceTimePeriod", "budgetType", "table", {"daily": "DAILY"}),
                *_BUDGET,
                *_TIMES,
            ),
        ),
    ),
    "adGroups": (
        View(
            "sb.adGroups",
            "AD_GROUP",
            (*_ids("adGroupId", "campaignId"), _BRANDS, Row("name", "name"), _STATE, *_TIMES),
            parents=_under("sb", group=False),
            parent_reasons=("CAMPAIGN",),
        ),
        View(
            "sd.adGroups",
            "AD_GROUP",
            (
                *_ids("adGroupId", "campaignId"),
                _DISPLAY,
                Row("name", "name"),
                _STATE,
                Row("bid.defaultBid", "defaultBid"),
                Row("bid.currencyCode", "defaultBid", "currency"),
                *_TIMES,
            ),
            parents=_under("sd", group=False),
            parent_reasons=("CAMPAIGN",),
        ),
    ),
    "ads": (
        View(
            "sb.ads",
            "AD",
            (
                *_ids("adId", "adGroupId"),
                _BRANDS,
                Row("name", "name"),
                _STATE,
                Row("adType", "creative.type", "table", _AD_TYPES),
                Row("creative.products", "creative.asins", "asins"),
                *_TIMES,
            ),
            parents=_under("sb", group=True),
            parent_reasons=_BELOW_GROUP,
        ),
        View(
            "sd.productAds",
            "AD",
            (
                *_ids("adId", "adGroupId"),
                _DISPLAY,
                _STATE,
                Row("adType", by="constant", value="PRODUCT_AD"),
                Row("creative.products", "", "products"),
                *_TIMES,
            ),
            parents=_under("sd", group=True),
            parent_reasons=_BELOW_GROUP,
        ),
    ),
    "targets": (
        _keyword("sb.keywords", negative=False),
        _keyword("sb.negativeKeywords", negative=True),
        _clause("sb.targets", _BRANDS, "expressions", negative=False),
        _clause("sb.negativeTargets", _BRANDS, "expressions", negative=True),
        _THEMES,
        _clause("sd.targets", _DISPLAY, "expression", negative=False),
        _clause("sd.negativeTargets", _DISPLAY, "expression", negative=True),
    ),
}

EXPORTED: dict[str, tuple[View, ...]] = {
    kind: (*VIEWS[kind], *more) for kind, more in _MORE.items()
}
"""Export kind to the resources that feed it."""
