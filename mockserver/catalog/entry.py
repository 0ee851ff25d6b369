"""The form of a catalog entry: what a resource is, beyond its shape on the wire.

Knows the vocabulary of entries. Must not hold functions: a rule names its check, and
``mockserver.services.rules`` holds what the name does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Parent:
    """An entity that must exist and live before a child can: the member naming it, its resource."""

    member: str
    resource: str


@dataclass(frozen=True, slots=True)
class Unique:
    """What no two live entities may share.

    ``fields`` are members (dotted into objects); ``account_kinds`` limits the rule to sellers
    or vendors; ``message`` names the text template in the contract.
    """

    fields: tuple[str, ...]
    location: str
    account_kinds: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many live entities there may be: in the account, or under one parent."""

    maximum: int
    scope: str
    parent: int | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One business check of an item: the name of the check, the member, its settings."""

    check: str
    member: str
    settings: dict[str, Any] = field(default_factory=dict)
    verbs: tuple[str, ...] = ("create", "update")


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource. ``name`` is also the name of its contract.

    ``parents`` run from the top. ``defaults`` are added on create. ``variant`` is the member
    whose value rules ask for (targeting type, expression type). ``offspring`` names what is
    created along with an entity. ``fixed`` members keep their value on update, silently.
    """

    name: str
    parents: tuple[Parent, ...] = ()
    unique: Unique | None = None
    limits: tuple[Limit, ...] = ()
    rules: tuple[Rule, ...] = ()
    defaults: dict[str, Any] = field(default_factory=dict)
    variant: str = ""
    offspring: str = ""
    fixed: tuple[str, ...] = ()
    serving: str = ""
    """The serving-status vocabulary: prefix of the resource's own states."""
