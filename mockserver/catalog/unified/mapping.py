"""The form of a face: how entities of a native resource are shown and written in the unified model.

Knows the vocabulary of faces. Must not hold functions: a row names its conversion, and
``adsmock.mockserver.services.unified`` holds what the name does, ``forward`` and ``back``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from adsmock.mockserver.catalog.member_view import MemberRow


@dataclass(frozen=True, slots=True)
class ResourceMapping:
    """Entities of ``resource`` in the unified model.

    ``rows`` are read from left to right for records, from right to left for items; they say more
    conversions than a plain view: ``day`` (a day to a moment; ``value`` is the time of day),
    ``moment`` (must be one), ``shown`` (read only), ``rows`` (an array, each member by the rows in
    ``value``), ``said`` (``value`` belongs to the native side alone), ``home`` (the profile's
    marketplace; ``value`` maps countries), ``id`` (a number here, text there), ``parent`` (the id
    of parent number ``value``), ``short_day`` (as ``day``, ``YYYYMMDD``), ``group`` (``value``:
    pairs of members, and the values of the first of them that make it this group), ``told`` (a
    table, read only), ``within`` (the value of a part of that type, read only), ``beside``
    (``value`` where the native member is there, unless something else was written), ``branch`` (see
    ``Branch``), ``product`` and ``parts`` (see ``Part``). What no row writes is kept beside the
    entity as it was given.
    ``when`` are the values of a unified item that make it one of these, ``level`` the lowest
    parent it names; ``born`` the native members that every new one has. ``live`` are two members:
    one that shows of the newest version that passed its review what the other shows of the newest.
    ``turns`` says what the first one below a parent makes of it (see ``Turn``).
    """

    resource: str
    rows: tuple[MemberRow, ...]
    when: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    level: str = ""
    initial: dict[str, Any] = field(default_factory=dict)
    live: tuple[str, str] = ("", "")
    derived: DerivedField | None = None


@dataclass(frozen=True, slots=True)
class DerivedField:
    """A member of the uppermost parent that no unified item names: the first target below tells.

    ``values`` are the member's by target type, of those that turn it; ``copies`` are the resources
    below that have it too.
    """

    member: str
    values: dict[str, str]
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """One of several forms of an object: ``member`` holds it, shown by ``rows``.

    ``mark`` is the native member that tells the form, and its value; ``needs`` are members of
    which one makes an item this form rather than a later one of the same member.
    """

    member: str
    mark: tuple[str, str]
    rows: tuple[MemberRow, ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a native targeting expression: ``kind`` is its type.

    ``target`` is the unified target type, ``to`` the members of the details that hold its
    value (two for a range), ``says`` what the details say besides. ``form`` is how the value is
    written there: ``text``, ``number``, ``flag``, ``days`` or ``none``; the native value is always
    text. An ``outer`` part has the ``inner`` ones of its target type for its value.
    """

    kind: str
    target: str
    to: tuple[str, ...] = ()
    says: dict[str, Any] = field(default_factory=dict)
    form: str = "text"
    native: str | None = None
    """The native value that goes without saying, where the details name it by ``says``."""
    place: Literal["", "outer", "inner"] = ""
