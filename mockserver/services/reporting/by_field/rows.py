"""The rows of a unified report: what several accounts did, added up by all requested dimensions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from adsmock.contracts import report_fields
from adsmock.contracts.report_fields import ReportField
from adsmock.mockserver.catalog.reporting.field import (
    BOUGHT,
    DIMENSIONS,
    IN_GROUPS,
    METRICS,
    NOT_IN_SP,
    OF_CAMPAIGNS,
    RATES,
    SPLITS,
    TIMES,
    WINDOW,
)
from adsmock.mockserver.catalog.reporting.model import Column, Grain
from adsmock.mockserver.services.reporting.by_field.request_check import FieldRequest
from adsmock.mockserver.services.reporting.eligible import Campaign
from adsmock.mockserver.services.reporting.measures import measure
from adsmock.mockserver.services.reporting.totals import Span, Subject, Totals, Words

Values = tuple[Any, ...]
Sums = list[list[float] | None]
"""What a row has of each metric: above and below the line, None where it has no meaning."""

_DIGITS = 4
"""Decimals of rates and shares."""
_CENTS = 2
_MONEY = ("cost", "sales")


@dataclass(frozen=True, slots=True)
class Source:
    """One profile's campaigns of one ad product.

    ``product`` is its short name, ``days`` how long its purchases count. ``frame`` has the words of
    every row.
    """

    product: str
    days: int
    frame: dict[str, Any]
    span: Span
    campaigns: Iterable[Campaign]


@dataclass(frozen=True, slots=True)
class _Metric:
    """A metric of a source: the measures above and below the line, and a factor for each."""

    above: tuple[str, ...]
    below: tuple[str, ...]
    over: float
    under: float


class FieldRows:
    """Adds up sources; ``rows`` are complete when all have been taken."""

    def __init__(self, request: FieldRequest, view: str | None) -> None:
        self._request = request
        self._view = view
        self._dimensions = request.dimensions()
        self._shown = [each for each in request.fields if each.dimension != report_fields.METRIC]
        self._metrics = [each for each in request.fields if each.dimension == report_fields.METRIC]
        self._found: dict[Values, Sums] = {}

    def take(self, source: Source) -> None:
        """Add a source's campaigns."""
        metrics = [self._metric(each.id, source) for each in self._metrics]
        grain = self._grain(source.product)
        used = [(each.above, each.below) for each in metrics if each is not None]
        names = [name for pair in used for side in pair for name in side]
        places = {name: at for at, name in enumerate(dict.fromkeys([grain.least, *names]))}
        totals: Totals[Values] = Totals(
            source.span, grain, [measure(name) for name in places], self._values_of(source)
        )
        buckets = self._buckets(source.span)
        for campaign in source.campaigns:
            totals.take(campaign)
            for subject in totals.found.values():
                if subject is not None:
                    self._add(subject, buckets, metrics, places)
            totals.found.clear()

    def rows(self) -> Iterable[list[Any]]:
        """Yield the rows, each with a value for every field in the order of the request."""
        order = [
            (each.dimension == report_fields.METRIC, at)
            for at, each in _numbered(self._request.fields)
        ]
        columns = [METRICS.get(each.id) for each in self._metrics]
        for values, sums in self._found.items():
            numbers = [_number(column, each) for column, each in zip(columns, sums, strict=True)]
            yield [numbers[at] if is_metric else values[at] for is_metric, at in order]

    def _grain(self, product: str) -> Grain:
        splits = [
            name
            for dimension in sorted(self._dimensions, key=lambda name: name not in BOUGHT)
            for name in SPLITS.get(dimension, {}).get(product, ())
        ]
        least = "impressions"
        if "term" in splits:
            least = "clicks"
        if "purchase" in splits:
            splits, least = ["purchase"], "purchases@30"
        return Grain(
            by_campaign=bool(self._dimensions & OF_CAMPAIGNS),
            by_group=bool(self._dimensions & IN_GROUPS),
            splits=tuple(dict.fromkeys(splits)),
            least=least,
        )

    def _values_of(self, source: Source) -> Callable[[Words], Values | None]:
        """Return what makes the values of a subject: None if a condition excludes it."""
        columns = [_column(each, source.product) for each in self._shown]
        known = report_fields.fields()
        conditions = [
            (_column(known[each.field], source.product), each) for each in self._request.comparisons
        ]
        labels = {source.frame["product"]: source.frame["adProduct"]}

        def make(words: Words) -> Values | None:
            words["frame"] = source.frame
            for column, comparison in conditions:
                value = _word(column, words)
                constant = labels.get(value, value) if column.source == "product" else value
                fits = [comparison.fits(each) for each in {value, constant}]
                if not (all(fits) if comparison.is_negated else any(fits)):
                    return None
            return tuple(_word(column, words) for column in columns)

        return make

    def _buckets(self, span: Span) -> list[tuple[Any, list[int]]]:
        """Return the values of the field of time, each with the places of its days in the span."""
        show = _TIMES.get(self._request.time.dimension)
        if show is None:
            text = f"{self._request.first} - {self._request.last}"
            everything = list(range(span.last - span.first + 1))
            is_hour = self._request.time.dimension == "hour"
            return [(None if is_hour else text, everything)]
        found: dict[Any, list[int]] = {}
        for place, day in enumerate(range(span.first, span.last + 1)):
            found.setdefault(show(date.fromordinal(day)), []).append(place)
        return list(found.items())

    def _add(
        self,
        subject: Subject[Values],
        buckets: Sequence[tuple[Any, list[int]]],
        metrics: Sequence[_Metric | None],
        places: dict[str, int],
    ) -> None:
        at = next(at for at, each in enumerate(self._shown) if each.dimension in TIMES)
        is_hour = self._request.time.dimension == "hour"
        for moment, days in buckets:
            sums = [sum(vector[day] for day in days) for vector in subject.measures]
            if not sums[0]:
                continue
            values = subject.made
            key = values if is_hour else (*values[:at], moment, *values[at + 1 :])
            row = self._found.setdefault(key, [None] * len(metrics))
            for number, metric in enumerate(metrics):
                if metric is not None:
                    known = row[number] or [0.0, 0.0]
                    known[0] += metric.over * sum(sums[places[name]] for name in metric.above)
                    known[1] += metric.under * sum(sums[places[name]] for name in metric.below)
                    row[number] = known

    def _metric(self, name: str, source: Source) -> _Metric | None:
        column = METRICS.get(name)
        parts = measures_of(name, source.product, source.days)
        if column is None or parts is None:
            return None
        over, under = parts
        return _Metric(
            over,
            under,
            self._factor(over[0], column, source),
            self._factor(under[0], column, source) if under else 1.0,
        )

    def _factor(self, name: str, column: Column, source: Source) -> float:
        """Return what turns a measure into its amount; other measures stay as they are."""
        if re.split("[.@]", name)[0] not in _MONEY:
            return 1.0
        market = source.span.market
        if column.by != "converted" or self._view is None:
            return 1 / market.minor
        return RATES.get(self._view, 1.0) / RATES.get(market.currency, 1.0) / market.minor


