"""The rows of a report: days of traffic, added up by the report's groups.

The words of a row are formatted once for all its days; only numbers and dates change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress, repeat
from operator import add
from typing import Any

from adsmock.mockserver.catalog.reporting.model import Column, Grain
from adsmock.mockserver.services.reporting.breakdown import BreakdownInput, split
from adsmock.mockserver.services.reporting.columns import Shape, Shown, Vectors, find, find_filter
from adsmock.mockserver.services.reporting.eligible import Calendar, Campaign, Group
from adsmock.mockserver.services.reporting.file_format import DATE, NUMBER, FileFormat, Fill
from adsmock.mockserver.services.reporting.measures import Measure, Slice, Stretch, measure
from adsmock.mockserver.services.reporting.traffic import (
    WHOLE,
    Days,
    Traits,
    today_so_far,
    traffic,
    traits,
    within,
)

_DAYS = {"day": "", "begin": "start", "end": "end"}
"""Words of a line that change daily, and what a summary shows instead."""


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """A report request: days as ordinals, columns, allowed values by filter."""

    kind: str
    seed: int
    first: int
    last: int
    grain: Grain
    is_daily: bool
    columns: tuple[str, ...]
    filters: dict[str, frozenset[str]]
    frame: dict[str, Any]
    now: float
    calendar: Calendar
    today: int


Words = dict[str, dict[str, Any]]
Key = tuple[str, ...]


@dataclass(slots=True)
class _Row:
    """One subject: what makes its rows, and each measure by day of the range."""

    fill: Fill
    measures: list[list[int]]


class Rows:
    """The rows of a report, made while campaigns are read."""

    def __init__(self, question: ReportQuery, file_format: FileFormat) -> None:
        self._question = question
        self._format = file_format
        self._days = range(question.first, question.last + 1)
        self._ages = [question.today - day for day in self._days]
        columns = [find(question.kind, name) for name in question.columns]
        shape = Shape.of(columns, question.grain.least)
        self._columns = columns
        self._measures: list[Measure] = [measure(name) for name in shape.places]
        self._changing = [
            self._change(column, shape) for column in columns if self._changes(column)
        ]
        self._filters = [
            (find_filter(question.kind, name), values) for name, values in question.filters.items()
        ]
        self._found: dict[Key, _Row | None] = {}
        self._passed = int(question.calendar.passed(question.today, question.now) * WHOLE)

    def rows(self, campaigns: Iterable[Campaign]) -> Iterator[Any]:
        """Yield the rows; campaign by campaign if the report separates campaigns."""
        for campaign in campaigns:
            self._take(campaign)
            if self._question.grain.by_campaign:
                yield from self._written()
        yield from self._written()

    def _written(self) -> Iterator[Any]:
        for row in self._found.values():
            if row is not None:
                vectors: Vectors = row.measures
                if not self._question.is_daily:
                    vectors = [[sum(each)] for each in vectors]
                shown = zip(*[show(vectors) for show in self._changing], strict=True)
                lines = shown if self._changing else repeat((), len(vectors[0]))
                yield from map(row.fill, compress(lines, vectors[0]))
        self._found.clear()

    def _take(self, campaign: Campaign) -> None:
        """Add a campaign's days, each cut to its budget."""
        question, costs = self._question, [0] * len(self._days)
        done: list[tuple[Group, Traits, Sequence[int], Days]] = []
        for group in campaign.groups:
            own = traits(question.seed, group.id)
            days = group.shown(question.first, question.last)
            found = traffic(own, days, group.bid)
            done.append((group, own, days, found))
            for day, cost in zip(days, found.costs(), strict=True):
                costs[day - question.first] += cost
        for group, own, days, found in done:
            is_whole = len(days) == len(costs)
            spent = costs if is_whole else [costs[day - question.first] for day in days]
            kept = within(found, spent, campaign.budget)
            if kept and days[-1] == question.today:
                kept = today_so_far(kept, self._passed)
            if kept:
                self._add((campaign, group), own, days, kept)

    def _add(
        self, owners: tuple[Campaign, Group], own: Traits, days: Sequence[int], kept: Days
    ) -> None:
        """Add an ad group's days to their rows."""
        grain, (campaign, group) = self._question.grain, owners
        owner = campaign.id if grain.by_campaign else str(campaign.words.get("advertiserId"))
        key = (owner, group.id if grain.by_group else "")
        first = self._question.first
        if not grain.splits:
            ages = self._ages[days[0] - first : days[-1] - first + 1]
            if len(ages) != len(days):
                ages = [self._ages[day - first] for day in days]
            whole = Stretch(own, kept, ages)
            vectors = [list(each.entire(whole)) for each in self._measures]
            self._count(self._row(key, owners, {}), vectors, [day - first for day in days])
            return
        for day, item in zip(days, kept, strict=True):
            scene = BreakdownInput(self._question.seed, group, own, item, day)
            for piece in split(scene, grain.splits) if item.impressions else ():
                row = self._row(key + piece.key, owners, piece.words)
                part = Slice(item, own, piece.cell, self._ages[day - first], piece.chosen)
                self._count(row, [[each.part(part)] for each in self._measures], [day - first])

    def _count(self, row: _Row | None, vectors: list[list[int]], places: Sequence[int]) -> None:
        """Add measures of some days of the range to a row."""
        if row is None:
            return
        if len(places) == len(self._days):
            pairs = zip(row.measures, vectors, strict=True)
            row.measures = [list(map(add, *each)) for each in pairs] if row.measures else vectors
            return
        if not row.measures:
            row.measures = [[0] * len(self._days) for _ in vectors]
        for known, more in zip(row.measures, vectors, strict=True):
            for place, value in zip(places, more, strict=True):
                known[place] += value

    def _row(self, key: Key, owners: tuple[Campaign, Group], more: Words) -> _Row | None:
        """Return the row of a key, None if a filter excludes it."""
        if key not in self._found:
            campaign, group = owners
            words = {"campaign": campaign.words, "group": group.words, **more}
            frame = words["frame"] = self._question.frame
            range_words = {word: frame.get(shown) for word, shown in _DAYS.items()}
            words["line"] = {**range_words, **more.get("line", {})}
            fill = self._fill(words)
            self._found[key] = _Row(fill, []) if fill else None
        return self._found[key]

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
