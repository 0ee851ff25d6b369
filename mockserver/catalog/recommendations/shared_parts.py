"""Parts of templates that several families share."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.catalog.recommendations.model import (
    DateAhead,
    DecimalBetween,
    If,
    IntegerBetween,
    Money,
    OrDefault,
    RandomId,
    Recommendation,
    RequiredEntity,
    RowsOf,
)

LOW, HIGH = 0.75, 1.3
"""Lower and upper end of the range around a suggested bid."""
CAMPAIGN = RequiredEntity("campaignId", "campaigns")


def ends(
    of: str,
    least: int,
    most: int,
    times: tuple[float, float] = (1.0, 2.0),
    names: tuple[str, str] = ("lower", "upper"),
    *,
    is_money: bool = False,
) -> dict[str, IntegerBetween]:
    """Return the two ends of a range: one seeded integer, multiplied by each of ``times``."""
    pairs = zip(names, times, strict=True)
    return {name: IntegerBetween(of, least, most, factor, is_money) for name, factor in pairs}


def missed(kind: str, times: tuple[float, float]) -> dict[str, IntegerBetween]:
    """Return the range of what a budget missed: clicks, and so many for each click."""
    names = (f"estimatedMissed{kind}Lower", f"estimatedMissed{kind}Upper")
    return ends("clicks", 0, 400, times, names, is_money=kind == "Sales")


MISSED = {
    "startDate": DateAhead(-7),
    "endDate": DateAhead(-1),
    "percentTimeInBudget": DecimalBetween("time", 50, 100),
    **missed("Clicks", (1.0, 2.0)),
    **missed("Impressions", (90, 180)),
    **missed("Sales", (2.0, 4)),
    **missed("ViewableImpressions", (60, 120)),
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
COUNTS = ends("products", 100, 4000, (1.0, 2.5), ("min", "max"))
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

BUDGET_RESULTS = ("budgetRecommendationsSuccessResults", "budgetRecommendationsErrorResults")


def budgets(
    limit: str, success: str, error: str, refusal: dict[str, Any], **more: Any
) -> Recommendation:
    """Return the recommendation of budgets for campaigns; ``more`` are members of a success."""
    campaign = {"campaignId": "{item}", "index": "{index}"}
    suggested = Money("budget", limit=limit, base="budget", spread=MORE)
    done = {"suggestedBudget": suggested, "sevenDaysMissedOpportunities": MISSED, **more}
    return Recommendation(
        {
            success: RowsOf("{campaignIds}", campaign | done, check="campaign"),
            error: RowsOf("{campaignIds}", campaign | refusal, check="campaign", passed=False),
        },
        daily=True,
    )


def named(source: str, identity: str) -> RowsOf:
    """Return rows of an id, a name and, with a locale, its translation."""
    translated = If("locale", "{name}")
    return RowsOf(source, {identity: "{id}", "name": "{name}", "translatedName": translated})
