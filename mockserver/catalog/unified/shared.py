"""Rows that the faces of several ad products have in common, each written once.

Knows what is the same in the native families. Must not know what one of them alone has. Source:
OpenAPI AdsAPIv1 of the sponsored products (documented: members).
"""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.catalog.unified.face import Face, Part
from adsmock.mockserver.catalog.view import Row

HOMES = {"UK": "GB"}
"""Countries that the unified model writes differently (documented)."""
SMALL = {"enabled": "ENABLED", "paused": "PAUSED", "archived": "ARCHIVED"}
"""States of families that write them in small letters."""
SCOPE = (
    Row("marketplaceScope", by="constant", value="SINGLE_MARKETPLACE"),
    Row("marketplaces", by="home", value=HOMES),
)
COUNTRIES = Row("countries", by="home", value=HOMES)
TIMES = (Row("creationDateTime", by="created"), Row("lastUpdatedDateTime", by="updated"))
BID = (Row("bid.bid", "bid"), Row("bid.currencyCode", "bid", "currency"))
DEFAULT_BID = (
    Row("bid.defaultBid", "defaultBid"),
    Row("bid.currencyCode", "defaultBid", "currency"),
)
MONEY = "budgets.0.budgetValue.monetaryBudgetValue.monetaryBudget."
_KEYWORD = "targetDetails.keywordTarget."


def own(product: str, states: dict[str, str] | None = None) -> tuple[Row, ...]:
    """Return what every entity of a product shows; without ``states`` theirs are the unified."""
    state = Row("state", "state", "table", states) if states else Row("state", "state")
    return (Row("adProduct", by="constant", value=product), state, *SCOPE, *TIMES)


def days(by: str = "day") -> tuple[Row, ...]:
    """Return the first and the last day of a campaign: they begin and end at midnight."""
    return (
        Row("startDateTime", "startDate", by, "T00:00:00"),
        Row("endDateTime", "endDate", by, "T23:59:59"),
    )


def budget(amount: str, ruled: str, recurrence: Row) -> tuple[Row, ...]:
    """Return the one budget of a campaign; ``ruled`` is where the rules' amount stands."""
    return (
        Row("budgets.0.budgetType", by="constant", value="MONETARY"),
        recurrence,
        Row(f"{MONEY}value", amount),
        Row(f"{MONEY}currencyCode", amount, "currency"),
        Row(f"{MONEY}ruleValue", ruled, "shown"),
    )


def adjustments(member: str, source: str, placements: dict[str, str]) -> Row:
    """Return the adjustments of bids by placement."""
    rows = (Row("placement", "placement", "table", placements), Row("percentage", "percentage"))
    return Row(f"{member}.placementBidAdjustments", source, "rows", rows)


def audiences(member: str, source: str) -> Row:
    """Return the adjustments of bids by audience."""
    rows = (
        Row("audienceId", "audienceSegments.0.audienceId"),
        Row("percentage", "percentage"),
        Row("", "shopperCohortType", "said", "AUDIENCE_SEGMENT"),
    )
    return Row(f"{member}.audienceBidAdjustments", source, "rows", rows)


def keyword(matches: dict[str, str]) -> tuple[Row, ...]:
    """Return what a keyword says; ``matches`` are the words of its family."""
    return (
        Row("targetType", by="constant", value="KEYWORD"),
        Row(f"{_KEYWORD}keyword", "keywordText"),
        Row(f"{_KEYWORD}matchType", "matchType", "table", matches),
        Row(f"{_KEYWORD}nativeLanguageKeyword", "nativeLanguageKeyword"),
        Row(f"{_KEYWORD}nativeLanguageLocale", "nativeLanguageLocale"),
    )


def clause(source: str, parts: tuple[Part, ...]) -> tuple[Row, ...]:
    """Return what a targeting expression says."""
    return (
        Row("targetType", source, "part_kind", parts),
        Row("targetDetails", source, "parts", parts),
    )


def target(
    resource: str,
    own_rows: tuple[Row, ...],
    rows: tuple[Row, ...],
    *,
    kinds: tuple[str, ...],
    negative: bool,
    level: str = "adGroupId",
    **more: Any,
) -> Face:
    """Return the face of one kind of target, ``own_rows`` being its ids and what all have."""
    return Face(
        resource,
        (
            *own_rows,
            Row("negative", by="constant", value=negative),
            *(() if negative else BID),
            Row(
                "targetLevel",
                by="constant",
                value="AD_GROUP" if level == "adGroupId" else "CAMPAIGN",
            ),
            *rows,
        ),
        when={"negative": (negative,), "targetType": kinds},
        level=level,
        **more,
    )
