"""Templates of demo data: one row per resource, which ``services/sandboxes/demo_data.py`` fills.

Fields of a template are ``{brand}``, ``{noun}``, ``{quality}``, ``{number}``, ``{mode}``,
``{label}``, ``{each}``, ``{sku}``, ``{asin}``, ``{rival}`` (the ASIN of another brand's product),
``{category}``, ``{currency}``, ``{video}`` and ``{page}`` (an asset, a page of a store). ``$limit``
becomes an amount within the marketplace's ``limit``, ``@first`` and ``@last`` the days of the
campaign or portfolio. A tuple is an array; what is no text stays as it is. A member whose text is
empty is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adsmock.mockserver.catalog.resource import AccountKind

MODES = ("MANUAL", "MANUAL", "AUTO")
"""The targeting types of successive campaigns of Sponsored Products."""

PORTFOLIO_SIZE = 8
"""Successive numbers whose campaigns share a portfolio; those of every fourth have none."""

ENDED_PORTFOLIOS = 5
"""The budget of one portfolio in so many has ended."""

PAUSED = 9
"""One campaign in so many is paused."""

BRAND_FORMATS = ("PRODUCT_COLLECTION", "VIDEO", "STORE_SPOTLIGHT")
"""The ad formats of successive campaigns of Sponsored Brands, one for every fourth number."""

DISPLAY_TACTICS = ("T00020", "T00030")
"""The tactics of successive campaigns of Sponsored Display, one for every fourth number."""

EVERY = 4


@dataclass(frozen=True, slots=True)
class EntityTemplate:
    """One entity, or one for each value of ``each``, in every campaign whose mode is in ``modes``.

    Members in ``ids`` get the id of their name, one per campaign; ``members`` are templates of the
    others. ``number`` tells ids of the same name apart that one campaign has twice.
    """

    resource: str
    ids: tuple[str, ...]
    members: dict[str, Any]
    each: tuple[str, ...] = ("",)
    modes: tuple[str, ...] = ()
    accounts: tuple[AccountKind, ...] = ("seller", "vendor")
    renamed: Mapping[str, str] = field(default_factory=dict)


_UNDER = ("campaignId", "adGroupId")
_SECOND = {"adGroupId": "secondAdGroupId"}
_PORTFOLIO = ("campaignId", "portfolioId")
_MATCHES = ("BROAD", "PHRASE", "EXACT")
_ASIN = {"type": "ASIN_SAME_AS", "value": "{rival}"}
_PAGE = "https://www.amazon.com/stores/page/{page}"


def _rows(family: str, modes: tuple[str, ...]) -> Callable[..., EntityTemplate]:
    """Return the function that makes the templates of a family, for these modes by default."""

    def row(
        resource: str, members: dict[str, Any], ids: tuple[str, ...] = _UNDER, **more: Any
    ) -> EntityTemplate:
        return EntityTemplate(f"{family}.{resource}", ids, members, **({"modes": modes} | more))

    return row


_sp = _rows("sp", ("MANUAL", "AUTO"))
_sb = _rows("sb", BRAND_FORMATS)
_sd = _rows("sd", DISPLAY_TACTICS)
_MANUAL, _AUTO, _TARGETED = ("MANUAL",), ("AUTO",), ("PRODUCTS",)
_PRODUCTS = (
    _sp("productAds", {"sku": "{sku}"}, accounts=("seller",)),
    _sp("productAds", {"asin": "{asin}"}, accounts=("vendor",)),
)
_TARGETING = {"expressionType": "MANUAL", "bid": "$sp.bid"}

TEMPLATES: tuple[EntityTemplate, ...] = (
    EntityTemplate(
        "portfolios",
        ("portfolioId",),
        {
            "name": "{noun} {number}",
            "inBudget": True,
            "budget": {
                "amount": "$portfolio",
                "currencyCode": "{currency}",
                "policy": "DATE_RANGE",
                "startDate": "@first",
                "endDate": "@last",
            },
        },
        modes=("ENDED",),
    ),
    EntityTemplate(
        "portfolios",
        ("portfolioId",),
        {
            "name": "{noun} {number}",
            "inBudget": True,
            "budget": {
                "amount": "$portfolio",
                "currencyCode": "{currency}",
                "policy": "MONTHLY_RECURRING",
            },
        },
        modes=("OPEN",),
    ),
    _sp(
        "campaigns",
        {
            "name": "{brand} {noun} {number}",
            "targetingType": "{mode}",
            "startDate": "@first",
            "budget": {"budget": "$sp.budget", "budgetType": "DAILY"},
        },
        ids=_PORTFOLIO,
    ),
    _sp("adGroups", {"name": "{noun}", "defaultBid": "$sp.bid"}),
    *_PRODUCTS,
    _sp(
        "keywords",
        {"keywordText": "{noun} {quality}", "matchType": "{each}", "bid": "$sp.bid"},
        each=_MATCHES,
        modes=_MANUAL,
    ),
    _sp(
        "negativeKeywords",
        {"keywordText": "{noun} {quality}", "matchType": "{each}"},
        each=("NEGATIVE_EXACT", "NEGATIVE_PHRASE"),
        modes=_MANUAL,
    ),
    _sp(
        "campaignNegativeKeywords",
        {"keywordText": "{quality}", "matchType": "NEGATIVE_PHRASE"},
        ids=("campaignId",),
    ),
    _sp("negativeTargets", {"expression": (_ASIN,)}, modes=_AUTO),
    _sp("campaignNegativeTargets", {"expression": (_ASIN,)}, ids=("campaignId",), modes=_AUTO),
    _sp(
        "adGroups",
        {"name": "{noun} ASIN", "defaultBid": "$sp.bid"},
        modes=_TARGETED,
        renamed=_SECOND,
    ),
    *(
        _sp("productAds", row.members, accounts=row.accounts, modes=_TARGETED, renamed=_SECOND)
        for row in _PRODUCTS
    ),
    _sp("targets", {"expression": (_ASIN,), **_TARGETING}, modes=_TARGETED, renamed=_SECOND),
    _sp(
        "targets",
        {"expression": ({"type": "ASIN_CATEGORY_SAME_AS", "value": "{category}"},), **_TARGETING},
        modes=_TARGETED,
        renamed=_SECOND,
    ),
    _sb(
        "campaigns",
        {
            "name": "{brand} {noun} {number} {label}",
            "startDate": "@first",
            "budget": "$sb.budget",
            "budgetType": "DAILY",
        },
        ids=_PORTFOLIO,
    ),
    _sb("adGroups", {"name": "{noun}"}),
    _sb(
        "ads",
        {
            "name": "{noun} {quality}",
            "creative": {
                "type": "PRODUCT_COLLECTION",
                "brandName": "{brand}",
                "headline": "{noun}: {quality}",
                "asins": ("{asin}", "{asin2}", "{asin3}"),
                "brandLogoAssetID": "amzn1.assetlibrary.asset1.{page}",
            },
            "landingPage": {"pageType": "PRODUCT_LIST", "asins": ("{asin}", "{asin2}", "{asin3}")},
        },
        modes=("PRODUCT_COLLECTION",),
    ),
    _sb(
        "ads",
        {
            "name": "{noun} {quality}",
            "creative": {"type": "VIDEO", "asins": ("{asin}",), "videoAssetIds": ("{video}",)},
            "landingPage": {"pageType": "DETAIL_PAGE", "url": "https://www.amazon.com/dp/{asin}"},
        },
        modes=("VIDEO",),
    ),
    _sb(
        "ads",
        {
            "name": "{noun} {quality}",
            "creative": {
                "type": "STORE_SPOTLIGHT",
                "brandName": "{brand}",
                "headline": "{brand} {noun}",
                "brandLogoAssetID": "amzn1.assetlibrary.asset1.{page}",
                "subpages": tuple(
                    {
                        "asin": f"{{{asin}}}",
                        "pageTitle": f"{{noun}} {page}",
                        "url": f"{_PAGE}-{page}",
                    }
                    for page, asin in enumerate(("asin", "asin2", "asin3"), 1)
                ),
            },
            "landingPage": {"pageType": "STORE", "url": _PAGE},
        },
        modes=("STORE_SPOTLIGHT",),
    ),
    _sb(
        "keywords",
        {"keywordText": "{noun} {quality}", "matchType": "{each}", "bid": "$sb.bid.image"},
        each=("broad", "phrase", "exact"),
        modes=("PRODUCT_COLLECTION", "STORE_SPOTLIGHT"),
    ),
    _sb(
        "targets",
        {
            "expressions": ({"type": "asinSameAs", "value": "{rival}"},),
            "bid": "$sb.bid.image",
        },
        modes=("VIDEO",),
    ),
    _sb(
        "themes",
        {"themeType": "KEYWORDS_RELATED_TO_YOUR_BRAND", "bid": "$sb.bid.image"},
        modes=("STORE_SPOTLIGHT",),
    ),
    _sb("negativeKeywords", {"keywordText": "{noun} {quality}", "matchType": "negativeExact"}),
    _sb(
        "negativeTargets",
        {"expressions": ({"type": "asinSameAs", "value": "{rival}"},)},
        modes=("PRODUCT_COLLECTION",),
    ),
    _sd(
        "campaigns",
        {
            "name": "{brand} {noun} {number} {label}",
            "tactic": "{mode}",
            "startDate": "@first compact",
            "budget": "$sd.budget",
            "budgetType": "daily",
            "costType": "cpc",
        },
        ids=_PORTFOLIO,
    ),
    _sd(
        "adGroups",
        {"name": "{noun}", "defaultBid": "$sd.bid.cpc", "bidOptimization": "clicks"},
    ),
    _sd("productAds", {"sku": "{sku}"}, accounts=("seller",)),
    _sd("productAds", {"asin": "{asin}"}, accounts=("vendor",)),
    _sd(
        "targets",
        {
            "expression": ({"type": "asinSameAs", "value": "{rival}"},),
            "expressionType": "manual",
            "bid": "$sd.bid.cpc",
        },
        modes=("T00020",),
    ),
    _sd(
        "targets",
        {
            "expression": ({"type": "asinCategorySameAs", "value": "{category}"},),
            "expressionType": "manual",
            "bid": "$sd.bid.cpc",
        },
        modes=("T00020",),
    ),
    _sd(
        "targets",
        {
            "expression": (
                {
                    "type": "views",
                    "value": ({"type": "similarProduct"}, {"type": "lookback", "value": "{each}"}),
                },
            ),
            "expressionType": "manual",
            "bid": "$sd.bid.cpc",
        },
        each=("7", "30"),
        modes=("T00030",),
    ),
    _sd(
        "negativeTargets",
        {"expression": ({"type": "asinSameAs", "value": "{rival2}"},), "expressionType": "manual"},
        modes=("T00020",),
    ),
    _sd("creatives", {"creativeType": "IMAGE", "properties": {"headline": "{noun}: {quality}"}}),
)

RULES: dict[str, Any] = {
    "name": "{noun} {number}",
    "ruleType": "SCHEDULE",
    "budgetIncreaseBy": {"type": "PERCENT", "value": 25.0},
    "duration": {"dateRangeTypeRuleDuration": {"startDate": "@first compact"}},
    "recurrence": {"type": "DAILY"},
}
"""Details of the budget rule of every tenth campaign of Sponsored Products and Sponsored Brands."""
RULE_EVERY = 10
