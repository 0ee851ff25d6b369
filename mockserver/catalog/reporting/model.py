"""The form of what is known about reports: grains, columns, subjects, splits, events.

Knows the vocabulary alone. What a name of ``by`` does stands in ``adsmock.mockserver.services``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Of = Literal["campaign", "group", "target", "ad", "frame", "line", "sum", "nothing"]


@dataclass(frozen=True, slots=True)
class Grain:
    """What one row of a group is about: the owners it keeps apart, and the splits below them.

    ``least`` is the measure without which there is no row.
    """

    by_campaign: bool = True
    by_group: bool = False
    splits: tuple[str, ...] = ()
    least: str = "impressions"


@dataclass(frozen=True, slots=True)
class Column:
    """One column or filter.

    ``of`` is whose word is shown: ``campaign``, ``group``, ``target``, ``ad``, ``frame`` (the
    request and its profile), ``line`` (the part of a split), ``sum`` (measures) or ``nothing``.
    ``source`` is the word; of ``sum`` it is a measure, a sum ``a+b`` or a quotient ``a+b/c``.
    ``by`` names the conversion: ``copy``, ``money`` (of minor units), ``ratio``, ``percent``,
    ``quotient`` (of money and a count) or ``thousand`` (money for a thousand).
    """

    of: Of
    source: str = ""
    by: str = "copy"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Columns whose names tell what they show; ``source`` may quote groups of ``expression``."""

    expression: str
    type: str
    column: Column


@dataclass(frozen=True, slots=True)
class Subject:
    """A resource whose entities reports know, and the member behind each of their words.

    ``defaults`` are words that the resource has no member for.
    """

    resource: str
    words: dict[str, str]
    defaults: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Product:
    """Where the rows of an ad product come from: campaigns and all that is below them."""

    campaigns: Subject
    groups: Subject
    ads: tuple[Subject, ...]
    targets: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a split: its share and its words. A part without words is never shown."""

    share: int
    words: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """Something counted along with impressions or clicks: ``rate`` of 1,024 of ``of``.

    ``of`` may be another event, of which this one is then never more.
    """

    of: str
    rate: int
