"""The creative of a Sponsored Brands ad in the unified model: one branch per kind of creative.

Source: OpenAPI AdsAPIv1SponsoredBrands and SponsoredBrandsV4, and their editions of 2026-08 for
collections and galleries (documented: members of both). Assumed: a video with its own brand, logo,
headline or page is a brand video, the mapping of review words, and the native type of a gallery.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.member_view import MemberRow
from adsmock.mockserver.catalog.unified.mapping import Branch

_PAGES = {
    "PRODUCT_LIST": "ASIN_LIST",
    "CUSTOM_URL": "CUSTOM_URL",
    "STORE": "STORE",
    "DETAIL_PAGE": "DETAIL_PAGE",
}
_STAGES = {
    "SUBMITTED_FOR_MODERATION": "SUBMITTED_FOR_MODERATION",
    "PENDING_MODERATION_REVIEW": "SUBMITTED_FOR_MODERATION",
    "PENDING_TRANSLATION": "PENDING_TRANSLATION",
    "APPROVED_BY_MODERATION": "PUBLISHED",
    "PUBLISHED": "PUBLISHED",
    "REJECTED_BY_MODERATION": "REJECTED_BY_MODERATION",
}
_VERSION = "version_v1"
"""The version of an asset without a version in the native family."""

_ANY = (
    MemberRow("brand", "creative.brandName"),
    MemberRow("brandLogos.0.assetId", "creative.brandLogoAssetID"),
    MemberRow("brandLogos.0.assetVersion", "creative.brandLogoAssetID", "if_present", _VERSION),
    MemberRow("brandLogos.0.formatProperties.0", "creative.brandLogoCrop"),
    MemberRow("enableCreativeAutoTranslation", "creative.consentToTranslate"),
    MemberRow("headlines.0", "creative.headline"),
    MemberRow("untranslatedHeadlines.0", "creative.originalHeadline", "shown"),
    MemberRow("landingPage.landingPageType", "landingPage.pageType", "table", _PAGES),
    MemberRow("landingPage.landingPageUrl", "landingPage.url"),
    MemberRow(
        "moderationStatus.moderationStatus", "creative.creativeStatus", "read_table", _STAGES
    ),
)
_OPTIMIZED = MemberRow("creativePropertiesToOptimize", "creative.creativePropertiesToOptimize")
_PRODUCTS = MemberRow("products", "creative.asins", "asins")

_COLLECTION = (
    *_ANY,
    _OPTIMIZED,
    _PRODUCTS,
    MemberRow("landingPage.landingPageAsins.asins", "landingPage.asins"),
    MemberRow(
        "customImages",
        "creative.customImages",
        "rows",
        (
            MemberRow("assetId", "assetId"),
            MemberRow("assetVersion", "assetId", "if_present", _VERSION),
            MemberRow("formatProperties.0", "crop"),
        ),
    ),
    # The older kind of collection has one image.
    MemberRow("customImages.0.assetId", "creative.customImageAssetId", "shown"),
    MemberRow("customImages.0.assetVersion", "creative.customImageAssetId", "if_present", _VERSION),
    MemberRow("customImages.0.formatProperties.0", "creative.customImageCrop", "shown"),
)
_VIDEO = (
    *_ANY,
    _PRODUCTS,
    MemberRow("videos.0.assetId", "creative.videoAssetIds.0"),
    MemberRow("videos.0.assetVersion", "creative.videoAssetIds.0", "if_present", _VERSION),
    MemberRow("untranslatedVideos.0.assetId", "creative.videoAssetIds.0", "shown"),
    MemberRow(
        "untranslatedVideos.0.assetVersion", "creative.videoAssetIds.0", "if_present", _VERSION
    ),
)
_SPOTLIGHT = (
    *_ANY,
    _OPTIMIZED,
    MemberRow(
        "cards",
        "creative.subpages",
        "rows",
        (
            MemberRow("headline", "pageTitle"),
            MemberRow("landingPage.landingPageType", by="constant", value="STORE"),
            MemberRow("landingPage.landingPageUrl", "url"),
            MemberRow("products.productIdType", by="constant", value="ASIN"),
            MemberRow("products.productId", "asin"),
        ),
    ),
)
_LOGO = (
    MemberRow("sharedSettings.brand", "creative.brandName"),
    MemberRow("sharedSettings.brandLogos.assetId", "creative.brandLogoAssetID"),
    MemberRow(
        "sharedSettings.brandLogos.assetVersion",
        "creative.brandLogoAssetID",
        "if_present",
        _VERSION,
    ),
    MemberRow("sharedSettings.brandLogos.formatProperties.0", "creative.brandLogoCrop"),
    MemberRow(
        "sharedSettings.moderationStatus.moderationStatus",
        "creative.creativeStatus",
        "read_table",
        _STAGES,
    ),
)
_AUTOMATIC = (*_LOGO, MemberRow("productExclusions", "creative.asinExclusions", "asins"))
_MANUAL = (
    *_LOGO,
    MemberRow("productInclusions", "creative.asins", "asins"),
    MemberRow("title", "creative.title"),
    MemberRow("landingPage.landingPageType", "landingPage.pageType", "table", _PAGES),
    MemberRow("landingPage.landingPageUrl", "landingPage.url"),
)
_GALLERY = (
    *_ANY,
    _OPTIMIZED,
    MemberRow("customImages.0.assetId", "creative.customImageAssetId"),
    MemberRow("customImages.0.assetVersion", "creative.customImageAssetId", "if_present", _VERSION),
    MemberRow("customImages.0.formatProperties.0", "creative.customImageCrop"),
)
"""Cards of a gallery have no native member: they are kept with the ad."""

_BRANDED = ("brand", "brandLogos", "headlines", "landingPage")

CREATIVE = MemberRow(
    "creative.componentCreative",
    "",
    "branch",
    (
        Branch("productCollectionSettings", ("creative.type", "PRODUCT_COLLECTION"), _COLLECTION),
        Branch("storeSpotlightSettings", ("creative.type", "STORE_SPOTLIGHT"), _SPOTLIGHT),
        Branch("autoCollectionSettings", ("creative.type", "AUTO_COLLECTION"), _AUTOMATIC),
        Branch("manualCollectionSettings", ("creative.type", "MANUAL_COLLECTION"), _MANUAL),
        Branch("brandGallerySettings", ("creative.type", "BRAND_GALLERY"), _GALLERY),
        Branch("productVideoSettings", ("creative.type", "BRAND_VIDEO"), _VIDEO, _BRANDED),
        Branch("productVideoSettings", ("creative.type", "VIDEO"), _VIDEO),
    ),
)
