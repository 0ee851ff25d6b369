"""Pieces of answers that several families give alike.

Knows templates. Must not hold functions.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.recommendations.model import (
    Advice,
    Code,
    Day,
    Each,
    Need,
    Or,
    Part,
    Whole,
)

LOW, HIGH = 0.75, 1.3
"""The ends of a range of bids beside the suggested one."""
CAMPAIGN = Need("campaignId", "campaigns")
MISSED = {
    "startDate": Day(-7),
    "endDate": Day(-1),
    "percentTimeInBudget": Part("time", 50, 100),
    "estimatedMissedClicksLower": Whole("clicks", 0, 400),
    "estimatedMissedClicksUpper": Whole("clicks", 0, 400, 2),
    "estimatedMissedImpressionsLower": Whole("clicks", 0, 400, 90),
    "estimatedMissedImpressionsUpper": Whole("clicks", 0, 400, 180),
    "estimatedMissedSalesLower": Whole("clicks", 0, 400, 2),
    "estimatedMissedSalesUpper": Whole("clicks", 0, 400, 4),
    "estimatedMissedViewableImpressionsLower": Whole("clicks", 0, 400, 60),
    "estimatedMissedViewableImpressionsUpper": Whole("clicks", 0, 400, 120),
}
"""What a larger budget would have brought in the seven days before today."""
MORE = (1.05, 1.6)
"""A suggested budget is the present one times this, and at most that."""
NOT_FOUND = {
    "code": Or("planned.code", "NOT_FOUND"),
    "details": Or("planned.details", "Campaign {item} was not found"),
}
EVENTS = {
    "recommendedBudgetRuleEvents": Each(
        "event",
        {
            "eventId": Code(),
            "eventName": "{name}",
            "startDate": "{first}",
            "endDate": "{last}",
            "suggestedBudgetIncreasePercent": Whole("percent", 2, 10, 5),
        },
    )
}
COUNTS = {"min": Whole("products", 100, 4000), "max": Whole("products", 100, 4000, 2.5)}
COUNTED = Advice(
    {"asinCounts": COUNTS},
    about=(
        "category",
        "brands",
        "ageRanges",
        "genres",
        "isPrimeShipping",
        "priceRange",
        "ratingRange",
    ),
)
"""How many products a targeting expression meets."""
