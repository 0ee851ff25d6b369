"""Targeting expressions of the native families in the unified model: one row per part.

Source: OpenAPI AdsAPIv1 of each product (documented: target types and details),
campaign management reference 2.2 and 8 (documented: expression types; observed: the names of
automatic matches). Assumed: the values of keyword groups, and the
names of audiences.
"""

from __future__ import annotations

from typing import Any, Literal

from adsmock.mockserver.catalog.unified.mapping import Part

_REFINEMENT = "productCategoryTarget.productCategoryRefinement.productCategoryRefinement."
_CATEGORY = "PRODUCT_CATEGORY"


def _product(kind: str, match: str) -> Part:
    constants: dict[str, Any] = {
        "productTarget.matchType": match,
        "productTarget.productIdType": "ASIN",
    }
    return Part(kind, "PRODUCT", ("productTarget.product.productId",), constants)


def _refined(kind: str, *members: str, form: str = "text") -> Part:
    return Part(kind, _CATEGORY, tuple(_REFINEMENT + member for member in members), form=form)


def _viewed(kind: str, place: Literal["outer", "inner"], **constants: Any) -> Part:
    """Return a part of products that a customer viewed or bought.

    The native part means the advertised products; the product itself is an extra field.
    """
    members = {f"productAudienceTarget.{member}": value for member, value in constants.items()}
    return Part(kind, "PRODUCT_AUDIENCE", constants=members, form="none", place=place)


def _theme(kind: str, match: str, native: str | None = None) -> Part:
    return Part(
        kind, "THEME", constants={"themeTarget.matchType": match}, form="none", native=native
    )


PRODUCTS = (
    _product("ASIN_SAME_AS", "PRODUCT_EXACT"),
    _product("ASIN_EXPANDED_FROM", "PRODUCT_SIMILAR"),
)
AUTOMATIC = (
    _theme("QUERY_HIGH_REL_MATCHES", "KEYWORDS_CLOSE_MATCH"),
    _theme("QUERY_BROAD_REL_MATCHES", "KEYWORDS_LOOSE_MATCH"),
    _theme("ASIN_SUBSTITUTE_RELATED", "PRODUCT_SUBSTITUTES"),
    _theme("ASIN_ACCESSORY_RELATED", "PRODUCT_COMPLEMENTS"),
)
SP_PARTS = (
    *PRODUCTS,
    _refined("ASIN_CATEGORY_SAME_AS", "productCategoryId"),
    _refined("ASIN_BRAND_SAME_AS", "productBrandId"),
    _refined("ASIN_GENRE_SAME_AS", "productGenreId"),
    _refined("ASIN_AGE_RANGE_SAME_AS", "productAgeRangeId"),
    # A range comes before its halves: it takes both members.
    _refined(
        "ASIN_PRICE_BETWEEN", "productPriceGreaterThan", "productPriceLessThan", form="number"
    ),
    _refined("ASIN_PRICE_GREATER_THAN", "productPriceGreaterThan", form="number"),
    _refined("ASIN_PRICE_LESS_THAN", "productPriceLessThan", form="number"),
    _refined(
        "ASIN_REVIEW_RATING_BETWEEN",
        "productRatingGreaterThan",
        "productRatingLessThan",
        form="number",
    ),
    _refined("ASIN_REVIEW_RATING_GREATER_THAN", "productRatingGreaterThan", form="number"),
    _refined("ASIN_REVIEW_RATING_LESS_THAN", "productRatingLessThan", form="number"),
    _refined("ASIN_IS_PRIME_SHIPPING_ELIGIBLE", "productPrimeShippingEligible", form="flag"),
    *AUTOMATIC,
    *(
        _theme("KEYWORD_GROUP_SAME_AS", match, native)
        for match, native in (
            ("KEYWORDS_RELATED_TO_YOUR_BRAND", "BRAND"),
            ("KEYWORDS_RELATED_TO_YOUR_PRODUCT_CATEGORY", "CATEGORY"),
            ("KEYWORDS_RELATED_TO_GIFTS", "GIFTS"),
            ("KEYWORDS_RELATED_TO_PRIME_DAY", "PRIME_DAY"),
            ("KEYWORDS_RELATED_TO_PEER_BRANDS_PRODUCT_CATEGORY", "PEER_BRANDS_CATEGORY"),
        )
    ),
)
_SMALL_RANGES = (
    _refined("asinPriceBetween", "productPriceGreaterThan", "productPriceLessThan", form="number"),
    _refined("asinPriceGreaterThan", "productPriceGreaterThan", form="number"),
    _refined("asinPriceLessThan", "productPriceLessThan", form="number"),
    _refined(
        "asinReviewRatingBetween",
        "productRatingGreaterThan",
        "productRatingLessThan",
        form="number",
    ),
    _refined("asinReviewRatingGreaterThan", "productRatingGreaterThan", form="number"),
    _refined("asinReviewRatingLessThan", "productRatingLessThan", form="number"),
)
SB_PARTS = (
    _product("asinSameAs", "PRODUCT_EXACT"),
    _refined("asinCategorySameAs", "productCategoryId"),
    _refined("asinBrandSameAs", "productBrandId"),
    *_SMALL_RANGES,
)
SD_PARTS = (
    _product("asinSameAs", "PRODUCT_EXACT"),
    # Similar to what is advertised: no product is named.
    Part(
        "similarProduct",
        "PRODUCT",
        constants={"productTarget.matchType": "PRODUCT_SIMILAR", "productTarget.product": {}},
        form="none",
    ),
    _refined("asinCategorySameAs", "productCategoryId"),
    _refined("asinBrandSameAs", "productBrandId"),
    _refined("asinAgeRangeSameAs", "productAgeRangeId"),
    *_SMALL_RANGES,
    _refined("asinIsPrimeShippingEligible", "productPrimeShippingEligible", form="flag"),
    Part("contentCategorySameAs", "CONTENT_CATEGORY", ("contentCategoryTarget.contentCategoryId",)),
    Part(
        "audience",
        "AUDIENCE",
        constants={"audienceTarget.audienceId": {}},
        form="none",
        place="outer",
    ),
    Part("audienceSameAs", "AUDIENCE", ("audienceTarget.audienceId.defaultValue",), place="inner"),
    _viewed("views", "outer", asin={}, event="VIEW"),
    _viewed("purchases", "outer", asin={}, event="PURCHASE"),
    _viewed("exactProduct", "inner", matchType="PRODUCT_EXACT"),
    _viewed("similarProduct", "inner", matchType="PRODUCT_SIMILAR"),
    Part(
        "lookback",
        "PRODUCT_AUDIENCE",
        ("productAudienceTarget.lookback",),
        form="days",
        place="inner",
    ),
)
