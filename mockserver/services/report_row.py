"""The rows of a report: days of traffic added up by what the report is grouped by.

Knows grains, measures and how a column is shown. Must not know report types, requests or jobs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import orjson

from mockserver.catalog.report import COLUMNS, FILTERS, PLACEMENTS, WINDOWS, WORDS, Column, Grain
from mockserver.services.metric import (
    MINOR,
    Purchase,
    Share,
    Traffic,
    deal,
    traffic,
    weight,
    within,
)
from mockserver.services.report_roster import Calendar, Campaign, Group, Line

Measures = dict[str, int]
_DIGITS = 4
"""Decimals of rates and shares."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a report asks: days as ordinals, wanted columns, allowed values by filter."""

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


class _Key(NamedTuple):
    """What a row is about; equal keys are one row."""

    day: int
    campaign: str
    group: str = ""
    part: str = ""


@dataclass(slots=True)
class _Row:
    """One row under way: whose members it shows, and its sums."""

    subjects: dict[str, dict[str, Any]]
    sums: Measures = field(default_factory=dict)


Getter = Callable[[_Row], Any]
"""Shows one column of a row."""


def rows(question: Question, campaigns: Sequence[Campaign]) -> Iterator[bytes]:
    """Yield the rendered rows of a report, campaign by campaign; only those with impressions."""
    columns = [(name, _getter(COLUMNS[name], question)) for name in question.columns]
    filters = [
        (_getter(FILTERS[name], question), values) for name, values in question.filters.items()
    ]
    for campaign in campaigns:
        for row in _of_campaign(question, campaign):
            if all(get(row) in values for get, values in filters):
                yield orjson.dumps({name: get(row) for name, get in columns})


def _of_campaign(question: Question, campaign: Campaign) -> Iterator[_Row]:
    """Yield the rows of one campaign, by day when the report is daily."""
    found: dict[_Key, _Row] = {}
    for day in range(max(question.first, campaign.first), min(question.last, campaign.last) + 1):
        groups = [group for group in campaign.groups if group.shows(day)]
        is_over = day < question.today
        passed = 1.0 if is_over else question.calendar.passed(day, question.now)
        days = [traffic(question.seed, one.id, day, one.bid, passed) for one in groups]
        within(days, campaign.budget)
        for group, one in zip(groups, days, strict=True):
            if one.impressions:
                _add(found, question, (campaign, group), one, day)
        if question.is_daily:
            yield from found.values()
            found.clear()
    yield from found.values()


def _add(
    found: dict[_Key, _Row],
    question: Question,
    owners: tuple[Campaign, Group],
    one: Traffic,
    day: int,
) -> None:
    """Add an ad group's day to the rows that it belongs to."""
    campaign, group = owners
    grain = question.grain
    age = question.today - day
    stamp = day if question.is_daily else 0
    for part, members, share in _parts(question, group, one, day):
        key = _Key(stamp, campaign.id, group.id if grain.by_group else "", part)
        row = found.get(key)
        if row is None:
            subjects = {"campaign": campaign.document, "group": group.document, **members}
            subjects.setdefault("line", {})
            if question.is_daily:
                subjects["line"]["day"] = date.fromordinal(day).isoformat()
            row = found[key] = _Row(subjects)
        _count(row.sums, one, share, age)


Part = tuple[str, dict[str, dict[str, Any]], Share]


def _parts(question: Question, group: Group, one: Traffic, day: int) -> Iterator[Part]:
    """Yield what a day is split into: the name of each part, its members, its share."""
    split = question.grain.split
    if not split:
        yield "", {}, Share(one.impressions, one.clicks, list(one.purchases))
        return
    if split == "placement":
        shares = deal(one, [share for _, share in PLACEMENTS])
        for (name, _), share in zip(PLACEMENTS, shares, strict=True):
            if share.impressions:
                yield name, {"line": {"placement": name}}, share
        return
    lines: list[Line] = [
        line for line in (group.ads if split == "ad" else group.targets) if line.is_live(day)
    ]
    shares = deal(one, [weight(question.seed, line.id) for line in lines])
    for line, share in zip(lines, shares, strict=True):
        if share.impressions:
            yield line.id, {split: line.document}, share


def _count(sums: Measures, one: Traffic, share: Share, age: int) -> None:
    sums["impressions"] = sums.get("impressions", 0) + share.impressions
    sums["clicks"] = sums.get("clicks", 0) + share.clicks
    sums["cost"] = sums.get("cost", 0) + share.clicks * one.price
    for purchase in share.purchases:
        if purchase.lag <= age:
            _credit(sums, one, purchase)


def _credit(sums: Measures, one: Traffic, purchase: Purchase) -> None:
    """Credit a purchase to every window it falls into."""
    kind = "own" if purchase.is_own else "other"
    for window in WINDOWS:
        if purchase.lag < window:
            for name, by in (
                (f"purchases{window}", 1),
                (f"units{window}", one.units),
                (f"sales{window}", one.value),
                (f"{kind}{window}", 1),
                (f"{kind}Units{window}", one.units),
                (f"{kind}Sales{window}", one.value),
            ):
                sums[name] = sums.get(name, 0) + by


def _getter(column: Column, question: Question) -> Getter:
    """Return the function that shows a column of a row."""
    if column.of == "sum":
        return _SUMS[column.by](column.source)
    if column.of == "nothing":
        return lambda row: None  # noqa: ARG005 -- a getter
    if column.of == "frame":
        value = question.frame[column.source]
        return lambda row: value  # noqa: ARG005 -- a getter
    return _member(column)


def _member(column: Column) -> Getter:
    """Return the function that shows a member of a row's subject, None where it is missing."""
    of, steps, convert = column.of, column.source.split("."), _MEMBERS.get(column.by)

    def get(row: _Row) -> Any:
        value: Any = row.subjects.get(of)
        for step in steps:
            value = value.get(step) if value is not None else None
        return value if convert is None or value is None else convert(value)

    return get


_MEMBERS: dict[str, Callable[[Any], Any]] = {
    "number": int,
    "word": lambda value: WORDS.get(value, value),
}


def _share(source: str, scale: float) -> Getter:
    above, _, below = source.partition("/")

    def get(row: _Row) -> float | None:
        divisor = row.sums.get(below, 0)
        return round(row.sums.get(above, 0) / divisor * scale, _DIGITS) if divisor else None

    return get


_SUMS: dict[str, Callable[[str], Getter]] = {
    "copy": lambda name: lambda row: row.sums.get(name, 0),
    "money": lambda name: lambda row: row.sums.get(name, 0) / MINOR,
    "quotient": lambda name: _share(name, 1 / MINOR),
    "percent": lambda name: _share(name, 100.0),
    "ratio": lambda name: _share(name, 1.0),
}
