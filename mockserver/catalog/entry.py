"""The form of a catalog entry: what a resource is, beyond its shape on the wire.

Knows the vocabulary of entries. Must not hold functions: a rule names its check, and
``mockserver.services.rules`` holds what the name does.
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

    ``check`` names a function of ``mockserver.services.rules``, ``settings`` are its own.
    """

    check: str
    by: str
    settings: dict[str, Any] = field(default_factory=dict)
    verbs: tuple[str, ...] = ("create", "update")
    accounts: tuple[AccountKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Offspring:
    """What is created along with an entity.

    Made when the entity's parent number ``parent`` has ``variant``: one entity of ``resource``
    for each of ``items``. ``inherits`` names the members copied from the entity.
    """

    resource: str
    parent: int
    variant: str
    inherits: tuple[str, ...]
    items: tuple[dict[str, Any], ...]
    by: str


@dataclass(frozen=True, slots=True)
class Serving:
    """The serving-status words of a resource.

    ``states`` gives the word of each state of the entity itself. ``incomplete`` is the word of
    an entity that lacks live children: each row of ``needs`` names resources of which one must
    have a child. ``begins`` and ``ends`` are the members that hold its first and last day.
    """

    states: dict[str, str]
    by: str
    incomplete: str = ""
    needs: tuple[tuple[str, ...], ...] = ()
    begins: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource. ``name`` is also the name of its contract.

    ``parents`` run from the top. ``variant`` is the member whose value rules ask for
    (targeting type, expression type). ``fixed`` members keep their value on update, silently;
    ``sealed`` holds the values of ``variant`` whose entities cannot be archived by hand and
    whose ``variant_fixed`` members never change. ``blank_ignored`` are members for which an
    empty text means nothing was said. ``mirrors`` are pairs (member, computed copy). Items that
    are ``is_placed_by_lowest`` need to name only the lowest of their parents. ``copied`` are
    pairs (number of a parent, member) that a new entity takes from that parent.
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
