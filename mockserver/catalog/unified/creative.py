"""What an ad of Sponsored Brands shows, in the unified model: one branch a kind of creative.

Data only. Source: OpenAPI AdsAPIv1SponsoredBrands and SponsoredBrandsV4 (documented: members of
either). That a video with a brand, a logo, a headline or a page of its own is a brand video, and
which words of a review are which, are assumed.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.unified.face import Branch
from adsmock.mockserver.catalog.view import Row

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
"""The version of an asset that the native family named without one."""

_ANY = (
    Row("brand", "creative.brandName"),
    Row("brandLogos.0.assetId", "creative.brandLogoAssetID"),
    Row("brandLogos.0.assetVersion", "creative.brandLogoAssetID", "beside", _VERSION),
    Row("brandLogos.0.formatProperties.0", "creative.brandLogoCrop"),
    Row("enableCreativeAutoTranslation", "creative.consentToTranslate"),
    Row("headlines.0", "creative.headline"),
    Row("untranslatedHeadlines.0", "creative.originalHeadline", "shown"),
    Row("landingPage.landingPageType", "landingPage.pageType", "table", _PAGES),
    Row("landingPage.landingPageUrl", "landingPage.url"),
    Row("moderationStatus.moderationStatus", "creative.creativeStatus", "told", _STAGES),
)
_OPTIMIZED = Row("creativePropertiesToOptimize", "creative.creativePropertiesToOptimize")
_PRODUCTS = Row("products", "creative.asins", "asins")

_COLLECTION = (
    *_ANY,
    _OPTIMIZED,
    _PRODUCTS,
    Row("landingPage.landingPageAsins.asins", "landingPage.asins"),
    Row(
        "customImages",
        "creative.customImages",
        "rows",
        (
            Row("assetId", "assetId"),
            Row("assetVersion", "assetId", "beside", _VERSION),
            Row("formatProperties.0", "crop"),
        ),
    ),
    # The older kind of collection has one image.
    Row("customImages.0.assetId", "creative.customImageAssetId", "shown"),
    Row("customImages.0.assetVersion", "creative.customImageAssetId", "beside", _VERSION),
    Row("customImages.0.formatProperties.0", "creative.customImageCrop", "shown"),
)
_VIDEO = (
    *_ANY,
    _PRODUCTS,
    Row("videos.0.assetId", "creative.videoAssetIds.0"),
    Row("videos.0.assetVersion", "creative.videoAssetIds.0", "beside", _VERSION),
    Row("untranslatedVideos.0.assetId", "creative.videoAssetIds.0", "shown"),
    Row("untranslatedVideos.0.assetVersion", "creative.videoAssetIds.0", "beside", _VERSION),
)
_SPOTLIGHT = (
    *_ANY,
    _OPTIMIZED,
    Row(
        "cards",
        "creative.subpages",
        "rows",
        (
            Row("headline", "pageTitle"),
            Row("landingPage.landingPageType", by="constant", value="STORE"),
            Row("landingPage.landingPageUrl", "url"),
            Row("products.productIdType", by="constant", value="ASIN"),
            Row("products.productId", "asin"),
        ),
    ),
)

_BRANDED = ("brand", "brandLogos", "headlines", "landingPage")

CREATIVE = Row(
    "creative.componentCreative",
    "",
    "branch",
    (
        Branch("productCollectionSettings", ("creative.type", "PRODUCT_COLLECTION"), _COLLECTION),
        Branch("storeSpotlightSettings", ("creative.type", "STORE_SPOTLIGHT"), _SPOTLIGHT),
        Branch("productVideoSettings", ("creative.type", "BRAND_VIDEO"), _VIDEO, _BRANDED),
        Branch("productVideoSettings", ("creative.type", "VIDEO"), _VIDEO),
    ),
)
