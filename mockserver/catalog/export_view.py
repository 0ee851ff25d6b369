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
class ExportMember:
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


def _same(*members: str) -> dict[str, ExportMember]:
    return {member: ExportMember(member) for member in members}


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
    "brandId": ExportMember("brandEntityId"),
    "startDateTime": ExportMember("startDate", "date"),
    "endDateTime": ExportMember("endDate", "date"),
    "budgets.0.budgetType": ExportMember(f"{_CAPS}budgetType"),
    "budgets.0.recurrenceTimePeriod": ExportMember(f"{_CAPS}recurrenceTimePeriod"),
    f"{MONEY}value": ExportMember(f"{_AMOUNTS}amount"),
    f"{MONEY}currencyCode": ExportMember(f"{_AMOUNTS}currencyCode"),
    f"{MONEY}ruleValue": ExportMember(f"{_AMOUNTS}ruleAmount"),
    f"{_BIDDING}bidStrategy": ExportMember("optimization.bidStrategy", "word", "bid_strategies"),
    f"{_BIDDING}bidAdjustments.placementBidAdjustments": ExportMember(
        "optimization.placementBidAdjustments", "placements", {"SITE_AMAZON_BUSINESS": "OTHER"}
    ),
}
_AD_GROUP = {
    **_ANY,
    **_same(
        "adGroupId", "campaignId", "name", "bid.defaultBid", "bid.currencyCode", "creativeType"
    ),
    "optimization.goalSettings.kpi": ExportMember("optimization.goalSettings.goalKpi"),
}
_CREATIVE = {
    "brand": ExportMember("creative.brandName"),
    "brandLogos.0": ExportMember("creative.brandLogo"),
    "headlines.0": ExportMember("creative.headline"),
    "landingPage.landingPageType": ExportMember("creative.landingPage.landingPageType"),
    "landingPage.landingPageUrl": ExportMember("creative.landingPage.landingPageUrl"),
}
_SHARED = {
    "sharedSettings.brand": _CREATIVE["brand"],
    "sharedSettings.brandLogos": _CREATIVE["brandLogos.0"],
}
_COLLECTION = {
    **_SHARED,
    "landingPage.landingPageType": _CREATIVE["landingPage.landingPageType"],
    "landingPage.landingPageUrl": _CREATIVE["landingPage.landingPageUrl"],
    "productInclusions": ExportMember("creative.products"),
}
_FORMS = {
    "productCollectionSettings": ("products", "customImages"),
    "productVideoSettings": ("products", "videos"),
    "storeSpotlightSettings": ("cards",),
    "brandGallerySettings": ("customImages",),
}
"""What a form of a creative has besides, under the same names."""

_AD = {
    **_ANY,
    **_same("adId", "adGroupId", "name"),
    "adType": ExportMember("adType", "values", {"COMPONENT": "PRODUCT_AD"}),
    "creative.productCreative.productCreativeSettings.advertisedProduct": ExportMember(
        "creative.products", "products"
    ),
    "creative.productCreative.productCreativeSettings.headline": ExportMember("creative.headline"),
    f"{_COMPONENT}responsiveEcommerceSettings.products.0": ExportMember(
        "creative.products", "products"
    ),
    **{
        f"{_COMPONENT}{form}.{native}": member
        for form, names in _FORMS.items()
        for native, member in (
            *_CREATIVE.items(),
            *((name, ExportMember(f"creative.{name}")) for name in names),
        )
    },
    **{
        f"{_COMPONENT}{form}.{name}": member
        for form, members in (
            ("autoCollectionSettings", _SHARED),
            ("manualCollectionSettings", _COLLECTION),
        )
        for name, member in members.items()
    },
}


def _details(prefix: str, by: str = "same", **members: str) -> dict[str, ExportMember]:
    return {
        f"{_DETAILS}{prefix}{name}": ExportMember(f"{_DETAILS}{to}", by)
        for name, to in members.items()
    }


_TARGET = {
    **_ANY,
    **_same("targetId", "adGroupId", "negative", "bid.bid", "bid.currencyCode", "targetType"),
    "campaignId": ExportMember("campaignId", level="campaignId"),
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
    f"{_DETAILS}themeTarget.matchType": ExportMember(
        f"{_DETAILS}matchType", "word", "automatic_matches"
    ),
    f"{_DETAILS}productAudienceTarget.event": ExportMember(
        f"{_DETAILS}event", "values", {"VIEW": "VIEWS", "PURCHASE": "PURCHASES"}
    ),
    f"{_DETAILS}productAudienceTarget.lookback": ExportMember(f"{_DETAILS}lookback", "days"),
}

KINDS = {"campaigns": _CAMPAIGN, "adGroups": _AD_GROUP, "ads": _AD, "targets": _TARGET}
"""By kind of export: the member of the unified record to that of the export."""

_AD_TYPES = {
    "VIDEO": "VIDEO",
    "BRAND_VIDEO": "VIDEO",
    "PRODUCT_COLLECTION": "PRODUCT_COLLECTION",
    "STORE_SPOTLIGHT": "STORE_SPOTLIGHT",
    "AUTO_COLLECTION": "PRODUCT_COLLECTION",
    "MANUAL_COLLECTION": "PRODUCT_COLLECTION",
    "BRAND_GALLERY": "STORE_SPOTLIGHT",
}
"""Documents of exports have no word for collections and galleries, which are newer."""
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
