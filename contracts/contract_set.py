"""Rows of the shared tables, and the set that holds every loaded contract and table.

The tables are regions, marketplaces, dialects, quotas, deprecations, item errors and more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from adsmock.contracts.model import Contract, Field, Operation


@dataclass(frozen=True, slots=True)
class Region:
    """One host group with its own data."""

    id: str
    ads_host: str
    lwa_host: str
    storage_host: str
    report_host: str
    """Where files of reports are; those of exports are on ``storage_host``."""
    aws_region: str
    """The AWS region of the destinations of Marketing Stream."""
    marketplaces: tuple[str, ...] = ()
    """Country codes, filled in from the marketplaces that name this region."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The allowed range of an amount in local currency, bounds included."""

    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One country: its region, money, time zone and amount limits.

    ``limits`` keys are ``<family>.<amount>``, for example ``sp.bid`` or ``sd.budget.vendor``;
    ``defaults`` are the amounts of a create without the member. ``decimals`` are those of the
    currency's minor unit, as ISO 4217 lists it.
    """

    country: str
    region: str
    currency: str
    timezone: str
    marketplace_id: str
    limits: dict[str, Limits]
    defaults: dict[str, float] = field(default_factory=dict)
    decimals: int = 2
    doubtful: tuple[str, ...] = ()
    """Limits that look wrong in the documents and are kept as stated there."""

    @property
    def price_level(self) -> float:
        """Units of the currency that buy about what one US dollar does.

        It is the least daily budget of a campaign, which is one dollar in the US (assumed).
        """
        return self.limits["sp.budget"].minimum

    @property
    def minor(self) -> int:
        """Minor units of the currency in one unit: 100, or 1 for the yen."""
        return int(10**self.decimals)

    def rounded(self, amount: float) -> float:
        """Return an amount with the decimals of the currency."""
        return round(amount, self.decimals) if self.decimals else round(amount)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reply to one kind of refusal, without the values of a call."""

    status: int
    content_type: str
    code: str
    message: str
    body: Any
    headers: dict[str, str]


OWN_TYPE = "$reply"
"""Content type of a dialect whose refusals have the reply type of the operation."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """The error format of one API family.

    ``body`` is a template with ``$code``, ``$message`` and ``$requestId``; a string body is
    sent as text after the same replacements. A ``content_type`` of ``$reply`` is the reply type
    of the operation. ``codes`` and ``messages`` are keyed by the kind of refusal. ``bodies``
    replaces ``body`` for a kind; ``via`` names another dialect for a kind, because the gateway
    answers it and not the family.
    """

    name: str
    content_type: str
    body: Any
    codes: dict[str, str]
    messages: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)
    via: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    """The family's own codes of refused items: by kind of item error, by ``kind.REASON`` where the
    reason decides, and by ``*`` for all others."""


@dataclass(frozen=True, slots=True)
class QuotaTier:
    """The share of a quota that remains once ``jobs`` jobs of a region are waiting."""

    jobs: int
    share: float


@dataclass(frozen=True, slots=True)
class Quota:
    """One throttling class: tokens per second, most tokens, and whether a 429 has Retry-After.

    ``tiers`` reduce it as the queue of the region grows.
    """

    name: str
    rate: float
    burst: float
    retry_after: Literal["always", "never"]
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
    paths: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    status: int | None = None
    dialect: str = ""
    kind: str = ""
    message: str | None = None


@dataclass(frozen=True, slots=True)
class ItemError:
    """One kind of item error of a 207.

    ``fields`` are the members besides ``reason``, ``message`` and ``cause``; ``messages`` are
    text templates by reason, with ``{label}`` and the names of members in braces; ``selectors``
    are the contracts whose writes can return this kind.
    """

    name: str
    reasons: tuple[str, ...]
    fields: tuple[Field, ...] = ()
    messages: dict[str, str] = field(default_factory=dict)
    reasons_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The reasons of entity types that differ."""
    selectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LwaError:
    """One refusal of the token endpoint."""

    status: int
    error: str
    description: str


@dataclass(frozen=True, slots=True)
class Lwa:
    """Login with Amazon: path, lifetimes in seconds (``None``: no expiry), refusals."""

    path: str
    dialect: str
    access_lifetime: int
    refresh_lifetime: int | None
    code_lifetime: int
    errors: dict[str, LwaError]


@dataclass(frozen=True, slots=True)
class HeaderSet:
    """Headers that one kind of service adds to its replies, with blanks for what varies.

    ``{code}`` and ``{serviceCode}`` are 20 capitals and digits, ``{request}`` and ``{service}``
    UUIDs, ``{gateway}`` and ``{trace}`` ids of API Gateway, ``{length}`` the size of the body,
    ``{date}`` the time, ``{media}`` the documented media type. ``identified`` is the id that a
    client knows the call by.
    """

    name: str
    headers: dict[str, str]
    identified: Literal["request", "code"] = "request"


@dataclass(frozen=True, slots=True)
class Gateway:
    """What the gateway in front of all families adds to replies.

    ``headers`` are on every reply, ``default`` is the header set of a contract that names none.
    Bodies of ``compress_from`` bytes are compressed if the client accepts that.
    """

    headers: dict[str, str]
    default: str
    compress_from: int
    sets: dict[str, HeaderSet] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContractSet:
    """Everything the contract files say, by name.

    ``kinds`` gives the HTTP status of each kind of refusal; the first kind of a status is its
    general one.
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
    gateway: Gateway

    def refusal(self, dialect: str, kind: str) -> Refusal:
        """Return the reply to ``kind`` in ``dialect``, or in the dialect that ``via`` names.

        Raises:
            KeyError: the dialect or the kind is unknown.
        """
        row = self._dialect_of(dialect, kind)
        status = self.kinds[kind]
        return Refusal(
            status=status,
            content_type=row.content_type,
            code=row.codes.get(kind, str(status)),
            message=row.messages.get(kind, ""),
            body=row.bodies.get(kind, row.body),
            headers=row.headers,
        )

    def has_text(self, dialect: str, kind: str) -> bool:
        """Return whether ``dialect`` has a text for ``kind``; without one it never sends it."""
        return kind in self._dialect_of(dialect, kind).messages

    def _dialect_of(self, dialect: str, kind: str) -> Dialect:
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
        """Return the contract of an operation id.

        Raises:
            KeyError: no contract has that operation.
        """
        for contract in self.by_name.values():
            if any(row.id == operation for row in contract.operations):
                return contract
        raise KeyError(operation)
