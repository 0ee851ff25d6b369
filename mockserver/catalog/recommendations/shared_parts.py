"""Parts of templates that several families share."""

from __future__ import annotations

from adsmock.mockserver.catalog.recommendations.model import (
    DateAhead,
    DecimalBetween,
    IntegerBetween,
    OrDefault,
    RandomId,
    Recommendation,
    RequiredEntity,
    RowsOf,
)

LOW, HIGH = 0.75, 1.3
"""Lower and upper end of the range around a suggested bid."""
CAMPAIGN = RequiredEntity("campaignId", "campaigns")
MISSED = {
    "startDate": DateAhead(-7),
    "endDate": DateAhead(-1),
    "percentTimeInBudget": DecimalBetween("time", 50, 100),
    "estimatedMissedClicksLower": IntegerBetween("clicks", 0, 400),
    "estimatedMissedClicksUpper": IntegerBetween("clicks", 0, 400, 2),
    "estimatedMissedImpressionsLower": IntegerBetween("clicks", 0, 400, 90),
    "estimatedMissedImpressionsUpper": IntegerBetween("clicks", 0, 400, 180),
    "estimatedMissedSalesLower": IntegerBetween("clicks", 0, 400, 2),
    "estimatedMissedSalesUpper": IntegerBetween("clicks", 0, 400, 4),
    "estimatedMissedViewableImpressionsLower": IntegerBetween("clicks", 0, 400, 60),
    "estimatedMissedViewableImpressionsUpper": IntegerBetween("clicks", 0, 400, 120),
}
"""Estimated effect of a larger budget in the past seven days."""
MORE = (1.05, 1.6)
"""Factors between the current budget and a suggested one: least and most."""
NOT_FOUND = {
    "code": OrDefault("fault.code", "NOT_FOUND"),
    "details": OrDefault("fault.details", "Campaign {item} was not found"),
}
EVENTS = {
    "recommendedBudgetRuleEvents": RowsOf(
        "event",
        {
            "eventId": RandomId(),
            "eventName": "{name}",
            "startDate": "{first}",
            "endDate": "{last}",
            "suggestedBudgetIncreasePercent": IntegerBetween("percent", 2, 10, 5),
        },
    )
}
COUNTS = {
    "min": IntegerBetween("products", 100, 4000),
    "max": IntegerBetween("products", 100, 4000, 2.5),
}
COUNTED = Recommendation(
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
"""Number of products that a targeting expression matches."""
