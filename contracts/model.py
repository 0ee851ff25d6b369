"""Contracts as frozen values: what one contract file may say about the wire.

A Contract is one resource, an Operation one method on one path, a Field one member of an entity, a
Filter one selector of a list, a Rule one limit of an item, a Source the origin of a fact.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal

from adsmock.contracts.reply_row import ReplyRow

Status = Literal["documented", "observed", "assumed"]
"""Evidence of a fact: in Amazon's documents, seen on the wire, or chosen by this project."""

Presence = Literal["required", "optional", "absent"]
"""Whether a member appears in a create body, an update body or a read."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from."""

    status: Status
    source: str


@dataclass(frozen=True, slots=True)
class Field:
    """One member of an entity.

    ``type`` is one of ``id`` (a string on the wire that is also accepted as a number),
    ``int64`` (an id that is a JSON number and is also accepted as a string of digits),
    ``string``, ``integer``, ``number``, ``boolean``, ``date`` (``YYYY-MM-DD``), ``day``
    (``YYYYMMDD``), ``dateTime`` (ISO 8601), ``whole`` and ``decimal`` (numbers without
    a documented width), ``array`` (of ``items``), ``object`` (of ``fields``) or ``map`` (string to
    ``items``). ``others`` are alternative types of the value. ``nullable`` lists the directions
    that allow ``null``. ``enum`` holds the values a client may write; ``update_enum`` adds those
    that only updates accept, ``read_enum`` those that only reads return. ``default`` is the value
    of a create without the member; ``$today`` is the current date of the profile. A value beyond a
    limit here fails the whole request; limits that fail one item are ``Rule`` rows.
    """

    name: str
    type: str
    create: Presence = "absent"
    update: Presence = "absent"
    read: Presence = "optional"
    nullable: tuple[str, ...] = ()
    enum: tuple[str, ...] = ()
    update_enum: tuple[str, ...] = ()
    read_enum: tuple[str, ...] = ()
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    pattern: str | None = None
    items: Field | None = None
    fields: tuple[Field, ...] = ()
    others: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query, path or header parameter of an operation.

    ``type`` is ``string``, ``boolean``, ``integer``, ``int32``, ``int64`` or ``array``: text that
    is repeated, or between commas.
    """

    name: str
    place: Literal["query", "path", "header"]
    type: str
    required: bool = False
    enum: tuple[str, ...] = ()
    default: str | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an operation's bodies: the media types that name it, and its forms."""

    reply: str
    gives: str
    request: str = ""
    takes: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path.

    ``id`` is ``<contract>.<verb>`` and names the route, the fault target, the journal entry,
    the quota row, the Locust row and the test. ``request`` and ``reply`` are media types
    (empty when there is no body). ``quota`` names a class of ``quotas.json``; ``weight`` is
    the cost of one call there, ``extended_weight`` its cost with extended data. ``client`` says
    whether a call carries a bearer token and the client id header, ``scope`` whether it names a
    profile, ``prefer`` whether it obeys the Prefer header. ``maximum`` limits its batch where the
    contract's limit does not apply.
    """

    id: str
    verb: str
    method: str
    path: str
    request: str
    reply: str
    success: int
    statuses: tuple[int, ...]
    quota: str
    weight: int = 1
    extended_weight: int = 1
    client: bool = True
    scope: bool = True
    prefer: bool = False
    parameters: tuple[Parameter, ...] = ()
    accepts: tuple[str, ...] = ()
    """Further request media types that the real service accepts, lower case."""
    replies: tuple[str, ...] = ()
    """Further reply media types; ``Accept`` selects one."""
    kind: str = ""
    """The row of ``Contract.extra["kinds"]`` that this operation creates, if any."""
    extended: bool = False
    """Whether this operation always returns the extended members."""
    product: str = ""
    """The ad product in the body that selects this operation, where operations share a route."""
    maximum: int | None = None
    client_header: str = "Amazon-Advertising-API-ClientId"
    takes: str = ""
    gives: str = ""
    """The rows of ``Contract.forms`` that describe its complete request and reply, if any."""
    whole: bool = False
    """Whether a success row holds the complete entity without a request for it."""
    dialect: str = ""
    """The dialect of its errors, where it differs from that of its contract."""
    versions: tuple[Version, ...] = ()
    """Versions of the bodies by media type; the first answers a call that names none."""
    answers: str = ""
    """The Content-Type that the service was seen to answer with, whatever ``reply`` says."""
    also_accepts: tuple[str, ...] = ()
    """Media types that the service was seen to accept in Accept, besides those it documents."""
    headers: str = ""
    """The header set of ``gateway.json``, where it differs from that of its contract."""
    seen_success: int | None = None
    """The status of a success that the service was seen to answer, whatever ``success`` says."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One selector of a list body.

    ``kind``: ``include`` (``{"include": [...]}``), ``text`` (``include`` plus
    ``queryTermMatchType`` BROAD_MATCH or EXACT_MATCH), ``values`` (an array), ``value`` (a scalar),
    ``comma`` (values between commas, in a query) or ``typed`` (a row of ``filters``:
    ``{"filterType": name, "values": [...]}``). ``default`` holds the values of a query without the
    selector. ``field`` is the member it compares, dotted into arrays and objects (empty: the
    selector is accepted and ignored). A first segment ``^campaignId`` reads the member of that
    parent. Of several members between commas one must match.
    """

    name: str
    kind: Literal["include", "text", "values", "value", "comma", "typed"]
    field: str
    type: str = "string"
    enum: tuple[str, ...] = ()
    min_items: int | None = None
    max_items: int | None = None
    match_required: bool = False
    default: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """How a list is paged: names of size, token and total, and the largest page.

    ``default`` is the page size of a request without one. ``start`` is the query parameter that
    skips rows, where pages have no tokens; without a ``key`` the rows are the complete body.
    """

    maximum: int
    size: str = "maxResults"
    token: str = "nextToken"
    total: str | None = "totalResults"
    key: str = ""
    start: str = ""
    default: int | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """The names of the id of a resource.

    ``field`` on the entity and in updates, ``success`` in a 207, ``selector`` in the filter of
    deletes and lists.
    """

    field: str
    success: str
    selector: str
    type: str = "id"


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit of an item: an item beyond it fails, the request does not.

    ``check``: ``length`` (``minimum`` to ``maximum`` characters), ``words`` (at most
    ``maximum``), ``pattern`` (a regular expression that the complete value matches), ``market``
    (within ``limit`` of the profile's marketplace or account type) or ``one_of``
    (exactly one of the comma separated members). ``field`` is dotted; missing and null
    values are not checked. ``account`` limits the rule to ``seller`` or ``vendor``, ``when``
    to items whose member has one of the values. ``message_above`` words an amount above its
    limit, if that differs. A refusal that ``is_bare`` names neither its place nor the limits.
    """

    field: str
    check: Literal["length", "words", "pattern", "market", "one_of"]
    error: str
    reason: str
    message: str
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    limit: str | None = None
    account: str = ""
    when: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    message_above: str = ""
    is_bare: bool = False


