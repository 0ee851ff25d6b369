"""The measures of a report for a part of an ad group's day.

Names of measures: ``impressions``, ``clicks``, ``cost``, ``none``; an event (``cart.clicks``); or
``purchases``, ``units``, ``sales`` with flags and a window in days (``sales.own.click@14``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple
from zlib import crc32

from adsmock.mockserver.catalog.reporting.event import EVENTS, RANDOM_OF_CLICKS, RANDOM_OF_VIEWS
from adsmock.mockserver.services.reporting.traffic import (
    FLAGS,
    LAST_LAG,
    WHOLE,
    Cell,
    Day,
    Days,
    Traits,
    all_seen,
    events,
    flagged,
    seen,
)

_PAID = {"purchases": 0, "units": 1, "sales": 2}
_OPPOSITE = {"other": "own", "view": "click", "known": "fresh"}
_LONGEST = LAST_LAG + 1


class Slice(NamedTuple):
    """A cell of an ad group's day, measured ``age`` days later.

    ``chosen`` are the numbers of its purchases.
    """

    day: Day
    own: Traits
    cell: Cell
    age: int
    chosen: Sequence[int]


class Stretch:
    """Whole days of an ad group, with the age of each in days."""

    __slots__ = ("_seen", "ages", "days", "own")

    def __init__(self, own: Traits, days: Days, ages: Sequence[int]) -> None:
        self.own = own
        self.days = days
        self.ages = tuple(ages)
        self._seen: dict[int, list[int]] = {}

    def seen(self, lag: int) -> list[int]:
        """Return how many purchases of each day follow within ``lag`` days, counted once."""
        if lag not in self._seen:
            self._seen[lag] = all_seen(self.days, self.ages, lag)
        return self._seen[lag]


class Measure(NamedTuple):
    """One measure: of a part of a day, and of whole days at once.

    ``entire`` is for speed and must give the value of ``part`` for each whole day.
    """

    part: Callable[[Slice], int]
    entire: Callable[[Stretch], Sequence[int]]


@cache
def measure(name: str) -> Measure:
    """Return the measure of a name.

    Raises:
        ValueError: the name has an unknown flag.
    """
    stem, _, window = name.partition("@")
    what, *flags = stem.split(".")
    if what in _PAID and window:
        wanted = [(FLAGS.index(_OPPOSITE.get(each, each)), each in FLAGS) for each in flags]
        return _bought(_PAID[what], wanted, min(int(window), _LONGEST) - 1)
    return _PLAIN.get(name) or _event(name)


_PLAIN: dict[str, Measure] = {
    "none": Measure(lambda _: 0, lambda whole: [0] * len(whole.days)),
    "impressions": Measure(
        lambda part: part.cell.last_impression - part.cell.first_impression,
        lambda whole: whole.days.impressions,
    ),
    "clicks": Measure(
        lambda part: part.cell.last_click - part.cell.first_click,
        lambda whole: whole.days.clicks,
    ),
    "cost": Measure(
        lambda part: (part.cell.last_click - part.cell.first_click) * part.day.price,
        lambda whole: whole.days.costs(),
    ),
}


def _event(name: str) -> Measure:
    """Return the measure of an event; an event without a row gets its own rate."""
    chain: list[tuple[int, int]] = []
    of = name
    while of not in _PLAIN:
        row = EVENTS.get(of)
        phase = crc32(of.encode())
        after_click = of.endswith(".clicks")
        least, most = RANDOM_OF_CLICKS if after_click else RANDOM_OF_VIEWS
        rate = row.rate if row else least + phase % (most - least)
        chain.append((rate, phase % WHOLE))
        of = row.of if row else ("clicks" if after_click else "impressions")
    chain.reverse()
    rates = tuple(chain)
    if of == "clicks":
        return Measure(
            lambda part: events(part.cell.first_click, part.cell.last_click, rates),
            lambda whole: [events(0, clicks, rates) for clicks in whole.days.clicks],
        )
    return Measure(
        lambda part: events(part.cell.first_impression, part.cell.last_impression, rates),
        lambda whole: [events(0, shown, rates) for shown in whole.days.impressions],
    )


def _bought(kind: int, wanted: Sequence[tuple[int, bool]], lag: int) -> Measure:
    """Return the measure of purchases with flags within ``lag`` days of a click."""

    def count(part: Slice) -> int:
        if not part.chosen:
            return 0
        day, own = part.day, part.own
        limit = seen(day, min(lag, part.age))
        found = sum(
            1 for number in part.chosen if number < limit and _fits(day.phase, own, number, wanted)
        )
        return found * _worth(own, kind)

    def entire(whole: Stretch) -> list[int]:
        own, limits = whole.own, whole.seen(lag)
        worth = _worth(own, kind)
        if wanted:
            pairs = zip(whole.days.phase, limits, strict=True)
            limits = [_of_all(phase, own, wanted, limit) for phase, limit in pairs]
        return limits if worth == 1 else [limit * worth for limit in limits]

    return Measure(count, entire)


def _worth(own: Traits, kind: int) -> int:
    """Return the value of one purchase: 1, its units or its sales."""
    return (1, own.units, own.units * own.value)[kind]


def _of_all(phase: int, own: Traits, wanted: Sequence[tuple[int, bool]], limit: int) -> int:
    """Return how many of a day's first purchases have all flags."""
    if len(wanted) == 1:
        flag, is_set = wanted[0]
        found = flagged(limit, own.flags[flag], phase)
        return found if is_set else limit - found
    return sum(1 for number in range(limit) if _fits(phase, own, number, wanted))


def _fits(phase: int, own: Traits, number: int, wanted: Sequence[tuple[int, bool]]) -> bool:
    return all(has_flag(phase, own, number, flag) is is_set for flag, is_set in wanted)


def has_flag(phase: int, own: Traits, number: int, flag: int) -> bool:
    """Say whether a purchase of a day of this phase has a flag, by the number of each."""
    share = own.flags[flag]
    return flagged(number + 1, share, phase) > flagged(number, share, phase)