def measures_of(
    name: str, product: str, days: int
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the measures above and below the line of a metric, None where it has no meaning.

    ``product`` is the short name of the ad product, ``days`` how long its purchases count.
    """
    column = METRICS.get(name)
    if column is None or (product == "SP" and name in NOT_IN_SP):
        return None
    text = column.source.replace(WINDOW, f"@{days}")
    if product == "SP":
        text = text.replace(".click@", "@")  # every purchase of theirs follows a click
    above, _, below = text.partition("/")
    return tuple(above.split("+")), tuple(below.split("+")) if below else ()


def _column(field: ReportField, product: str) -> Column:
    """Return what a dimension shows of a product, nothing where it has no meaning."""
    splits = SPLITS.get(field.dimension)
    if splits is not None and product not in splits:
        return Column("nothing")
    return DIMENSIONS.get(field.id, Column("nothing"))


def _word(column: Column, words: Words) -> Any:
    """Return a word of a subject: an id as text, None if it is missing."""
    value = words.get(column.of, {}).get(column.source)
    return str(value) if column.source in {"id", "portfolio"} and value is not None else value


def _numbered(fields: Sequence[ReportField]) -> Iterable[tuple[int, ReportField]]:
    """Yield each field with its place among the metrics, or among the dimensions."""
    counts = {True: 0, False: 0}
    for each in fields:
        kind = each.dimension == report_fields.METRIC
        yield counts[kind], each
        counts[kind] += 1


def _number(column: Column | None, sums: list[float] | None) -> Any:
    if column is None or sums is None:
        return None
    above, below = sums
    if "/" in column.source:
        if not below:
            return None
        return round(above / below * (1000 if column.by == "thousand" else 1), _DIGITS)
    return round(above, _CENTS) if column.by in {"money", "converted"} else round(above)


_TIMES: dict[str, Callable[[date], Any]] = {
    "date": date.isoformat,
    "day": lambda day: day.day,
    "week": lambda day: day.isocalendar().week,
    "month": lambda day: day.month,
    "year": lambda day: day.year,
}
"""The value of each dimension of time that follows from the day."""
