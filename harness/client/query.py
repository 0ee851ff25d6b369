"""What a report is asked: type, days, columns; and how that is cut and written.

Knows the wire form of a report request. Must not know jobs or what is sent when. Source: OpenAPI
ReportingVersion3 (documented).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from .errors import Misuse

if TYPE_CHECKING:
    from collections.abc import Mapping


METADATA = frozenset(
    {
        "campaignName",
        "campaignStatus",
        "campaignBudgetAmount",
        "campaignBudgetType",
        "adGroupName",
        "adStatus",
        "adKeywordStatus",
        "portfolioId",
    }
)
"""Columns that say what an entity is, not what it did. Source: reporting v3, FAQ (documented)."""


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody wants to know: one report type over days of one profile, both included."""

    profile: str
    report_type: str
    first: date
    last: date
    columns: tuple[str, ...]
    group_by: tuple[str, ...]
    time_unit: str = "DAILY"
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, profile: str, args: Mapping[str, Any]) -> Query:
        """Return the query that wire names tell (``reportTypeId``, ``startDate`` …).

        Raises:
            Misuse: when a day is no day.
        """
        try:
            first, last = (date.fromisoformat(args[name]) for name in ("startDate", "endDate"))
        except ValueError as trouble:
            raise Misuse(f"a report needs days such as 2026-07-01: {trouble}") from None
        if last < first:
            raise Misuse(f"a report cannot end on {last} before it begins on {first}")
        chosen = args.get("filters") or ()
        return cls(
            profile=profile,
            report_type=args["reportTypeId"],
            first=first,
            last=last,
            columns=tuple(args["columns"]),
            group_by=tuple(args["groupBy"]),
            time_unit=args.get("timeUnit", "DAILY"),
            filters=tuple((row["field"], tuple(row["values"])) for row in chosen),
        )

    def split(self, most: int) -> list[Query]:
        """Return the query in ranges of at most so many days, the oldest first."""
        found, first = [], self.first
        while first <= self.last:
            last = min(self.last, first + timedelta(days=most - 1))
            found.append(replace(self, first=first, last=last))
            first = last + timedelta(days=1)
        return found

    def lean(self) -> Query:
        """Return the query without columns that an export holds; ids stay to join by."""
        return replace(self, columns=tuple(one for one in self.columns if one not in METADATA))

    def body(self, ad_product: str) -> dict[str, Any]:
        """Return the request for all of it."""
        chosen = [{"field": name, "values": list(values)} for name, values in self.filters]
        configuration = {
            "adProduct": ad_product,
            "groupBy": list(self.group_by),
            "columns": list(self.columns),
            "reportTypeId": self.report_type,
            "timeUnit": self.time_unit,
            "format": "GZIP_JSON",
        }
        return {
            "startDate": self.first.isoformat(),
            "endDate": self.last.isoformat(),
            "configuration": configuration | ({"filters": chosen} if chosen else {}),
        }
