"""The form of a contract: what one file may say about the wire, as frozen values.

Knows the vocabulary of contract files. Must not know any resource, any behaviour, HTTP
libraries, or where the files lie (that is ``adsmock.contracts.loader``).

A Contract is one resource, an Operation one method on one path, a Field one member of an entity, a
Filter one selector of a list, a Rule one limit of an item, a Source where a fact comes from.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal

from adsmock.contracts.difference import Difference
from adsmock.contracts.media_versions import Version
from adsmock.contracts.reply_row import ReplyRow

Status = Literal["documented", "observed", "assumed"]
"""How sure a fact is: in Amazon's documents, seen on the wire, or our choice."""

Presence = Literal["required", "optional", "absent"]
"""Whether a member appears in one direction: create body, update body or read."""


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
    (``YYYYMMDD``), ``dateTime`` (ISO 8601), ``whole`` and ``decimal`` (numbers of which the
    document tells no width), ``array`` (of ``items``), ``object`` (of
    ``fields``) or ``map`` (string to ``items``). ``others`` are further forms a value may have.
    ``nullable`` lists the directions in which ``null`` is lawful. ``enum`` holds the values a
    client may write, ``update_enum`` further ones that only updates take, ``read_enum``
    further ones that only reads show. ``default`` is what a create without the member gets;
    ``$today`` is the profile's present date. Limits here reject the whole request; limits
    that fail a single item are ``Rule`` rows.
    """

    name: str
    type: str
    by: str
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

    ``type`` is ``string``, ``boolean``, ``integer``, ``int32`` or ``int64``.
    """

    name: str
    place: Literal["query", "path", "header"]
    type: str
    by: str
    required: bool = False
    enum: tuple[str, ...] = ()
    default: str | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path.

    ``id`` is ``<contract>.<verb>`` and names the route, the fault target, the journal entry,
    the quota row, the Locust row and the test. ``request`` and ``reply`` are media types
    (empty when there is no body). ``quota`` names a class of ``quotas.json``; ``weight`` is
    what one call costs there, ``extended_weight`` what it costs with extended data. ``client``
    tells whether a call carries a bearer token and the client id header, ``scope`` whether it names
    a profile, ``prefer`` whether it honours that header; ``maximum`` bounds a batch of its own.
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
    by: str
    weight: int = 1
    extended_weight: int = 1
    client: bool = True
    scope: bool = True
    prefer: bool = False
    parameters: tuple[Parameter, ...] = ()
    accepts: tuple[str, ...] = ()
    """Further request media types that the real service takes, lower case."""
    replies: tuple[str, ...] = ()
    """Further reply media types: the one that ``Accept`` names is answered."""
    kind: str = ""
    """The row of ``Contract.extra["kinds"]`` that this operation works on, if any."""
    extended: bool = False
    """Whether this operation always shows the extended members."""
    product: str = ""
    """Where operations share a route: the ad product that a body must speak of to mean this."""
    maximum: int | None = None
    client_header: str = "Amazon-Advertising-API-ClientId"
    takes: str = ""
    gives: str = ""
    """The rows of ``Contract.forms`` that are its whole request and reply, if any."""
    whole: bool = False
    """Whether what was done is answered with whole entities though nobody asked for them."""
    dialect: str = ""
    """How it words refusals, where not as its contract does."""
    versions: tuple[Version, ...] = ()
    """Where media types name versions of the bodies, the first for who names none."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One selector of a list body.

    ``kind``: ``include`` (``{"include": [...]}``), ``text`` (``include`` plus
    ``queryTermMatchType`` BROAD_MATCH or EXACT_MATCH), ``values`` (an array), ``value`` (a scalar),
    ``comma`` (values between commas, in a query) or ``typed`` (a row of ``filters``:
    ``{"filterType": name, "values": [...]}``). ``default`` is what a query without the selector
    asks for. ``field`` is the member it compares, dotted into arrays and objects (empty: it is
    taken and selects nothing); a first segment ``^campaignId`` looks the value up on that parent;
    of several members between commas one must agree.
    """

    name: str
    kind: Literal["include", "text", "values", "value", "comma", "typed"]
    field: str
    by: str
    type: str = "string"
    enum: tuple[str, ...] = ()
    min_items: int | None = None
    max_items: int | None = None
    match_required: bool = False
    default: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """How a list is cut: names of size, token and total, and the largest page.

    ``default`` is the size where none is asked for. ``start`` is the query parameter that skips
    rows, where pages have no tokens; without a ``key`` the rows are the whole body.
    """

    maximum: int
    by: str
    size: str = "maxResults"
    token: str = "nextToken"
    total: str | None = "totalResults"
    key: str = ""
    start: str = ""
    default: int | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """The names one id goes by.

    ``field`` on the entity and in updates, ``success`` in a 207, ``selector`` the filter that
    deletes and lists by id.
    """

    field: str
    success: str
    selector: str
    by: str
    type: str = "id"


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit whose breach fails the item, not the request.

    ``check``: ``length`` (``minimum`` to ``maximum`` characters), ``words`` (at most
    ``maximum``), ``pattern`` (a regular expression that the whole value matches), ``market``
    (between the bounds of ``limit`` in the profile's marketplace, or its account's) or ``one_of``
    (exactly one of the comma separated members). ``field`` is dotted; a missing or null
    value is not checked. ``account`` limits the rule to ``seller`` or ``vendor``, ``when``
    to items whose member has one of the values.
    """

    field: str
    check: Literal["length", "words", "pattern", "market", "one_of"]
    error: str
    reason: str
    message: str
    by: str
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    limit: str | None = None
    account: str = ""
    when: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fact:
    """One imitated behaviour that no field or operation can hold: an id, a sentence, a source."""

    id: str
    says: str
    by: str


REST = "otherError"
"""How a family with few kinds of item errors calls those it has no kind for."""


@dataclass(frozen=True, slots=True)
class Contract:
    """One resource or family of operations on the wire.

    ``shape`` says how a batch is answered: ``keyed`` is ``{envelope: {"error": [], "success":
    []}}``, ``unified`` the same without the envelope, ``array`` one ``row`` for each item of a
    bare array, in its order, ``split`` flat rows in two arrays. ``representation`` is the key of
    the entity in a success row, ``entity_type`` its name in item errors, ``label`` its name in
    message texts, ``noun`` in a sentence. ``selectors`` are the item error kinds of writes,
    ``list_selectors`` those of a refused list. ``named_members`` are what a duplicate's text names.
    """

    name: str
    title: str
    family: str
    dialect: str
    sources: dict[str, Source]
    operations: tuple[Operation, ...]
    document: str = ""
    shape: str = ""
    envelope: str = ""
    representation: str = ""
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
    facts: tuple[Fact, ...] = ()
    differences: tuple[Difference, ...] = ()
    item_codes: dict[str, str] = field(default_factory=dict)
    """The codes of refused items that the dialect has (``Dialect.items``), filled in from there.

    With codes, kinds that are no selector are told as ``otherError``, and reasons are free text."""
    forms: dict[str, Any] = field(default_factory=dict)
    sheet: str = ""
    """The file that holds the forms instead, read when somebody first asks for one."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Parts that one family alone has, checked by its own meta-schema (export records)."""

    def told(self, kind: str, selectors: tuple[str, ...]) -> tuple[str, str]:
        """Return what an item error of ``kind`` is called: its type, and its place in the value."""
        if not self.item_codes:
            return kind, kind
        return self.code_of(kind), kind if kind in selectors else REST

    def code_of(self, kind: str, reason: str = "") -> str:
        """Return the family's own code of a refused item, empty where it has none."""
        codes = self.item_codes
        return codes.get(f"{kind}.{reason}") or codes.get(kind) or codes.get("*", "")
