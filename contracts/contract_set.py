"""The form of the shared tables: regions, marketplaces, dialects, quotas, deprecations and more.

Knows what one row of each table may say, and the catalogue that holds everything loaded.
Must not know where the files lie (``adsmock.contracts.loader``) or what a row is used for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from adsmock.contracts.model import Contract, Fact, Field, Operation, Source


@dataclass(frozen=True, slots=True)
class Region:
    """One host group with its own data."""

    id: str
    ads_host: str
    lwa_host: str
    storage_host: str
    by: str
    storage_by: str
    marketplaces: tuple[str, ...] = ()
    """Country codes, filled in from the marketplaces that name this region."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The lawful bounds of an amount in local currency, both included."""

    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One country: its region, money, time zone and amount limits.

    ``limits`` keys are ``<family>.<amount>``, for example ``sp.bid`` or ``sd.budget.vendor``;
    ``defaults`` are the amounts that a create without the member gets.
    """

    country: str
    region: str
    currency: str
    timezone: str
    marketplace_id: str
    by: str
    id_by: str
    limits_by: str
    limits: dict[str, Limits]
    defaults: dict[str, float] = field(default_factory=dict)
    doubtful: tuple[str, ...] = ()
    """Limits that the documents state oddly and that are kept as stated."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """How one kind of refusal is answered: everything but the values of this call."""

    status: int
    content_type: str
    code: str
    message: str
    body: Any
    headers: dict[str, str]


OWN_TYPE = "$reply"
"""The content type of a dialect whose refusals have the type that the operation answers with."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one API family words its refusals.

    ``body`` is a template with ``$code``, ``$message`` and ``$requestId``; a string body is
    sent as it is after the same replacements. A ``content_type`` of ``$reply`` is the type that
    the operation answers with. ``codes`` and ``messages`` are keyed by the
    kind of refusal. ``bodies`` replaces ``body`` for a kind, ``via`` hands a kind over to
    another dialect (what answers there is not the family but the gateway before it).
    """

    name: str
    content_type: str
    body: Any
    codes: dict[str, str]
    messages: dict[str, str]
    by: str
    headers: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)
    via: dict[str, str] = field(default_factory=dict)
    kinds_by: dict[str, str] = field(default_factory=dict)
    """The source of a kind's wording where it differs from the dialect's own."""
    items: dict[str, str] = field(default_factory=dict)
    """The code of a refused item, where items have codes of the family's own: by kind of item
    error, by ``kind.REASON`` where the reason tells more, and by ``*`` for every other."""
    items_by: str = ""


@dataclass(frozen=True, slots=True)
class QuotaTier:
    """The part of a quota that is left from so many waiting jobs of a region on."""

    jobs: int
    share: float
    by: str


@dataclass(frozen=True, slots=True)
class Quota:
    """One throttling class: tokens per second, tokens at most, and whether a 429 says when.

    ``tiers`` tighten it with the length of the region's queue.
    """

    name: str
    rate: float
    burst: float
    retry_after: Literal["always", "never"]
    by: str
    retry_after_by: str
    tiers: tuple[QuotaTier, ...] = ()


@dataclass(frozen=True, slots=True)
class Deprecation:
    """One row of the deprecation calendar and what its paths answer from ``shut_off`` on.

    ``paths`` are templates (``{id}`` is one segment), with a method in front where only that
    method is affected. With ``media_types`` only those versions of the paths are gone. Rows
    without paths (a host, a file format) answer nothing here.
    """

    id: str
    family: str
    title: str
    announced: str
    shut_off: str
    replacement: str
    by: str
    paths: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    status: int | None = None
    dialect: str = ""
    kind: str = ""
    message: str | None = None
    answer_by: str = ""


@dataclass(frozen=True, slots=True)
class ItemError:
    """One kind of item error of a 207.

    ``fields`` are the members beside ``reason``, ``message`` and ``cause``; ``messages`` are
    text templates by reason, with ``{label}`` and the names of members in braces; ``selectors``
    are the contracts whose writes may show this kind.
    """

    name: str
    reasons: tuple[str, ...]
    by: str
    fields: tuple[Field, ...] = ()
    messages: dict[str, str] = field(default_factory=dict)
    messages_by: dict[str, str] = field(default_factory=dict)
    reasons_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reasons_by: dict[str, str] = field(default_factory=dict)
    """The reasons of a type of entity that has others, and their source."""
    selectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LwaError:
    """One refusal of the token endpoint."""

    status: int
    error: str
    description: str
    by: str


@dataclass(frozen=True, slots=True)
class Lwa:
    """Login with Amazon: path, lifetimes in seconds (``None`` is for ever), headers, refusals."""

    path: str
    dialect: str
    access_lifetime: int
    refresh_lifetime: int | None
    code_lifetime: int
    by: str
    headers: dict[str, str]
    errors: dict[str, LwaError]


@dataclass(frozen=True, slots=True)
class Omission:
    """Operations of one of Amazon's documents that no contract describes, and why."""

    document: str
    where: str
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class ContractSet:
    """Everything the contract files say, by name.

    ``kinds`` gives the HTTP status of each kind of refusal; the first kind of a status is its
    general one. ``sources`` are the sources of each shared table, by file name.
    """

    by_name: dict[str, Contract]
    operations: dict[str, Operation]
    regions: dict[str, Region]
    marketplaces: dict[str, Marketplace]
    dialects: dict[str, Dialect]
    kinds: dict[str, int]
    quotas: dict[str, Quota]
    deprecations: tuple[Deprecation, ...]
    item_errors: dict[str, ItemError]
    lwa: Lwa
    omissions: tuple[Omission, ...]
    facts: tuple[Fact, ...]
    sources: dict[str, dict[str, Source]]

    def refusal(self, dialect: str, kind: str) -> Refusal:
        """Return the wording of ``kind`` in ``dialect``, handed over by ``via``.

        Raises:
            KeyError: the dialect or the kind is unknown.
        """
        row = self._speaker(dialect, kind)
        status = self.kinds[kind]
        return Refusal(
            status=status,
            content_type=row.content_type,
            code=row.codes.get(kind, str(status)),
            message=row.messages.get(kind, ""),
            body=row.bodies.get(kind, row.body),
            headers=row.headers,
        )

    def words(self, dialect: str, kind: str) -> bool:
        """Tell whether ``dialect`` has a text for ``kind``; what it lacks it never says."""
        return kind in self._speaker(dialect, kind).messages

    def _speaker(self, dialect: str, kind: str) -> Dialect:
        row = self.dialects[dialect]
        return self.dialects[row.via[kind]] if kind in row.via else row

    def kind_of(self, status: int) -> str:
        """Return the general kind of refusal of an HTTP status.

        Raises:
            KeyError: no kind has that status.
        """
        for kind, value in self.kinds.items():
            if value == status:
                return kind
        raise KeyError(status)

    def contract_of(self, operation: str) -> Contract:
        """Return the contract that an operation id belongs to.

        Raises:
            KeyError: no contract has that operation.
        """
        for contract in self.by_name.values():
            if any(row.id == operation for row in contract.operations):
                return contract
        raise KeyError(operation)
