"""The form of a catalog entry: what a resource is, beyond its shape on the wire.

Knows the vocabulary of entries. Must not hold functions: a rule names its check, and
``adsmock.mockserver.services.validation`` holds what the name does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

AccountKind = Literal["seller", "vendor"]


@dataclass(frozen=True, slots=True)
class Parent:
    """An entity that must exist and live before a child can: the member naming it, its resource."""

    member: str
    resource: str


@dataclass(frozen=True, slots=True)
class Unique:
    """What no two live entities may share.

    ``fields`` are members of the entity (an array is compared without regard to order),
    ``location`` the member a refusal points at; ``accounts`` limits the rule to some kinds of
    account, empty means all.
    """

    fields: tuple[str, ...]
    location: str
    by: str
    accounts: tuple[AccountKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """How many live entities there may be: in the account, or under parent number ``parent``."""

    maximum: int
    by: str
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One business check of an item.

    ``check`` names a function of ``mockserver.services.validation``, ``settings`` are its own.
    """

    check: str
    by: str
    settings: dict[str, Any] = field(default_factory=dict)
    verbs: tuple[str, ...] = ("create", "update")
    accounts: tuple[AccountKind, ...] = ()


IN_PORTFOLIO = Rule(
    "referred",
    by="assumed",
    settings={
        "member": "portfolioId",
        "resource": "portfolios",
        "message": "Portfolio {value} was not found",
    },
)
"""A campaign's portfolio is one of the same profile, whatever the family."""


@dataclass(frozen=True, slots=True)
class Offspring:
    """What is created along with an entity.

    Made when the entity's parent number ``parent`` has ``variant``, and in the array that ``holds``
    names the value beside it; without either always: one entity of ``resource`` for each of
    ``items``. ``inherits`` names the members copied from
    the entity, ``transcribes`` are pairs of dotted members (of the entity, of what is made).
    """

    resource: str
    parent: int
    variant: str
    inherits: tuple[str, ...]
    items: tuple[dict[str, Any], ...]
    by: str
    transcribes: tuple[tuple[str, str], ...] = ()
    holds: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What a review takes and how it is told.

    It takes between ``fastest`` and ``slowest`` seconds; the share ``passes`` passes. ``stages``
    are words by the share of the time from which on they are told; ``refused`` is the word of
    what did not pass.
    """

    fastest: float
    slowest: float
    passes: float
    stages: tuple[tuple[float, str], ...]
    refused: str
    by: str


@dataclass(frozen=True, slots=True)
class Review:
    """Who is looked at before they serve, and where that shows.

    ``of`` is the resource whose newest child is reviewed, empty for the entity itself.
    ``member`` holds the shown members, empty for the entity itself: ``status`` tells the stage,
    ``version`` names what is reviewed. ``waiting`` and ``refused`` are serving words, ``shows``
    pairs of dotted members (of the child, of the entity) that the entity shows of it.
    """

    course: Course
    status: str
    of: str = ""
    member: str = ""
    version: str = ""
    waiting: str = ""
    refused: str = ""
    shows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Awaits:
    """Serving words of an entity none of whose live children of ``resource`` passed a review."""

    resource: str
    waiting: str
    refused: str


@dataclass(frozen=True, slots=True)
class Serving:
    """The serving-status words of a resource.

    ``states`` gives the word of each state of the entity itself. ``incomplete`` is the word of
    an entity that lacks live children: each row of ``needs`` names resources of which one must
    have a child. ``begins`` and ``ends`` are the dotted members that hold its first and last day,
    ``pending`` and ``ended`` the words before the one and after the other.
    """

    states: dict[str, str]
    by: str
    incomplete: str = ""
    needs: tuple[tuple[str, ...], ...] = ()
    begins: str = ""
    ends: str = ""
    awaits: Awaits | None = None
    pending: str = "PENDING_START_DATE"
    ended: str = "ENDED"


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource. ``name`` is also the name of its contract.

    ``parents`` run from the top. ``variant`` is the member whose value rules ask for
    (targeting type, expression type). ``fixed`` members keep their value on update, silently;
    ``sealed`` holds the values of ``variant`` whose entities cannot be archived by hand and
    whose ``variant_fixed`` members never change. ``blank_ignored`` are members for which an
    empty text means nothing was said. ``mirrors`` are pairs (member, computed copy). Items that
    are ``is_placed_by_lowest`` need to name only the lowest of their parents. ``copied`` are
    pairs (number of a parent, member) that a new entity takes from that parent. ``follows`` are
    defaults (member given, member, value) of a create that gives the one and not the other.
    ``written`` are pairs of dotted members (of what is handed in, of what is kept of it).
    """

    name: str
    serving: Serving
    parents: tuple[Parent, ...] = ()
    unique: Unique | None = None
    limits: tuple[Limit, ...] = ()
    rules: tuple[Rule, ...] = ()
    variant: str = ""
    offspring: tuple[Offspring, ...] = ()
    fixed: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()
    variant_fixed: tuple[str, ...] = ()
    blank_ignored: tuple[str, ...] = ()
    mirrors: tuple[tuple[str, str], ...] = ()
    is_placed_by_lowest: bool = False
    copied: tuple[tuple[int, str], ...] = ()
    review: Review | None = None
    follows: tuple[tuple[str, str, Any], ...] = ()
    written: tuple[tuple[str, str], ...] = ()
