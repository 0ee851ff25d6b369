"""The form of a row of advice: what is asked about, and a template of the answer.

Knows the vocabulary of templates. Must not hold functions: ``mockserver.services.advice`` fills
them.

A template is a JSON value. A dict gives an object, a tuple an array, a text its blanks: ``{name}``
alone keeps the type of what stands there and goes with its member where nothing does. What a form
does not name is not shown, so one template serves every version whose members have one meaning.

Blanks: the members of the body and of the query, and within a row those of what the row is for,
``{item}`` itself, ``{index}`` from 0 and ``{rank}`` from 1. Numbers are drawn for a row and the
name of the draw; what begins with a slash is drawn for the whole question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class By:
    """What stands for a blank's value in ``cases``, else ``usual``."""

    blank: str
    cases: dict[str, Any]
    usual: Any = None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: what is drawn for ``of``, ``times`` so much, within ``limit`` (or the row's own).

    It lies between the ``spread`` times the blank ``base``, without one the least that the limit
    allows. ``cents`` tells it in hundredths.
    """

    of: str = "bid"
    times: float = 1.0
    limit: str = ""
    base: str = ""
    spread: tuple[float, float] | None = None
    cents: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between ``least`` and ``most``, drawn for ``of``, ``times`` so much."""

    of: str
    least: int
    most: int
    times: float = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """A number with two digits between ``least`` and ``most``, drawn for ``of``."""

    of: str
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class One:
    """One of ``values``, drawn for ``of``."""

    of: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """The whole number that a blank's digits say."""

    blank: str


@dataclass(frozen=True, slots=True)
class Code:
    """An id: a UUID, or with a ``length`` so many hexadecimal characters."""

    of: str = "id"
    length: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """A day so many days from the present one."""

    after: int
    form: str = "%Y-%m-%d"


@dataclass(frozen=True, slots=True)
class Written:
    """A text that is JSON itself."""

    value: Any


@dataclass(frozen=True, slots=True)
class If:
    """``then`` where a blank is true, or an array that holds ``holds``; else ``other``.

    An absent blank is ``usual``. Without ``other`` the member is left out.
    """

    blank: str
    then: Any
    other: Any = ...
    holds: str = ""
    usual: bool = False


@dataclass(frozen=True, slots=True)
class Or:
    """What stands in a blank; ``usual`` where nothing does."""

    blank: str
    usual: Any


@dataclass(frozen=True, slots=True)
class Each:
    """An array with a row for each of what ``of`` names.

    ``of`` is ``{name}`` for an array among the blanks, ``@keywords`` for the entities of that
    resource below the row's campaign, else a stock of ``services.recommendations.candidates``.
    ``judged`` names a check of ``mockserver.services.advice.subject``: of the items only those are
    told that pass it, or with ``passed`` false those that do not. An item that a fault dooms passes
    none: ``planned.code`` and ``planned.details`` say so. ``at`` is the blank that an item which is
    no object is called by.
    """

    of: str
    row: Any
    judged: str = ""
    passed: bool = True
    at: str = "item"
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Lands:
    """An object with a member for each country in question: what ``row`` comes to there."""

    row: Any


@dataclass(frozen=True, slots=True)
class Need:
    """An entity that must be there: the blank that names it, and its resource in the family.

    It brings the ids of its parents along; ``under`` is a blank that must name one of them. An
    entity whose ``barred`` parent (resource, the member that names it, a member of its, a value)
    is so is refused with ``message``.
    """

    blank: str
    of: str
    under: str = ""
    barred: tuple[str, str, str, str] | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """How a stock is cut: the blanks that ask for size and token. Its rows are the stock ``page``.

    The blanks ``{next}`` and ``{previous}`` are tokens of the neighbours.
    """

    of: str
    size: str
    usual: int
    most: int
    token: str


@dataclass(frozen=True, slots=True)
class Advice:
    """One question and its answer.

    ``about`` are the blanks that numbers hang on: equal values, equal numbers. ``limit`` bounds
    amounts that name no limit. ``count`` is how many of a stock are wanted: a blank, how many
    without it, and the most. ``asins`` is the blank with the products in question, each a text or
    an object with an ``asin``; ``exact`` refuses a text that is none. ``daily`` answers differ
    from day to day. ``account`` is the blank that names an ads account whose countries are in
    question, ``countries`` one that says which of them; ``{abroad}`` are those that are left out,
    each with its ``country`` and a ``message``.
    """

    reply: Any
    about: tuple[str, ...] = ()
    limit: By | str = ""
    count: tuple[str, int, int] = ("", 100, 100)
    asins: str = ""
    exact: bool = False
    needs: tuple[Need, ...] = ()
    page: Page | None = None
    daily: bool = False
    account: str = ""
    countries: str = ""
