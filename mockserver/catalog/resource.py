"""The model of a catalog entry: what a resource is, beyond its shape on the wire.

Entries are data: a rule names its check, and ``mockserver.services.validation`` implements it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

AccountKind = Literal["seller", "vendor"]


@dataclass(frozen=True, slots=True)
class Parent:
    """An entity that must exist and be live before a child can: its member and resource."""

    member: str
    resource: str


@dataclass(frozen=True, slots=True)
class Unique:
    """What no two live entities may share.

    ``fields`` are members of the entity (an array is compared without regard to order); of members
    between bars the first that the entity has counts;
    ``location`` the member a refusal points at; ``accounts`` limits the rule to some kinds of
    account, empty means all.
    """

    fields: tuple[str, ...]
    location: str
    by: str
    accounts: tuple[AccountKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """The most live entities of the account, or under parent number ``parent``."""

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


@dataclass(frozen=True, slots=True)
class Offspring:
    """What is created along with an entity.

    One entity of ``resource`` for each of ``items``. With ``variant`` or ``holds`` (an array member
    and a value in it), only if the entity's parent number ``parent`` has them. ``inherits`` names
    the members copied from the entity; ``transcribes`` are pairs of dotted members (of the entity,
    of the new one).
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
    """How long reviews take, how many pass, and the words of their status.

    A review takes between ``fastest`` and ``slowest`` seconds; the share ``passes`` passes.
    ``stages`` are pairs of a share of that time and the word from then on; ``refused`` is the word
    of a failed review.
    """

    fastest: float
    slowest: float
    passes: float
    stages: tuple[tuple[float, str], ...]
    refused: str
    by: str


@dataclass(frozen=True, slots=True)
class Review:
    """What is reviewed before it serves, and which members show it.

    ``of`` is the resource whose newest child is reviewed, empty for the entity itself. ``member``
    has the shown members, empty for the entity itself: ``status`` shows the stage, ``version`` the
    reviewed version. ``waiting`` and ``refused`` are serving words; ``shows`` are pairs of dotted
    members (of the child, of the entity) that the entity shows.
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
    """Serving words of an entity without a live child of ``resource`` that passed its review."""

    resource: str
    waiting: str
    refused: str


@dataclass(frozen=True, slots=True)
class Serving:
    """The serving-status words of a resource.

    ``states`` gives the word of each state of the entity itself. ``incomplete`` is the word of an
    entity that lacks live children: each row of ``needs`` names resources of which one must have a
    child. ``begins`` and ``ends`` are the dotted members of its first and last day, ``pending`` and
    ``ended`` the words before and after them.
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
    holder: Parent | None = None
    """An entity that the entity may name, whose own problems keep it from serving too."""


@dataclass(frozen=True, slots=True)
class MergedList:
    """A list that an update merges: ``inner`` of the object ``member``, by the member ``key``.

    An entry whose ``amount`` is 0 is removed.
    """

    member: str
    inner: str
    key: str
    amount: str
    by: str


@dataclass(frozen=True, slots=True)
class Identified:
    """A member that the service fills in from another: the ASIN of a seller's SKU."""

    member: str
    given: str
    by: str


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource. ``name`` is also the name of its contract.

    ``parents`` run from the top. ``variant`` is the member whose value rules use
    (targeting type, expression type). ``fixed`` members keep their value on update, silently;
    ``locked`` holds the values of ``variant`` whose entities clients cannot archive and
    whose ``variant_fixed`` members never change. ``blank_ignored`` are members for which an
    empty text counts as missing. ``mirrors`` are pairs (member, computed copy). Items that
    are ``is_placed_by_lowest`` need to name only the lowest of their parents. ``copied`` are
    pairs (number of a parent, member) that a new entity takes from that parent. ``follows`` are
    defaults (given member, member, value) of a create that has the first and not the second.
    ``written`` are pairs of dotted members (of the request, of the stored entity).
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
    locked: tuple[str, ...] = ()
    variant_fixed: tuple[str, ...] = ()
    blank_ignored: tuple[str, ...] = ()
    mirrors: tuple[tuple[str, str], ...] = ()
    is_placed_by_lowest: bool = False
    copied: tuple[tuple[int, str], ...] = ()
    review: Review | None = None
    follows: tuple[tuple[str, str, Any], ...] = ()
    written: tuple[tuple[str, str], ...] = ()
    merged_lists: tuple[MergedList, ...] = ()
    identified: Identified | None = None
