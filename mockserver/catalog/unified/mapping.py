"""The model of a mapping: how entities of a native resource appear in the unified model.

Mappings are data: a row names its conversion, and ``services.unified`` implements it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from adsmock.mockserver.catalog.member_view import MemberRow


@dataclass(frozen=True, slots=True)
class ResourceMapping:
    """Entities of ``resource`` in the unified model.

    ``rows`` are read from left to right for records, from right to left for items. They use more
    conversions than a plain view: ``day`` (a date to a time; ``value`` is the time of day),
    ``moment`` (must be one), ``shown`` (read only), ``rows`` (an array, each member by the rows in
    ``value``), ``native_constant`` (only the native resource has ``value``), ``marketplace`` (that
    of the profile; ``value`` maps countries), ``id`` (a number here, text there), ``parent`` (the
    id of parent number ``value``), ``short_day`` (as ``day``, ``YYYYMMDD``), ``group`` (``value``:
    pairs of members, and the values of the first of them that make it this group), ``read_table``
    (a table, read only), ``within`` (the value of a part of that type, read only), ``if_present``
    (``value`` if the native member exists, unless something else was written), ``branch`` (see
    ``Branch``), ``product`` and ``parts`` (see ``Part``). Other members are extra fields.
    ``when`` are the values of a unified item that make it one of these, ``level`` the lowest
    parent it names; ``initial`` are native members of every new entity. ``live`` are two members:
    the newest approved version, and the newest version.
    ``derived`` is the parent's member that the first child sets (see ``DerivedField``).
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
    """A member of the top parent without a unified name, set by the first target below.

    ``values`` are the member's values by target type; ``copies`` are the resources below with the
    same member.
    """

    member: str
    values: dict[str, str]
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """One of several kinds of an object: ``member`` has it, shown by ``rows``.

    ``mark`` is the native member of the kind, and its value; ``needs`` are members of which one
    selects this kind rather than a later one of the same member.
    """

    member: str
    mark: tuple[str, str]
    rows: tuple[MemberRow, ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a native targeting expression: ``kind`` is its type.

    ``target`` is the unified target type, ``to`` the members of the details with its value (two
    for a range), ``constants`` the constant members of the details. ``form`` is the format of the
    value there: ``text``, ``number``, ``flag``, ``days`` or ``none``; the native value is always
    text. An ``outer`` part has the ``inner`` ones of its target type for its value.
    """

    kind: str
    target: str
    to: tuple[str, ...] = ()
    constants: dict[str, Any] = field(default_factory=dict)
    form: str = "text"
    native: str | None = None
    """The native value that the details express by ``constants``."""
    place: Literal["", "outer", "inner"] = ""
