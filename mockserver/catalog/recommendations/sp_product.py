"""What is recommended for Sponsored Products: products, categories and brands.

Knows questions and templates of answers. Must not hold functions.

Source: OpenAPI SponsoredProducts (documented: members). Every number, how
many there are and in which order they stand are assumed.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.recommendations.model import Advice, Each, If, One, Page, Written
from adsmock.mockserver.catalog.recommendations.shared_parts import COUNTED, COUNTS

_TREE = Written(
    Each(
        "department",
        {
            "id": "{id}",
            "na": "{name}",
            "ta": True,
            "ch": Each("{below}", {"id": "{id}", "na": "{name}", "ta": True, "ch": ()}),
        },
    )
)

SP_PRODUCT: dict[str, Advice] = {
    "sp.advice.products.asins.v3.reply": Advice(
        {
            "recommendations": Each(
                "page",
                {
                    "recommendedAsin": "{asin}",
                    "themes": (
                        One(
                            "shelf",
                            ("TOP_CONVERTING", "FREQUENTLY_VIEWED", "SIMILAR_ITEMS", "COMPLEMENTS"),
                        ),
                    ),
                },
            ),
            "nextCursor": "{next}",
            "previousCursor": "{previous}",
        },
        about=("adAsins",),
        asins="adAsins",
        exact=True,
        page=Page("product", "count", usual=50, most=1000, token="cursor"),
    ),
    "sp.advice.products.themes.v3.reply": Advice(
        {
            "recommendations": Each(
                "page",
                {
                    "theme": "{theme}",
                    "description": "{description}",
                    "recommendedAsins": Each("product", "{asin}", most=20),
                },
            ),
            "nextCursor": "{next}",
            "previousCursor": "{previous}",
        },
        about=("adAsins",),
        asins="adAsins",
        exact=True,
        page=Page("shelf", "count", usual=4, most=1000, token="cursor"),
    ),
    "sp.advice.categories": Advice(
        {
            "categories": Each(
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
    "sp.advice.categoryTree": Advice({"categoryTree": _TREE, "CategoryTree": _TREE}),
    "sp.advice.refinements": Advice(
        {
            "brands": Each("brand", {"id": "{id}", "name": "{name}"}),
            "ageRanges": Each(
                "age",
                {"id": "{id}", "name": "{name}", "translatedName": If("locale", "{name}")},
            ),
            "genres": Each(
                "genre",
                {"id": "{id}", "name": "{name}", "translatedName": If("locale", "{name}")},
            ),
        },
        about=("categoryId",),
    ),
    "sp.advice.counts": COUNTED,
    "sp.advice.brands": Advice(Each("brand", {"id": "{id}", "name": "{name}"})),
    "sp.advice.brandSearch": Advice(Each("like", {"id": "{id}", "name": "{name}"})),
}
