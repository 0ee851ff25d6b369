"""Validate unified report requests, in order, each check with the number and text of its refusal.

Sources are in the contract ``v1.reports``: numbers 400004 to 400006 and their texts are documented
or observed; the other texts are those that a public client matches, or assumed.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NoReturn

from adsmock.contracts import report_fields
from adsmock.contracts.iso8601 import is_date
from adsmock.contracts.model import Contract
from adsmock.contracts.report_fields import Length, ReportField
from adsmock.mockserver.catalog.reporting.field import ALONE, BOUGHT, CURRENCIES, TIMES
from adsmock.mockserver.core.error import ApiError

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Comparison:
    """One condition on a dimension: its value is one of these, or none of them."""

    field: str
    values: frozenset[str]
    is_negated: bool

    def fits(self, value: Any) -> bool:
        """Say whether a row with this value belongs to the report."""
        return (("" if value is None else str(value)) in self.values) != self.is_negated


@dataclass(frozen=True, slots=True)
class FieldRequest:
    """A valid request: its fields in order, its days (both included), its conditions."""

    fields: tuple[ReportField, ...]
    first: date
    last: date
    comparisons: tuple[Comparison, ...]

    @property
    def time(self) -> ReportField:
        """The one field of time."""
        return next(each for each in self.fields if each.dimension in TIMES)

    def dimensions(self) -> frozenset[str]:
        """Return the dimensions that it shows or compares."""
        known = report_fields.fields()
        compared = {known[each.field].dimension for each in self.comparisons}
        return frozenset({each.dimension for each in self.fields} | compared)


class FieldCheck:
    """Checks one report of a request against the contract."""

    def __init__(self, contract: Contract, asked: dict[str, Any], today: date) -> None:
        self._extra = contract.extra
        self._asked = asked
        self._today = today
        self._known = report_fields.fields()

    def check(self) -> FieldRequest:
        """Return the valid request.

        Raises:
            ApiError: 400, with the number and text of the first violation.
        """
        query = self._asked["query"]
        fields = [self._field(name) for name in dict.fromkeys(query["fields"])]
        comparisons = tuple(self._conditions(query["filter"])) if query.get("filter") else ()
        self._needs(fields)
        self._pairs(fields, {self._known[each.field].dimension for each in comparisons})
        self._kinds(fields)
        first, last = self._days(next(each for each in fields if each.dimension in TIMES))
        return FieldRequest(tuple(fields), first, last, comparisons)

    def _refuse(self, text: str, **values: Any) -> NoReturn:
        code, template = self._extra["codes"][text], self._extra["texts"][text]
        for name, value in values.items():
            template = template.replace("{" + name + "}", str(value))
        raise ApiError("invalid", 400, code=code, message=f"{code}: {template}")

    def _field(self, name: str) -> ReportField:
        if name.count(".") != 1 or not name.replace(".", "").isalnum():
            self._refuse("format", field=name)
        if name not in self._known:
            self._refuse("unknown", field=name)
        return self._known[name]

    def _needs(self, fields: list[ReportField]) -> None:
        given = {each.id for each in fields}
        for each in fields:
            missing = [name for name in each.requires if name not in given]
            if missing:
                self._refuse("requires", field=each.id, fields=", ".join(missing))

    def _pairs(self, fields: list[ReportField], compared: set[str]) -> None:
        """Refuse a metric with a dimension that it does not have, and two that exclude another."""
        named = {each.dimension: each.id for each in fields}
        named |= {each: each for each in compared - named.keys()}
        for each in fields:
            without = each.incompatible
            if each.dimension in BOUGHT:
                without = ALONE
            wrong = [name for dimension, name in named.items() if dimension in without]
            if wrong:
                self._refuse("incompatible", field=each.id, fields=", ".join(wrong))

    def _kinds(self, fields: list[ReportField]) -> None:
        kinds = [each.dimension for each in fields]
        if sum(each in TIMES for each in kinds) != 1:
            self._refuse("time")
        if report_fields.METRIC not in kinds:
            self._refuse("metric")
        if not set(kinds) - TIMES - CURRENCIES - {report_fields.METRIC}:
            self._refuse("dimension")
        if "convertedCurrency" in kinds and not self._asked.get("currencyOfView"):
            self._refuse("currency")

    def _conditions(self, filters: Any) -> Iterable[Comparison]:
        """Yield the conditions of a filter and of those that it joins."""
        if not isinstance(filters, dict) or ("on" in filters) == ("and" in filters):
            self._refuse("filter")
        if "and" in filters:
            for each in filters["and"]["filters"]:
                yield from self._conditions(each)
            return
        row = filters["on"]
        field = self._field(row["field"])
        if field.dimension == report_fields.METRIC or field.dimension in TIMES:
            self._refuse("predicate", field=field.id)
        yield Comparison(field.id, frozenset(row["values"]), row["not"])

    def _days(self, time: ReportField) -> tuple[date, date]:
        period = self._asked["periods"][0]["datePeriod"]
        for member in ("startDate", "endDate"):
            if not is_date(period[member]):
                self._refuse("date", member=member, value=period[member])
        first, last = map(date.fromisoformat, (period["startDate"], period["endDate"]))
        if last < first:
            self._refuse("order", start=first, end=last)
        if last > self._today:
            self._refuse("future", end=last, today=self._today)
        limits = report_fields.periods()[time.dimension]
        edge = before(last, limits.range)
        if first < edge or (first == edge and limits.range.days):
            self._refuse("range", start=first, end=last, range=limits.range, field=time.id)
        oldest = before(self._today, limits.retention)
        if first < oldest:
            self._refuse("retention", start=first, first=oldest, field=time.id)
        return first, last


def before(day: date, length: Length) -> date:
    """Return the day a length before another; the last of a month has none in a shorter one."""
    if length.days:
        return day - timedelta(days=length.days)
    month = day.year * _MONTHS + day.month - 1 - length.months
    year, number = divmod(month, _MONTHS)
    return date(year, number + 1, min(day.day, monthrange(year, number + 1)[1]))
