"""The measures of a report: how much of each falls to a part of an ad group's day.

Knows the grammar of measures: ``impressions``, ``clicks``, ``cost``, ``none``; an event
(``cart.clicks``); or ``purchases``, ``units``, ``sales`` with flags and a window in days
(``sales.own.click@14``). Must not know columns, rows or report types.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple
from zlib import crc32

from mockserver.catalog.report.event import DRAWN_OF_CLICKS, DRAWN_OF_VIEWS, EVENTS
from mockserver.services.metric import (
    FLAGS,
    LAST_LAG,
    WHOLE,
    Cell,
    Day,
    Traits,
    events,
    flagged,
    seen,
)

_PAID = {"purchases": 0, "units": 1, "sales": 2}
_OPPOSITE = {"other": "own", "view": "click", "known": "fresh"}
_LONGEST = LAST_LAG + 1


class Slice(NamedTuple):
    """What is measured: a cell of an ad group's day, ``age`` days after it.

    ``chosen`` are the numbers of the purchases that fall to it; None means all of the day.
    """

    day: Day
    own: Traits
    cell: Cell
    age: int
    chosen: Sequence[int] | None = None


Measure = Callable[[Slice], int]


@cache
def measure(name: str) -> Measure:
    """Return what counts the measure of that name.

    Raises:
        KeyError: it has a flag that is none.
    """
    stem, _, window = name.partition("@")
    what, *flags = stem.split(".")
    if what in _PAID and window:
        return _bought(_PAID[what], flags, min(int(window), _LONGEST))
    return _PLAIN.get(name) or _event(name)


_PLAIN: dict[str, Measure] = {
    "none": lambda _: 0,
    "impressions": lambda one: one.cell.last_impression - one.cell.first_impression,
    "clicks": lambda one: one.cell.last_click - one.cell.first_click,
    "cost": lambda one: (one.cell.last_click - one.cell.first_click) * one.day.price,
}


def _event(name: str) -> Measure:
    """Return what counts an event; one without a row gets a rate of its own."""
    chain: list[tuple[int, int]] = []
    of = name
    while of not in _PLAIN:
        row = EVENTS.get(of)
        phase = crc32(of.encode())
        after_click = of.endswith(".clicks")
        least, most = DRAWN_OF_CLICKS if after_click else DRAWN_OF_VIEWS
        rate = row.rate if row else least + phase % (most - least)
        chain.append((rate, phase % WHOLE))
        of = row.of if row else ("clicks" if after_click else "impressions")
    chain.reverse()
    rates = tuple(chain)
    if of == "clicks":
        return lambda one: events(one.cell.first_click, one.cell.last_click, rates)
    return lambda one: events(one.cell.first_impression, one.cell.last_impression, rates)


def _bought(kind: int, flags: Sequence[str], window: int) -> Measure:
    wanted = [(FLAGS.index(_OPPOSITE.get(each, each)), each in FLAGS) for each in flags]
    lag = window - 1

    def count(one: Slice) -> int:
        day, chosen = one.day, one.chosen
        if not day.purchases or (chosen is not None and not chosen):
            return 0
        limit = seen(day, min(lag, one.age))
        found = (
            _of_all(day, one.own, wanted, limit)
            if chosen is None
            else sum(1 for number in chosen if number < limit and _has(one, number, wanted))
        )
        return found if not kind else found * one.own.units * (one.own.value if kind > 1 else 1)

    return count


def _of_all(day: Day, own: Traits, wanted: Sequence[tuple[int, bool]], limit: int) -> int:
    """Return how many of a day's first purchases have all flags."""
    if not wanted:
        return limit
    if len(wanted) == 1:
        flag, is_set = wanted[0]
        found = flagged(limit, own.flags[flag], day.phase)
        return found if is_set else limit - found
    return sum(1 for number in range(limit) if _flags(day, own, number, wanted))


def _has(one: Slice, number: int, wanted: Sequence[tuple[int, bool]]) -> bool:
    return not wanted or _flags(one.day, one.own, number, wanted)


def _flags(day: Day, own: Traits, number: int, wanted: Sequence[tuple[int, bool]]) -> bool:
    return all(has_flag(day, own, number, flag) is is_set for flag, is_set in wanted)


def has_flag(day: Day, own: Traits, number: int, flag: int) -> bool:
    """Say whether a purchase of a day has a flag, by the number of each."""
    share, phase = own.flags[flag], day.phase
    return flagged(number + 1, share, phase) > flagged(number, share, phase)
