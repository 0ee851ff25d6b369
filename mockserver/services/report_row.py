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


def rows(question: Question, campaigns: Sequence[Campaign]) -> Iterator[bytes]:
    """Yield the rendered rows of a report, campaign by campaign; only those with impressions."""
    columns = [(name, COLUMNS[name]) for name in question.columns]
    for campaign in campaigns:
        for row in _of_campaign(question, campaign):
            if row.sums.get("impressions") and _passes(row, question):
                yield orjson.dumps({name: _show(column, row, question) for name, column in columns})


def _of_campaign(question: Question, campaign: Campaign) -> Iterator[_Row]:
    """Yield the rows of one campaign, by day when the report is daily."""
    found: dict[_Key, _Row] = {}
    for day in range(max(question.first, campaign.first), min(question.last, campaign.last) + 1):
        groups = [group for group in campaign.groups if group.shows(day)]
        passed = question.calendar.passed(day, question.now)
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
    age = question.calendar.day(question.now) - day
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
    _raise(sums, "impressions", share.impressions)
    _raise(sums, "clicks", share.clicks)
    _raise(sums, "cost", share.clicks * one.price)
    for purchase in share.purchases:
        if purchase.lag <= age:
            _credit(sums, one, purchase)


def _credit(sums: Measures, one: Traffic, purchase: Purchase) -> None:
    """Credit a purchase to every window it falls into."""
    kind = "own" if purchase.is_own else "other"
    for window in WINDOWS:
        if purchase.lag < window:
            _raise(sums, f"purchases{window}", 1)
            _raise(sums, f"units{window}", one.units)
            _raise(sums, f"sales{window}", one.value)
            _raise(sums, f"{kind}{window}", 1)
            _raise(sums, f"{kind}Units{window}", one.units)
            _raise(sums, f"{kind}Sales{window}", one.value)


def _raise(sums: Measures, name: str, by: int) -> None:
    sums[name] = sums.get(name, 0) + by


def _passes(row: _Row, question: Question) -> bool:
    return all(
        _show(FILTERS[name], row, question) in values for name, values in question.filters.items()
    )


def _show(column: Column, row: _Row, question: Question) -> Any:
    if column.of == "sum":
        return _SUMS[column.by](row.sums, column.source)
    if column.of == "nothing":
        return None
    value: Any = question.frame if column.of == "frame" else row.subjects.get(column.of, {})
    for step in column.source.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if value is None:
        return None
    if column.by == "number":
        return int(value)
    return WORDS.get(value, value) if column.by == "word" else value


def _share(sums: Measures, source: str, *, scale: float, least: float | None) -> float | None:
    above, _, below = source.partition("/")
    divisor = sums.get(below, 0)
    return round(sums.get(above, 0) / divisor * scale, _DIGITS) if divisor else least


_SUMS: dict[str, Callable[[Measures, str], Any]] = {
    "copy": lambda sums, name: sums.get(name, 0),
    "money": lambda sums, name: sums.get(name, 0) / MINOR,
    "quotient": lambda sums, name: _share(sums, name, scale=1 / MINOR, least=None),
    "percent": lambda sums, name: _share(sums, name, scale=100.0, least=None),
    "ratio": lambda sums, name: _share(sums, name, scale=1.0, least=None),
}
