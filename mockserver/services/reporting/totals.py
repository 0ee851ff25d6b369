"""What the campaigns of a report did, added up by subject and day.

A subject is what one row is about: a campaign, an ad group, or a part of one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import add
from typing import Any, Generic, TypeVar

from adsmock.contracts.contract_set import Marketplace
from adsmock.mockserver.catalog.reporting.model import Grain
from adsmock.mockserver.services.reporting.breakdown import BreakdownInput, split
from adsmock.mockserver.services.reporting.day_hours import passed
from adsmock.mockserver.services.reporting.eligible import Calendar, Campaign, Group
from adsmock.mockserver.services.reporting.measures import Measure, Slice, Stretch
from adsmock.mockserver.services.reporting.served import served
from adsmock.mockserver.services.reporting.traffic import Days, Traits, today_so_far

Words = dict[str, dict[str, Any]]
Key = tuple[str, ...]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a report as ordinals, and what its numbers follow from.

    ``market`` has the currency of the profile: amounts are in its minor units.
    """

    seed: int
    first: int
    last: int
    now: float
    calendar: Calendar
    today: int
    market: Marketplace


@dataclass(slots=True)
class Subject(Generic[T]):
    """One subject: what ``Totals`` was given to make of it, and each measure by day of the span."""

    made: T
    measures: list[list[int]]


class Totals(Generic[T]):
    """The subjects of a report, added up while campaigns are taken.

    ``make`` gets the words of a subject and returns what the report keeps of it, None if the report
    leaves it out. ``found`` has the subjects by key, None for those.
    """

    def __init__(
        self,
        span: Span,
        grain: Grain,
        measures: Sequence[Measure],
        make: Callable[[Words], T | None],
    ) -> None:
        self.found: dict[Key, Subject[T] | None] = {}
        self._span = span
        self._grain = grain
        self._measures = measures
        self._make = make
        self._days = range(span.first, span.last + 1)
        self._ages = [span.today - day for day in self._days]
        self._passed = passed(span.calendar.timezone, span.today, span.now)

    def take(self, campaign: Campaign) -> None:
        """Add a campaign's days, each cut to its budget."""
        span = self._span
        for group, own, days, kept in served(span.seed, campaign, span.first, span.last):
            is_open = days[-1] == span.today
            shown = today_so_far(kept, self._passed) if is_open else kept
            self._add((campaign, group), own, days, shown)

    def _add(
        self, owners: tuple[Campaign, Group], own: Traits, days: Sequence[int], kept: Days
    ) -> None:
        """Add an ad group's days to their subjects."""
        grain, (campaign, group) = self._grain, owners
        owner = campaign.id if grain.by_campaign else str(campaign.words.get("advertiserId"))
        key = (owner, group.id if grain.by_group else "")
        first = self._span.first
        if not grain.splits:
            ages = self._ages[days[0] - first : days[-1] - first + 1]
            if len(ages) != len(days):
                ages = [self._ages[day - first] for day in days]
            whole = Stretch(own, kept, ages)
            vectors = [list(each.entire(whole)) for each in self._measures]
            self._count(self._subject(key, owners, {}), vectors, [day - first for day in days])
            return
        for day, item in zip(days, kept, strict=True):
            scene = BreakdownInput(self._span.seed, group, own, item, day)
            for piece in split(scene, grain.splits) if item.impressions else ():
                subject = self._subject(key + piece.key, owners, piece.words)
                part = Slice(item, own, piece.cell, self._ages[day - first], piece.chosen)
                self._count(subject, [[each.part(part)] for each in self._measures], [day - first])

    def _count(
        self, subject: Subject[T] | None, vectors: list[list[int]], places: Sequence[int]
    ) -> None:
        """Add measures of some days of the span to a subject."""
        if subject is None:
            return
        if len(places) == len(self._days):
            pairs = zip(subject.measures, vectors, strict=True)
            known = subject.measures
            subject.measures = [list(map(add, *each)) for each in pairs] if known else vectors
            return
        if not subject.measures:
            subject.measures = [[0] * len(self._days) for _ in vectors]
        for known_days, more in zip(subject.measures, vectors, strict=True):
            for place, value in zip(places, more, strict=True):
                known_days[place] += value

    def _subject(self, key: Key, owners: tuple[Campaign, Group], more: Words) -> Subject[T] | None:
        """Return the subject of a key, None if the report leaves it out."""
        if key not in self.found:
            campaign, group = owners
            words = {"campaign": campaign.words, "group": group.words, **more}
            made = self._make(words)
            self.found[key] = None if made is None else Subject(made, [])
        return self.found[key]
