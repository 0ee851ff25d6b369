"""Rows that the mappings of several ad products share.

Source: OpenAPI AdsAPIv1 of the sponsored products (documented: members).
"""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.catalog.member_view import MemberRow
from adsmock.mockserver.catalog.unified.mapping import Part, ResourceMapping

HOMES = {"UK": "GB"}
"""Countries that the unified model writes differently (documented)."""
SMALL = {"enabled": "ENABLED", "paused": "PAUSED", "archived": "ARCHIVED"}
"""States of families that write them in lowercase."""
SCOPE = (
    MemberRow("marketplaceScope", by="constant", value="SINGLE_MARKETPLACE"),
    MemberRow("marketplaces", by="marketplace", value=HOMES),
)
COUNTRIES = MemberRow("countries", by="marketplace", value=HOMES)
TIMES = (
    MemberRow("creationDateTime", by="created"),
    MemberRow("lastUpdatedDateTime", by="updated"),
)
BID = (MemberRow("bid.bid", "bid"), MemberRow("bid.currencyCode", "bid", "currency"))
DEFAULT_BID = (
    MemberRow("bid.defaultBid", "defaultBid"),
    MemberRow("bid.currencyCode", "defaultBid", "currency"),
)
MONEY = "budgets.0.budgetValue.monetaryBudgetValue.monetaryBudget."
_KEYWORD = "targetDetails.keywordTarget."


def own(product: str, states: dict[str, str] | None = None) -> tuple[MemberRow, ...]:
    """Return the rows of every entity of a product; without ``states`` they are unified."""
    state = MemberRow("state", "state", "table", states) if states else MemberRow("state", "state")
    return (MemberRow("adProduct", by="constant", value=product), state, *SCOPE, *TIMES)


def days(by: str = "day") -> tuple[MemberRow, ...]:
    """Return the first and the last day of a campaign, from midnight to midnight."""
    return (
        MemberRow("startDateTime", "startDate", by, "T00:00:00"),
        MemberRow("endDateTime", "endDate", by, "T23:59:59"),
    )


def budget(amount: str, ruled: str, recurrence: MemberRow) -> tuple[MemberRow, ...]:
    """Return the one budget of a campaign; ``ruled`` is the member of the rules' amount."""
    return (
        MemberRow("budgets.0.budgetType", by="constant", value="MONETARY"),
        recurrence,
        MemberRow(f"{MONEY}value", amount),
        MemberRow(f"{MONEY}currencyCode", amount, "currency"),
        MemberRow(f"{MONEY}ruleValue", ruled, "shown"),
    )


def adjustments(member: str, source: str, placements: dict[str, str]) -> MemberRow:
    """Return the bid adjustments by placement."""
    rows = (
        MemberRow("placement", "placement", "table", placements),
        MemberRow("percentage", "percentage"),
    )
    return MemberRow(f"{member}.placementBidAdjustments", source, "rows", rows)


def audiences(member: str, source: str) -> MemberRow:
    """Return the bid adjustments by audience."""
    rows = (
        MemberRow("audienceId", "audienceSegments.0.audienceId"),
        MemberRow("percentage", "percentage"),
        MemberRow("", "shopperCohortType", "native_constant", "AUDIENCE_SEGMENT"),
    )
    return MemberRow(f"{member}.audienceBidAdjustments", source, "rows", rows)


def keyword(matches: dict[str, str]) -> tuple[MemberRow, ...]:
    """Return the rows of a keyword; ``matches`` are the words of its family."""
    return (
        MemberRow("targetType", by="constant", value="KEYWORD"),
        MemberRow(f"{_KEYWORD}keyword", "keywordText"),
        MemberRow(f"{_KEYWORD}matchType", "matchType", "table", matches),
        MemberRow(f"{_KEYWORD}nativeLanguageKeyword", "nativeLanguageKeyword"),
        MemberRow(f"{_KEYWORD}nativeLanguageLocale", "nativeLanguageLocale"),
    )


def clause(source: str, parts: tuple[Part, ...]) -> tuple[MemberRow, ...]:
    """Return the rows of a targeting expression."""
    return (
        MemberRow("targetType", source, "part_kind", parts),
        MemberRow("targetDetails", source, "parts", parts),
    )


def target(
    resource: str,
    own_rows: tuple[MemberRow, ...],
    rows: tuple[MemberRow, ...],
    *,
    kinds: tuple[str, ...],
    negative: bool,
    level: str = "adGroupId",
    **more: Any,
) -> ResourceMapping:
    """Return the mapping of one kind of target; ``own_rows`` are its ids and common members."""
    return ResourceMapping(
        resource,
        (
            *own_rows,
            MemberRow("negative", by="constant", value=negative),
            *(() if negative else BID),
            MemberRow(
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
