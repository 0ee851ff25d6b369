"""The content of a report request: type, days, columns.

Source: OpenAPI ReportingVersion3 (documented).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from .errors import Misuse

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
"""Columns about entities rather than traffic. Source: reporting v3, FAQ (documented)."""


@dataclass(frozen=True, slots=True)
class Query:
    """One report type for a range of days of one profile; both days are included."""

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
        """Return a query from the names of the wire (``reportTypeId``, ``startDate`` …).

        Raises:
            Misuse: a day is invalid, or the range is empty.
        """
        try:
            first, last = (date.fromisoformat(args[name]) for name in ("startDate", "endDate"))
        except ValueError as error:
            raise Misuse(
                f"startDate and endDate must be days such as 2026-07-01: {error}"
            ) from None
        if last < first:
            raise Misuse(f"endDate {last} is before startDate {first}")
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
        """Return the query in ranges of at most ``most`` days, the oldest first."""
        found, first = [], self.first
        while first <= self.last:
            last = min(self.last, first + timedelta(days=most - 1))
            found.append(replace(self, first=first, last=last))
            first = last + timedelta(days=1)
        return found

    def without_metadata(self) -> Query:
        """Return the query without the columns that an export has; ids are kept for the join."""
        return replace(
            self, columns=tuple(column for column in self.columns if column not in METADATA)
        )

    def body(self, ad_product: str) -> dict[str, Any]:
        """Return the body of the report request."""
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
