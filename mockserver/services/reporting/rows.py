"""The rows of a report: days of traffic, added up by the report's groups.

The words of a row are formatted once for all its days; only numbers and dates change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import compress, repeat
from typing import Any

from adsmock.mockserver.catalog.reporting.model import Column, Grain
from adsmock.mockserver.services.reporting.columns import Shape, Shown, Vectors, find, find_filter
from adsmock.mockserver.services.reporting.eligible import Campaign
from adsmock.mockserver.services.reporting.file_format import DATE, NUMBER, FileFormat, Fill
from adsmock.mockserver.services.reporting.measures import measure
from adsmock.mockserver.services.reporting.totals import Span, Totals, Words

_DAYS = {"day": "", "begin": "start", "end": "end"}
"""Words of a line that change daily, and what a summary shows instead."""


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """A report request: its days, columns, allowed values by filter."""

    kind: str
    span: Span
    grain: Grain
    is_daily: bool
    columns: tuple[str, ...]
    filters: dict[str, frozenset[str]]
    frame: dict[str, Any]


class Rows:
    """The rows of a report, made while campaigns are read."""

    def __init__(self, question: ReportQuery, file_format: FileFormat) -> None:
        self._question = question
        self._format = file_format
        self._days = range(question.span.first, question.span.last + 1)
        columns = [find(question.kind, name) for name in question.columns]
        shape = Shape.of(columns, question.grain.least, question.span.market.minor)
        self._columns = columns
        measures = [measure(name) for name in shape.places]
        self._totals = Totals(question.span, question.grain, measures, self._fill)
        self._changing = [
            self._change(column, shape) for column in columns if self._changes(column)
        ]
        self._filters = [
            (find_filter(question.kind, name), values) for name, values in question.filters.items()
        ]

    def rows(self, campaigns: Iterable[Campaign]) -> Iterator[Any]:
        """Yield the rows; campaign by campaign if the report separates campaigns."""
        for campaign in campaigns:
            self._totals.take(campaign)
            if self._question.grain.by_campaign:
                yield from self._written()
        yield from self._written()

    def _written(self) -> Iterator[Any]:
        for subject in self._totals.found.values():
            if subject is not None:
                vectors: Vectors = subject.measures
                if not self._question.is_daily:
                    vectors = [[sum(each)] for each in vectors]
                shown = zip(*[show(vectors) for show in self._changing], strict=True)
                lines = shown if self._changing else repeat((), len(vectors[0]))
                yield from map(subject.made, compress(lines, vectors[0]))
        self._totals.found.clear()

    def _changes(self, column: Column) -> bool:
        is_day = column.of == "line" and column.source in _DAYS
        return column.of == "sum" or (is_day and self._question.is_daily)

    def _change(self, column: Column, shape: Shape) -> Shown:
        """Return the changing values of a column."""
        if column.of == "sum":
            return shape.shown(column, self._format.null)
        days = [date.fromordinal(day).isoformat() for day in self._days]
        return lambda _: days

    def _fill(self, words: Words) -> Fill | None:
        """Return what makes the rows of a subject, None for one that a filter excludes."""
        frame = words["frame"] = self._question.frame
        range_words = {word: frame.get(shown) for word, shown in _DAYS.items()}
        words["line"] = {**range_words, **words.get("line", {})}
        for column, values in self._filters:
            if str(_word(column, words)) not in values:
                return None
        cells = [
            (DATE if column.of == "line" else NUMBER)
            if self._changes(column)
            else _word(column, words)
            for column in self._columns
        ]
        return self._format.template(self._question.columns, cells)


def _word(column: Column, words: Words) -> Any:
    """Return a word of a row's subjects, None if it is missing."""
    value: Any = words.get(column.of)
    for step in column.source.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value
