"""The parts of which templates of recommendations consist; ``services/recommendations`` fills them.

A template is a JSON value. A dict becomes an object, a tuple an array, and ``{name}`` in a string
the value of a placeholder. ``{name}`` alone keeps the value's type, and its member is left out if
there is no value. Members that the reply's form does not define are left out too, so that one
template serves all versions in which members have the same meaning.

Placeholders are the members of body and query. Within a row they are also those of its item,
``{item}`` itself, ``{index}`` from 0 and ``{rank}`` from 1. A seeded number depends on the row and
its name ``of``. A name that begins with a slash has one number for the whole question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ByValue:
    """The value in ``cases`` for a placeholder's value, else ``default``."""

    placeholder: str
    cases: dict[str, Any]
    default: Any = None


@dataclass(frozen=True, slots=True)
class Money:
    """A seeded amount within ``limit`` (by default the limit of the recommendation).

    It is ``times`` a factor within ``spread`` times the placeholder ``base``, by default the
    minimum of the limit. ``cents`` gives it in hundredths.
    """

    of: str = "bid"
    times: float = 1.0
    limit: str = ""
    base: str = ""
    spread: tuple[float, float] | None = None
    cents: bool = False


@dataclass(frozen=True, slots=True)
class IntegerBetween:
    """A seeded integer between ``least`` and ``most``, multiplied by ``times``.

    An amount of money (``is_money``) is also multiplied by the marketplace's price level.
    """

    of: str
    least: int
    most: int
    times: float = 1.0
    is_money: bool = False


@dataclass(frozen=True, slots=True)
class DecimalBetween:
    """A seeded number with two decimals between ``least`` and ``most``."""

    of: str
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Choice:
    """A seeded choice from ``values``."""

    of: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class IntegerOf:
    """The integer in a placeholder's digits."""

    placeholder: str


@dataclass(frozen=True, slots=True)
class RandomId:
    """A seeded id: a UUID, or ``length`` hexadecimal characters."""

    of: str = "id"
    length: int = 0


@dataclass(frozen=True, slots=True)
class DateAhead:
    """The date ``after`` days from today."""

    after: int
    form: str = "%Y-%m-%d"


@dataclass(frozen=True, slots=True)
class JsonText:
    """A value as a string of JSON."""

    value: Any


@dataclass(frozen=True, slots=True)
class If:
    """``then`` if a placeholder is true, or is an array with ``contains``; else ``other``.

    Without a value the placeholder counts as ``default``. Without ``other`` the member is left out.
    """

    placeholder: str
    then: Any
    other: Any = ...
    contains: str = ""
    default: bool = False


@dataclass(frozen=True, slots=True)
class OrDefault:
    """The value of a placeholder, else ``default``."""

    placeholder: str
    default: Any


@dataclass(frozen=True, slots=True)
class RowsOf:
    """An array with one row for each item that ``of`` names.

    ``of`` is ``{name}`` for an array among the placeholders, ``@keywords`` for the entities of that
    resource below the row's campaign, else a source in ``services/recommendations/candidates.py``.
    ``check`` names a check in ``services/recommendations/subject.py``. Only items that pass it have
    a row, or those that fail it if ``passed`` is false. An item with a planned fault fails; its
    placeholders are ``fault.code`` and ``fault.details``. ``at`` is the placeholder of an item
    that is no object.
    """

    of: str
    row: Any
    check: str = ""
    passed: bool = True
    at: str = "item"
    most: int | None = None


@dataclass(frozen=True, slots=True)
class PerCountry:
    """An object with one member for each country of the question, with ``row`` as its value."""

    row: Any


@dataclass(frozen=True, slots=True)
class RequiredEntity:
    """An entity that must exist: the placeholder with its id, and its resource in the family.

    The ids of its parents become placeholders; ``under`` is a placeholder that must have one of
    them. ``excluded_parent`` is (resource, member with its id, attribute, value): an entity whose
    parent has this value is refused with ``message``.
    """

    placeholder: str
    of: str
    under: str = ""
    excluded_parent: tuple[str, str, str, str] | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Paging:
    """Paging of a source: the placeholders with page size and token. The rows are ``page``.

    ``{next}`` and ``{previous}`` are the tokens of the neighboring pages.
    """

    of: str
    size: str
    default: int
    most: int
    token: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One operation: its question and the template of its reply.

    ``about`` are the placeholders that seed all numbers. ``limit`` bounds amounts without a limit
    of their own. ``count`` is the number of candidates: a placeholder, a default and a maximum.
    ``asins`` is the placeholder with the products, each a string or an object with an ``asin``;
    ``exact`` refuses strings that are no ASIN. ``daily`` replies change every day. ``account`` is
    the placeholder with the id of an ads account, ``countries`` the one with its countries;
    ``{abroad}`` are the countries left out, each with its ``country`` and a ``message``.
    ``unmixed`` are a placeholder with rows, their member, and prefixes of its values that no
    request may mix.
    """

    reply: Any
    about: tuple[str, ...] = ()
    limit: ByValue | str = ""
    count: tuple[str, int, int] = ("", 100, 100)
    asins: str = ""
    exact: bool = False
    needs: tuple[RequiredEntity, ...] = ()
    page: Paging | None = None
    daily: bool = False
    account: str = ""
    countries: str = ""
    unmixed: tuple[str, ...] = ()
