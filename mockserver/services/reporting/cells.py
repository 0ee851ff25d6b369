"""The finest parts of an ad group's day: overlaps of its splits, dealt out to hours.

Each split divides the same ranges of impressions and clicks, so two splits overlap in ranges, and
the overlaps of a part are the part. Hours take their share of every overlap in turn, until it is
used up: what remains for an overlap is what its later hours get, so both totals are exact.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from adsmock.mockserver.services.reporting.day_hours import Hour
from adsmock.mockserver.services.reporting.traffic import WHOLE, Cell, Day, bounds

Key = tuple[int, ...]
"""The number of the part in each split."""

_STEP = 40_503
"""An odd number: hours round their shares up in different overlaps."""


def overlaps(splits: Sequence[Sequence[Cell]]) -> dict[Key, Cell]:
    """Return the overlaps of several splits of one day that have impressions or clicks."""
    shown = _ranges([[cell.last_impression for cell in each] for each in splits])
    clicked = _ranges([[cell.last_click for cell in each] for each in splits])
    nothing = (0, 0)
    return {
        key: Cell(*shown.get(key, nothing), *clicked.get(key, nothing))
        for key in sorted(shown.keys() | clicked.keys())
    }


def _ranges(ends: Sequence[Sequence[int]]) -> dict[Key, tuple[int, int]]:
    """Return the ranges between the ends of any split, by the parts that they belong to."""
    points = sorted({0, *chain.from_iterable(ends)})
    return {
        tuple(bisect_right(each, first) for each in ends): (first, last)
        for first, last in pairwise(points)
    }


def by_hour(
    day: Day, parts: Sequence[Cell], hours: Sequence[Hour]
) -> Iterator[tuple[Hour, int, Cell]]:
    """Yield each part's share of each hour, with the number of the part.

    The shares of an hour add up to what ``traffic.so_far`` counts in it, those of a part to the
    part. A click can come in a later hour than its impression.
    """
    shown = [part.first_impression for part in parts]
    clicked = [part.first_click for part in parts]
    for number, hour in enumerate(hours):
        phase = day.phase * _STEP + number * (_STEP << 8)
        rests = [part.last_impression - first for part, first in zip(parts, shown, strict=True)]
        until_shown = _taken(shown, _share(day.impressions, hour), rests, phase)
        rests = [part.last_click - first for part, first in zip(parts, clicked, strict=True)]
        until_clicked = _taken(clicked, _share(day.clicks, hour), rests, phase)
        ranges = zip(shown, until_shown, clicked, until_clicked, strict=True)
        for place, cell in enumerate(map(Cell._make, ranges)):
            if cell.last_impression > cell.first_impression or cell.last_click > cell.first_click:
                yield hour, place, cell
        shown, clicked = until_shown, until_clicked


def _share(total: int, hour: Hour) -> int:
    return total * hour.until // WHOLE - total * hour.before // WHOLE


def _taken(firsts: Sequence[int], total: int, rests: Sequence[int], phase: int) -> list[int]:
    """Return where each part continues after ``total`` is taken from what remains of all."""
    ends = bounds(total, rests, phase)
    return [
        first + last - start for first, (start, last) in zip(firsts, pairwise(ends), strict=True)
    ]
