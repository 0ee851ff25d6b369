"""What an export contains: the members of the unified record, renamed and converted.

Exports and the unified API show the same entities in two generations of one model. Each row names a
member of the unified record, its member in the export, and how the value differs. Other members are
not exported; ``OWN`` has what only exports show. Source: auth reference 3.5 (documented record
shapes). Assumed: values correspond where their names differ between generations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adsmock.mockserver.catalog.member_view import MemberRow
from adsmock.mockserver.catalog.unified.shared import MONEY

PRODUCTS = ("sp", "sb", "sd")
"""The families in exports, in the order of their records."""


@dataclass(frozen=True, slots=True)
class Recast:
    """The export's member for a unified member, and the conversion of its value.

    ``by``: ``same``, ``date`` (the date of a time), ``text``, ``word`` (``value`` names a table
    of the contract; other values stay), ``values`` (``value`` is such a table),
    ``placements`` (the same for each row), ``products`` (a product and what it resolves to, as
    rows), ``days`` (a number of days without its unit). ``level`` limits it to entities of which
    that is the lowest parent.
    """

    to: str
    by: str = "same"
    value: Any = None
    level: str = ""


def _same(*members: str) -> dict[str, Recast]:
    return {member: Recast(member) for member in members}


_ANY = _same("adProduct", "state", "creationDateTime", "lastUpdatedDateTime")
_CAPS = "budgetCaps."
_AMOUNTS = f"{_CAPS}budgetValue.monetaryBudget."
_BIDDING = "optimizations.bidSettings."
_DETAILS = "targetDetails."
_REFINEMENT = "productCategoryTarget.productCategoryRefinement.productCategoryRefinement."
_COMPONENT = "creative.componentCreative."

_CAMPAIGN = {
    **_ANY,
    **_same("campaignId", "portfolioId", "name", "tags", "costType"),
    "brandId": Recast("brandEntityId"),
    "startDateTime": Recast("startDate", "date"),
    "endDateTime": Recast("endDate", "date"),
    "budgets.0.budgetType": Recast(f"{_CAPS}budgetType"),
    "budgets.0.recurrenceTimePeriod": Recast(f"{_CAPS}recurrenceTimePeriod"),
    f"{MONEY}value": Recast(f"{_AMOUNTS}amount"),
    f"{MONEY}currencyCode": Recast(f"{_AMOUNTS}currencyCode"),
    f"{MONEY}ruleValue": Recast(f"{_AMOUNTS}ruleAmount"),
    f"{_BIDDING}bidStrategy": Recast("optimization.bidStrategy", "word", "bid_strategies"),
    f"{_BIDDING}bidAdjustments.placementBidAdjustments": Recast(
        "optimization.placementBidAdjustments", "placements", {"SITE_AMAZON_BUSINESS": "OTHER"}
    ),
}
_AD_GROUP = {
    **_ANY,
    **_same(
        "adGroupId", "campaignId", "name", "bid.defaultBid", "bid.currencyCode", "creativeType"
    ),
    "optimization.goalSettings.kpi": Recast("optimization.goalSettings.goalKpi"),
}
_CREATIVE = {
    "brand": Recast("creative.brandName"),
    "brandLogos.0": Recast("creative.brandLogo"),
    "headlines.0": Recast("creative.headline"),
    "landingPage.landingPageType": Recast("creative.landingPage.landingPageType"),
    "landingPage.landingPageUrl": Recast("creative.landingPage.landingPageUrl"),
}
_FORMS = {
    "productCollectionSettings": ("products", "customImages"),
    "productVideoSettings": ("products", "videos"),
    "storeSpotlightSettings": ("cards",),
}
"""What a form of a creative has besides, under the same names."""

_AD = {
    **_ANY,
    **_same("adId", "adGroupId", "name"),
    "adType": Recast("adType", "values", {"COMPONENT": "PRODUCT_AD"}),
    "creative.productCreative.productCreativeSettings.advertisedProduct": Recast(
        "creative.products", "products"
    ),
    "creative.productCreative.productCreativeSettings.headline": Recast("creative.headline"),
    f"{_COMPONENT}responsiveEcommerceSettings.products.0": Recast("creative.products", "products"),
    **{
        f"{_COMPONENT}{form}.{member}": recast
        for form, names in _FORMS.items()
        for member, recast in (
            *_CREATIVE.items(),
            *((name, Recast(f"creative.{name}")) for name in names),
        )
    },
}


def _details(prefix: str, by: str = "same", **members: str) -> dict[str, Recast]:
    return {
        f"{_DETAILS}{prefix}{name}": Recast(f"{_DETAILS}{to}", by) for name, to in members.items()
    }


_TARGET = {
    **_ANY,
    **_same("targetId", "adGroupId", "negative", "bid.bid", "bid.currencyCode", "targetType"),
    "campaignId": Recast("campaignId", level="campaignId"),
    **_details(
        "keywordTarget.",
        keyword="keyword",
        matchType="matchType",
        nativeLanguageKeyword="nativeLanguageKeyword",
        nativeLanguageLocale="nativeLanguageLocale",
    ),
    **_details("productTarget.", **{"matchType": "matchType", "product.productId": "asin"}),
    **_details(
        _REFINEMENT,
        productCategoryId="productCategoryId",
        productBrandId="productBrand",
        productGenreId="productGenre",
        productAgeRangeId="productAgeRange",
        productPrimeShippingEligible="productPrimeShippingEligible",
    ),
    **_details(
        _REFINEMENT,
        "text",
        productPriceLessThan="productPriceLessThan",
        productPriceGreaterThan="productPriceGreaterThan",
        productRatingLessThan="productRatingLessThan",
        productRatingGreaterThan="productRatingGreaterThan",
    ),
    f"{_DETAILS}themeTarget.matchType": Recast(f"{_DETAILS}matchType", "word", "automatic_matches"),
    f"{_DETAILS}productAudienceTarget.event": Recast(
        f"{_DETAILS}event", "values", {"VIEW": "VIEWS", "PURCHASE": "PURCHASES"}
    ),
    f"{_DETAILS}productAudienceTarget.lookback": Recast(f"{_DETAILS}lookback", "days"),
}

KINDS = {"campaigns": _CAMPAIGN, "adGroups": _AD_GROUP, "ads": _AD, "targets": _TARGET}
"""By kind of export: the member of the unified record to its recast."""

_AD_TYPES = {
    "VIDEO": "VIDEO",
    "BRAND_VIDEO": "VIDEO",
    "PRODUCT_COLLECTION": "PRODUCT_COLLECTION",
    "STORE_SPOTLIGHT": "STORE_SPOTLIGHT",
}
_COHORTS = "optimization.shopperCohortBidAdjustment"

OWN: dict[str, tuple[MemberRow, ...]] = {
    "sp.campaigns": (
        MemberRow("targetingSettings", "targetingType"),
        MemberRow(_COHORTS, "dynamicBidding.shopperCohortBidding"),
    ),
    "sb.campaigns": (MemberRow(_COHORTS, "bidding.shopperCohortBidAdjustments"),),
    "sd.campaigns": (MemberRow("targetingSettings", "tactic"),),
    "sb.ads": (
        MemberRow("adType", "creative.type", "table", _AD_TYPES),
        MemberRow("adVersionId", "creative.creativeVersion"),
    ),
    # The unified model has an audience without a member for its id, and no genres here.
    "sd.targets": (
        MemberRow(f"{_DETAILS}audienceId", "expression", "within", "audienceSameAs"),
        MemberRow(f"{_DETAILS}productGenre", "expression", "within", "asinGenreSameAs"),
    ),
}
"""What exports show and the unified model does not, from native members."""

AUTOMATIC = ("automatic_matches", f"{_DETAILS}matchType", "targetType", "AUTO")
"""Automatic targets, which exports do not call THEME: the contract's table of their words, the
member with such a word, and the member to change, with its value."""
