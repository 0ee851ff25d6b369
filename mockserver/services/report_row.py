"""The rows of a report: days of traffic added up by what the report is grouped by.

Knows how rows come about and fill the form of their format. Must not know report types, requests
or jobs. A row's words are written once for all its days; only numbers and dates change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from mockserver.catalog.report.form import Column, Grain
from mockserver.services.metric import WHOLE, Day, Traits, so_far, traffic, traits, whole, within
from mockserver.services.report_column import Shape, Sums, find, find_filter
from mockserver.services.report_file import Style
from mockserver.services.report_measure import Measure, Slice, measure
from mockserver.services.report_roster import Calendar, Campaign, Group
from mockserver.services.report_split import Piece, Scene, split

_DAYS = {"day": "", "begin": "start", "end": "end"}
"""Words of a line that change from day to day, and what a whole range shows instead."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a report asks: days as ordinals, wanted columns, allowed values by filter."""

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
    """One row under way: its form, and its sums."""

    form: str
    day: int
    sums: Sums


class Rows:
    """A report being made: rows are written while campaigns come in."""

    def __init__(self, question: Question, style: Style) -> None:
        self._question = question
        self._style = style
        columns = [find(question.kind, name) for name in question.columns]
        shape = Shape.of(columns, question.grain.least)
        self._columns = columns
        self._measures: list[Measure] = [measure(name) for name in shape.places]
        self._changing = [
            _change(column, shape, style) for column in columns if self._changes(column)
        ]
        self._filters = [
            (find_filter(question.kind, name), values) for name, values in question.filters.items()
        ]
        self._forms: dict[Key, str] = {}
        self._found: dict[tuple[int, Key], _Row | None] = {}
        self._passed = int(question.calendar.passed(question.today, question.now) * WHOLE)

    def rows(self, campaigns: Iterable[Campaign]) -> Iterator[str]:
        """Yield the written rows; campaign by campaign where the report keeps them apart."""
        for campaign in campaigns:
            self._take(campaign)
            if self._question.grain.by_campaign:
                yield from self._written()
        yield from self._written()

    def _written(self) -> Iterator[str]:
        changing = self._changing
        for row in self._found.values():
            if row is not None and row.sums[0]:
                yield row.form % tuple([show(row) for show in changing])
        self._found.clear()
        self._forms.clear()

    def _take(self, campaign: Campaign) -> None:
        """Add a campaign's days, each within its budget."""
        question = self._question
        shown = [
            (group, traits(question.seed, group.id), group.shown(question.first, question.last))
            for group in campaign.groups
        ]
        first = max(question.first, campaign.first)
        for day in range(first, min(question.last, campaign.last) + 1):
            live = [(group, own) for group, own, days in shown if day in days]
            days = within([traffic(own, day, group.bid) for group, own in live], campaign.budget)
            if day == question.today:
                days = [so_far(one, self._passed) for one in days]
            for (group, own), one in zip(live, days, strict=True):
                if one.impressions:
                    self._add((campaign, group), own, one, day)

    def _add(self, owners: tuple[Campaign, Group], own: Traits, one: Day, day: int) -> None:
        """Add an ad group's day to the rows that it belongs to."""
        question, (campaign, group) = self._question, owners
        grain, age = question.grain, question.today - day
        stamp = day if question.is_daily else 0
        whose = campaign.id if grain.by_campaign else str(campaign.words.get("advertiserId"))
        key = (whose, group.id if grain.by_group else "")
        for piece in self._pieces(group, own, one, day):
            counted = Slice(one, own, piece.cell, age, piece.chosen)
            sums = [count(counted) for count in self._measures]
            place = stamp, key + piece.key
            if place not in self._found:
                self._found[place] = self._row(place[1], (campaign, group), piece.words, day, sums)
                continue
            row = self._found[place]
            if row is not None:
                row.sums = [left + right for left, right in zip(row.sums, sums, strict=True)]

    def _pieces(self, group: Group, own: Traits, one: Day, day: int) -> Iterable[Piece]:
        splits = self._question.grain.splits
        if not splits:
            return (Piece((), {}, whole(one), None),)
        return split(Scene(self._question.seed, group, own, one, day), splits)

    def _row(
        self, key: Key, owners: tuple[Campaign, Group], more: Words, day: int, sums: Sums
    ) -> _Row | None:
        """Return a new row, None for one that a filter keeps out."""
        form = self._forms.get(key)
        if form is None:
            campaign, group = owners
            words = {"campaign": campaign.words, "group": group.words, **more}
            frame = words["frame"] = self._question.frame
            range_words = {word: frame.get(shown) for word, shown in _DAYS.items()}
            words["line"] = {**range_words, **more.get("line", {})}
            form = self._forms[key] = self._form(words)
        return _Row(form, day, sums) if form else None

    def _changes(self, column: Column) -> bool:
        is_day = column.of == "line" and column.source in _DAYS
        return column.of == "sum" or (is_day and self._question.is_daily)

    def _form(self, words: Words) -> str:
        """Return a row's form, empty for one that a filter keeps out."""
        for column, values in self._filters:
            if str(_word(column, words)) not in values:
                return ""
        style = self._style
        cells = [
            ("%s" if column.of == "line" else style.slot)
            if self._changes(column)
            else style.text(_word(column, words)).replace("%", "%%")
            for column in self._columns
        ]
        return style.row(self._question.columns, cells)


def _change(column: Column, shape: Shape, style: Style) -> Callable[[_Row], Any]:
    """Return what fills a slot of a row."""
    if column.of == "line":
        known: dict[int, str] = {}

        def show_day(row: _Row) -> str:
            if row.day not in known:
                known[row.day] = style.text(date.fromordinal(row.day).isoformat())
            return known[row.day]

        return show_day
    shown = shape.shown(column, style.null)
    return lambda row: shown(row.sums)


def _word(column: Column, words: Words) -> Any:
    """Return a word of a row's subjects, None where it is missing."""
    value: Any = words.get(column.of)
    for step in column.source.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value
