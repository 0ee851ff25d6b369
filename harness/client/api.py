"""The facts about the Ads API that the client needs, read from ``api.json`` in this folder.

The file is generated from the contracts of adsmock, so that this folder can be copied without them.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from .errors import Misuse


@dataclass(frozen=True, slots=True)
class Extended:
    """A body member that makes a call cost more in its quota, and the cost.

    Source: rate-limiting page, lists with extended data weigh five (documented).
    """

    member: str
    values: tuple[Any, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path. ``request`` and ``reply`` are media types, empty without a body.

    ``job_id`` names the member that holds the id of a job, for operations on exports and reports.
    """

    id: str
    verb: str
    method: str
    path: str
    success: int
    quota: str
    request: str = ""
    reply: str = ""
    scope: bool = True
    path_parameters: tuple[str, ...] = ()
    job_id: str = ""
    weight: int = 1
    extended: Extended | None = None

    def weight_of(self, body: Any) -> int:
        """Return what a call with this body costs in its quota."""
        rule = self.extended
        if rule is None or not isinstance(body, dict):
            return self.weight
        return rule.weight if body.get(rule.member) in rule.values else self.weight


@dataclass(frozen=True, slots=True)
class Identity:
    """The names of an entity's id: in the entity, in a reply row, and as a filter."""

    field: str
    success: str
    selector: str


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of a list. ``kind`` is ``include``, ``text``, ``values``, ``comma`` or ``typed``.

    ``field`` is the member of the entity that the filter compares.
    """

    name: str
    kind: str
    field: str
    enum: tuple[str, ...] = ()
    max_items: int | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """How a list is paged: the largest page, and the names of size and token.

    ``start`` is the query parameter that skips rows, where pages have no tokens. ``key`` is the
    member that holds the rows, where it is not the envelope.
    """

    maximum: int
    size: str
    token: str
    key: str = ""
    start: str = ""


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One line of a reply that is a flat array: the names of its members and its codes.

    ``arrays`` names the arrays of refusals and successes by verb, where there are two;
    ``index`` is the member that says which item a row answers.
    """

    code: str
    success: str
    description: str
    codes: Mapping[str, str]
    arrays: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    index: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """One resource on the wire.

    ``id_types`` gives the type of each member that is an id (``id`` or ``int64``), ``parts`` the
    writable members of each member that is an object, ``item_kinds`` the kind of each item error
    by its code.
    """

    name: str
    shape: str = ""
    envelope: str = ""
    representation: str = ""
    identity: Identity | None = None
    batch_maximum: int | None = None
    row: ReplyRow | None = None
    page: Page | None = None
    filters: tuple[Filter, ...] = ()
    item_kinds: Mapping[str, str] = field(default_factory=dict)
    id_types: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Region:
    """The hosts of one region."""

    ads_host: str
    lwa_host: str


@dataclass(frozen=True, slots=True)
class BidLimits:
    """The smallest and largest bid of one marketplace, in its currency."""

    minimum: float
    maximum: float
    currency: str


@dataclass(frozen=True, slots=True)
class Quota:
    """One throttling class: weight per second, and the largest burst."""

    rate: float
    burst: float


@dataclass(frozen=True, slots=True)
class Deprecation:
    """One version that ends: dates as ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""

    id: str
    title: str
    announced: str
    shut_off: str
    replacement: str
    paths: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    status: int | None = None


@dataclass(frozen=True, slots=True)
class ReportType:
    """One report type: its ad product, and the most days in one report."""

    ad_product: str
    days: int


@dataclass(frozen=True, slots=True)
class Api:
    """All facts, by name. ``export_limit`` is how many exports of a kind may run at a time."""

    token_path: str
    export_limit: int
    regions: Mapping[str, Region]
    bid_limits: Mapping[str, BidLimits]
    quotas: Mapping[str, Quota]
    deprecations: tuple[Deprecation, ...]
    report_types: Mapping[str, ReportType]
    operations: Mapping[str, Operation]
    contracts: Mapping[str, Contract]

    def operation(self, operation_id: str) -> Operation:
        """Return an operation by id; raises Misuse for an unknown one."""
        found = self.operations.get(operation_id)
        if found is None:
            raise unknown("operation", operation_id, self.operations)
        return found

    def contract(self, resource: str) -> Contract:
        """Return the contract of a resource; raises Misuse for an unknown one.

        A resource that is created in several ways has a name for each, such as ``sb.ads.video``.
        """
        found = self.contracts.get(resource)
        if found is None and f"{resource}.create" in self.operations:
            found = self.contracts.get(resource.rpartition(".")[0])
        if found is None:
            raise unknown("resource", resource, self.contracts)
        return found

    def report_type(self, name: str) -> ReportType:
        """Return a report type by id; raises Misuse for an unknown one."""
        found = self.report_types.get(name)
        if found is None:
            raise unknown("report type", name, self.report_types)
        return found


@cache
def load_api() -> Api:
    """Return the facts in ``api.json``."""
    assert __package__, "the client is a package"
    file = resources.files(__package__) / "api.json"
    return from_json(json.loads(file.read_text(encoding="utf-8")))


def from_json(document: Mapping[str, Any]) -> Api:
    """Return the facts that a parsed file holds."""

    def table(name: str, kind: Any) -> dict[str, Any]:
        return {key: kind(**_tuples(row)) for key, row in document[name].items()}

    return Api(
        token_path=document["token_path"],
        export_limit=document["export_limit"],
        regions=table("regions", Region),
        bid_limits=table("bid_limits", BidLimits),
        quotas=table("quotas", Quota),
        deprecations=tuple(Deprecation(**_tuples(row)) for row in document["deprecations"]),
        report_types=table("report_types", ReportType),
        operations={row["id"]: _operation(row) for row in document["operations"]},
        contracts={row["name"]: _contract(row) for row in document["contracts"]},
    )


def _operation(row: Mapping[str, Any]) -> Operation:
    extended = row.get("extended")
    found = Extended(**_tuples(extended)) if extended else None
    return Operation(**_tuples(row) | {"extended": found})


def _contract(row: Mapping[str, Any]) -> Contract:
    kinds: dict[str, Any] = {"identity": Identity, "page": Page, "row": ReplyRow}
    parts = {name: kind(**_tuples(row[name])) for name, kind in kinds.items() if name in row}
    parts["filters"] = tuple(Filter(**_tuples(each)) for each in row.get("filters", ()))
    return Contract(**_tuples(row) | parts)


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with tuples in place of lists, so that records stay unchangeable."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def unknown(what: str, name: str, known: Iterable[str]) -> Misuse:
    """Return the error for a name that does not exist, with the nearest one that does."""
    nearest = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {nearest[0]}?" if nearest else f"known: {', '.join(sorted(known)[:5])} …"
    return Misuse(f"unknown {what} {name}: {hint}")
