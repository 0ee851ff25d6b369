"""The model of report data: grains, columns, subjects, splits, events.

``services.reporting`` implements the conversions that ``by`` names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Of = Literal["campaign", "group", "target", "ad", "frame", "line", "sum", "nothing"]


@dataclass(frozen=True, slots=True)
class Grain:
    """What one row of a group is about: the owners it separates, and the splits below them.

    A row without ``least``, its minimum measure, is left out.
    """

    by_campaign: bool = True
    by_group: bool = False
    splits: tuple[str, ...] = ()
    least: str = "impressions"


@dataclass(frozen=True, slots=True)
class Column:
    """One column or filter.

    ``of`` is the subject of the word: ``campaign``, ``group``, ``target``, ``ad``, ``frame`` (the
    request and its profile), ``line`` (the part of a split), ``sum`` (measures) or ``nothing``.
    ``source`` is the word; of ``sum`` it is a measure, a sum ``a+b`` or a quotient ``a+b/c``.
    ``by`` names the conversion: ``copy``, ``money`` (of minor units), ``ratio``, ``percent``,
    ``quotient`` (of money and a count), ``thousand`` (money for a thousand) or ``converted``
    (money in the currency of view).
    """

    of: Of
    source: str = ""
    by: str = "copy"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Columns whose names describe them; ``source`` can use groups of ``expression``."""

    expression: str
    type: str
    column: Column


@dataclass(frozen=True, slots=True)
class Subject:
    """A resource in reports, and the member of each word.

    ``defaults`` are words without a member.
    """

    resource: str
    words: dict[str, str]
    defaults: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Product:
    """The resources of an ad product's rows: campaigns and their descendants."""

    campaigns: Subject
    groups: Subject
    ads: tuple[Subject, ...]
    targets: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a split: its share and its words. A part without words is never shown.

    Nobody clicks in a part that is not ``is_clicked``.
    """

    share: int
    words: dict[str, Any]
    is_clicked: bool = True


@dataclass(frozen=True, slots=True)
class Event:
    """A counted event: ``rate`` of 1,024 of ``of``, which is a measure or another event.

    An event is never more frequent than the one it follows.
    """

    of: str
    rate: int
