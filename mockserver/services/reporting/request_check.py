"""Validate report requests, in order, each check with the text of its refusal.

Source: auth reference 4.4 (observed: texts for invalid types, columns, filters, ranges and old
dates; the other texts and the order are assumed).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from adsmock.contracts import report_tables
from adsmock.contracts.iso8601 import is_date
from adsmock.contracts.model import Contract
from adsmock.mockserver.core.error import ApiError

_UNITS_THAT_SHOW = "units"


@dataclass(frozen=True, slots=True)
class Dates:
    """The first and last day of a valid request, both included."""

    first: date
    last: date


class RequestCheck:
    """Checks one request against the contract."""

    def __init__(self, contract: Contract, body: dict[str, Any], today: date) -> None:
        self._extra = contract.extra
        self._body = body
        self._configuration: dict[str, Any] = body["configuration"]
        self._today = today

    def check(self) -> Dates:
        """Return the days of a valid request.

        Raises:
            ApiError: 400, with the text of the first violation.
        """
        row = report_tables.types().get(self._configuration["reportTypeId"])
        if row is None:
            raise self._refusal("type")
        self._one_of("product", self._configuration["adProduct"], [row["adProduct"]])
        self._groups(row)
        self._columns(row)
        self._one_of("unit", self._configuration["timeUnit"], row["timeUnits"])
        self._one_of("format", self._configuration["format"], row["formats"])
        self._filters(row)
        return self._dates(row)

    def _refusal(self, text: str, **values: Any) -> ApiError:
        return ApiError("invalid", 400, message=self._word(text, **values))

    def _refuse(self, text: str, **values: Any) -> None:
        raise self._refusal(text, **values)

    def _word(self, text: str, **values: Any) -> str:
        template: str = self._extra["texts"][text]
        for name, value in values.items():
            template = template.replace("{" + name + "}", str(value))
        return template

    def _one_of(self, text: str, value: str, allowed: list[str]) -> None:
        if value not in allowed:
            kind = self._configuration["reportTypeId"]
            self._refuse(text, value=value, type=kind, allowed=", ".join(allowed))

    def _groups(self, row: dict[str, Any]) -> None:
        self._all_of("groups", "groupBy", list(row["groups"]))
        given = set(self._configuration["groupBy"])
        needed = row.get("one_of")
        if needed and not given & set(needed):
            self._refuse("oneOf", allowed=", ".join(needed))
        sets = row.get("together")
        if sets and given not in map(set, sets):
            known = "; ".join(", ".join(each) for each in sets)
            self._refuse(
                "together", values=", ".join(self._configuration["groupBy"]), allowed=known
            )

    def _columns(self, row: dict[str, Any]) -> None:
        """Check that the base or one of the groups offers each column in this time unit."""
        groups = (row["groups"][name]["columns"] for name in self._configuration["groupBy"])
        offered = dict.fromkeys([*row["base"], *(name for group in groups for name in group)])
        units = self._extra["units"]
        unit = self._configuration["timeUnit"]
        self._all_of(
            "columns", "columns", [each for each in offered if units.get(each, unit) == unit]
        )

    def _all_of(self, text: str, member: str, allowed: list[str]) -> None:
        given = self._configuration[member]
        if not given:
            self._refuse("empty", member=member)
        wrong = _unique(name for name in given if name not in allowed)
        if wrong:
            self._refuse(text, values=", ".join(wrong), allowed=", ".join(allowed))

    def _filters(self, row: dict[str, Any]) -> None:
        filters = self._configuration.get("filters") or []
        groups = _unique(self._configuration["groupBy"])
        strict = [name for name in groups if _lacks(row["groups"][name], filters)]
        if strict:
            fields = _unique(
                each.get("field", "")
                for each in filters
                if any(each.get("field") not in row["groups"][name]["filters"] for name in strict)
            )
            self._refuse(
                "filters",
                fields=", ".join(fields),
                groups=", ".join(strict),
                allowed="".join(self._allowed(name, row) for name in strict),
            )
        for each in filters:
            allowed = row["groups"][groups[0]]["filters"][each["field"]]
            wrong = [
                value
                for value in each.get("values", [])
                if allowed is not None and value not in allowed
            ]
            if wrong:
                self._refuse(
                    "filterValues",
                    values=", ".join(wrong),
                    field=each["field"],
                    allowed=", ".join(allowed),
                )

    def _allowed(self, group: str, row: dict[str, Any]) -> str:
        known = [
            self._word(
                "allowedFilter",
                field=field,
                first="".join(f"{value}, " for value in (values or ["ANY"])[:-1]),
                last=(values or ["ANY"])[-1],
            )
            for field, values in row["groups"][group]["filters"].items()
        ]
        return self._word("allowedFilters", group=group, rows="; ".join(known))

    def _dates(self, row: dict[str, Any]) -> Dates:
        first, last = self._day("startDate"), self._day("endDate")
        if last < first:
            self._refuse("order", start=first, end=last)
        if last > self._today:
            self._refuse("future", end=last, today=self._today)
        days = (last - first).days
        if days > row["range"]:
            self._refuse("range", days=days, maximum=row["range"])
        oldest = self._today - timedelta(days=row["retention"])
        if first < oldest:
            self._refuse("retention", start=first, first=oldest)
        return Dates(first, last)

    def _day(self, member: str) -> date:
        text = self._body[member]
        if not is_date(text):
            self._refuse("date", member=member, value=text)
        return date.fromisoformat(text)


def _lacks(group: dict[str, Any], filters: list[dict[str, Any]]) -> bool:
    return any(each.get("field") not in group["filters"] for each in filters)


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
