"""Recommendations of Sponsored Products: products, categories and brands.

Source: OpenAPI SponsoredProducts (documented: members). Numbers, counts and order are assumed.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.recommendations.model import (
    Choice,
    If,
    JsonText,
    OrDefault,
    Paging,
    Recommendation,
    RowsOf,
)
from adsmock.mockserver.catalog.recommendations.shared_parts import COUNTED, COUNTS, named

_TREE = JsonText(
    RowsOf(
        "department",
        {
            "id": "{id}",
            "na": "{name}",
            "ta": True,
            "ch": RowsOf("{below}", {"id": "{id}", "na": "{name}", "ta": True, "ch": ()}),
        },
    )
)

SP_PRODUCT: dict[str, Recommendation] = {
    "sp.advice.products.asins.v3.reply": Recommendation(
        {
            "recommendations": RowsOf(
                "page",
                {
                    "recommendedAsin": "{asin}",
                    "themes": (
                        Choice(
                            "shelf",
                            ("TOP_CONVERTING", "FREQUENTLY_VIEWED", "SIMILAR_ITEMS", "COMPLEMENTS"),
                        ),
                    ),
                },
            ),
            "nextCursor": OrDefault("next", None),
            "previousCursor": OrDefault("previous", None),
        },
        about=("adAsins",),
        asins="adAsins",
        exact=True,
        page=Paging("product", "count", default=50, most=1000, token="cursor"),
    ),
    "sp.advice.products.themes.v3.reply": Recommendation(
        {
            "recommendations": RowsOf(
                "page",
                {
                    "theme": "{theme}",
                    "description": "{description}",
                    "recommendedAsins": RowsOf("product", "{asin}", most=20),
                },
            ),
            "nextCursor": OrDefault("next", None),
            "previousCursor": OrDefault("previous", None),
        },
        about=("adAsins",),
        asins="adAsins",
        exact=True,
        page=Paging("shelf", "count", default=4, most=1000, token="cursor"),
    ),
    "sp.advice.categories": Recommendation(
        {
            "categories": RowsOf(
                "category",
                {
                    "id": "{id}",
                    "name": "{name}",
                    "parent": "{parent}",
                    "parentCategoryId": "{parent}",
                    "path": "{path}",
                    "categoryPath": "{path}",
                    "canBeTargeted": True,
                    "asinCounts": COUNTS,
                    "translatedName": If("locale", "{name}"),
                    "translatedCategoryPath": If("locale", "{path}"),
                },
            )
        },
        asins="asins",
    ),
    "sp.advice.categoryTree": Recommendation({"categoryTree": _TREE, "CategoryTree": _TREE}),
    "sp.advice.refinements": Recommendation(
        {
            "brands": RowsOf("brand", {"id": "{id}", "name": "{name}"}),
            "ageRanges": named("age", "id"),
            "genres": named("genre", "id"),
        },
        about=("categoryId",),
    ),
    "sp.advice.counts": COUNTED,
    "sp.advice.brands": Recommendation(RowsOf("brand", {"id": "{id}", "name": "{name}"})),
    "sp.advice.brandSearch": Recommendation(RowsOf("like", {"id": "{id}", "name": "{name}"})),
}