OTHER_ERROR = "otherError"
"""The item error of a family with few kinds, for everything without a kind."""


@dataclass(frozen=True, slots=True)
class Contract:
    """One resource or family of operations on the wire.

    ``shape`` names the form of a batch reply: ``keyed`` is ``{envelope: {"error": [], "success":
    []}}``, ``unified`` the same without the envelope, ``array`` one ``row`` for each item of a
    bare array, in its order, ``split`` flat rows in two arrays. ``representation`` is the key of
    the entity in a success row, ``entity_type`` its name in item errors, ``label`` its name in
    message texts, ``noun`` in a sentence. ``selectors`` are the item error kinds of writes,
    ``list_selectors`` those of a refused list. The text of a duplicate names ``named_members``.
    """

    name: str
    title: str
    family: str
    dialect: str
    operations: tuple[Operation, ...]
    document: str = ""
    headers: str = ""
    """The header set of its replies, a row of ``gateway.json``; empty for the usual one."""
    shape: str = ""
    envelope: str = ""
    representation: str = ""
    bad_id: str = ""
    """The text that refuses a list by an id that is no number; without it nothing is found."""
    coerces: bool = False
    """Whether text is taken where a body's number or boolean is documented."""
    brief: tuple[str, ...] = ()
    """Members that a success row of a create or update shows where no entity was asked for."""
    entity_type: str = ""
    label: str = ""
    noun: str = ""
    identity: Identity | None = None
    batch_maximum: int | None = None
    batch_minimum: int | None = None
    row: ReplyRow | None = None
    fields: tuple[Field, ...] = ()
    extended: tuple[Field, ...] = ()
    filters: tuple[Filter, ...] = ()
    page: Page | None = None
    selectors: tuple[str, ...] = ()
    list_selectors: tuple[str, ...] = ()
    named_members: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    item_codes: dict[str, str] = field(default_factory=dict)
    """The codes of refused items, copied from ``Dialect.items``.

    With codes, kinds that are no selector become ``otherError``, and reasons are free text."""
    forms: dict[str, Any] = field(default_factory=dict)
    forms_file: str = ""
    """The file that holds the forms instead, read at the first use of one of them."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Parts that one family alone has, checked by its own meta-schema (export records)."""

    def item_error_names(self, kind: str, selectors: tuple[str, ...]) -> tuple[str, str]:
        """Return the type of an item error of ``kind`` and its key in the error value."""
        if not self.item_codes:
            return kind, kind
        return self.item_code(kind), kind if kind in selectors else OTHER_ERROR

    def item_code(self, kind: str, reason: str = "") -> str:
        """Return the family's own code of a refused item; empty without one."""
        codes = self.item_codes
        return codes.get(f"{kind}.{reason}") or codes.get(kind) or codes.get("*", "")
