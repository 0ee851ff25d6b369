"""Columns of a report: which measures they need and how a row shows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import repeat
from typing import Any

from adsmock.contracts import report_tables
from adsmock.mockserver.catalog.reporting import column as sponsored
from adsmock.mockserver.catalog.reporting import dsp
from adsmock.mockserver.catalog.reporting.model import Column

_DIGITS = 4
"""Decimals of rates and shares."""

Vectors = Sequence[Sequence[int]]
"""The measures of some rows: for each measure a value per row."""

Shown = Callable[[Vectors], Iterable[Any]]
"""Returns a column of rows from their measures: numbers, or formatted numbers."""

_KEPT = 20_000
"""Formatted numbers in the cache: amounts and rates repeat, and formatting takes longer."""

_SCALES = {"ratio": 1.0, "percent": 100.0, "quotient": 1.0, "thousand": 1000.0}
_OF_MONEY = {"quotient", "thousand"}


def find(kind: str, name: str) -> Column:
    """Return the definition of a column of a report type."""
    known = sponsored.EXCEPTIONS.get((kind, name)) or _named(name)
    assert known is not None, "patterns take any name"
    return known


def find_filter(kind: str, name: str) -> Column:
    """Return the definition of a filter of a report type."""
    return sponsored.EXCEPTIONS.get((kind, name)) or sponsored.FILTERS[name]


@cache
def _named(name: str) -> Column | None:
    known = sponsored.COLUMNS.get(name) or dsp.COLUMNS.get(name)
    return known or _patterned(name, report_tables.columns().get(name, "string"))


def _patterned(name: str, kind: str) -> Column | None:
    for pattern in dsp.PATTERNS:
        met = re.fullmatch(pattern.expression, name) if pattern.type == kind else None
        if met:
            return replace(pattern.column, source=met.expand(pattern.column.source))
    return None


def measures_of(column: Column) -> list[str]:
    """Return the names of the measures that a column needs."""
    return re.split(r"[+/]", column.source) if column.of == "sum" else []


@dataclass(frozen=True, slots=True)
class Shape:
    """The measures of a report, each with its index; ``minor`` units make one of its currency."""

    places: dict[str, int]
    minor: int

    @classmethod
    def of(cls, columns: Sequence[Column], least: str, minor: int) -> Shape:
        """Return the shape of rows with these columns; ``least`` comes first."""
        names = [least, *(name for column in columns for name in measures_of(column))]
        return cls({name: place for place, name in enumerate(dict.fromkeys(names))}, minor)

    def shown(self, column: Column, null: Any) -> Shown:
        """Return the function that shows a column; ``null`` replaces a share of zero."""
        above, _, below = column.source.partition("/")
        over = [self.places[name] for name in above.split("+")]
        if below:
            under = [self.places[name] for name in below.split("+")]
            scale = _SCALES[column.by] / (self.minor if column.by in _OF_MONEY else 1)
            return lambda rows: _shares(_sums(rows, over), _sums(rows, under), scale, null)
        if column.by == "money":
            if self.minor == 1:
                return lambda rows: _sums(rows, over)
            return lambda rows: map(_amount, _sums(rows, over), repeat(self.minor))
        return lambda rows: _sums(rows, over)


def _sums(rows: Vectors, places: Sequence[int]) -> Sequence[int]:
    """Return a measure of each row, or the sum of several."""
    if len(places) == 1:
        return rows[places[0]]
    return [sum(each) for each in zip(*(rows[place] for place in places), strict=True)]


@lru_cache(maxsize=_KEPT)
def _amount(amount: int, minor: int) -> str:
    return str(amount / minor)


def _shares(above: Sequence[int], below: Sequence[int], scale: float, null: Any) -> list[Any]:
    return [
        _share(over, under, scale) if under else null
        for over, under in zip(above, below, strict=True)
    ]


@lru_cache(maxsize=_KEPT)
def _share(over: int, under: int, scale: float) -> str:
    return str(round(over / under * scale, _DIGITS))
