"""Comparison of one reply with another: status, media type, headers, and the form of errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from adsmock.contracts.loader import load
from adsmock.contracts.model import Operation
from adsmock.harness.fidelity.difference import Aspect, Difference
from adsmock.harness.fidelity.exchange import FIRST_ERROR, Exchange
from adsmock.harness.fidelity.fact_index import facts
from adsmock.harness.fidelity.shape import type_of

HEADERS = (
    "retry-after",
    "cache-control",
    "pragma",
    "preference-applied",
    "content-disposition",
    "x-amzn-requestid",
    "x-amz-rid",
    "x-amzn-errortype",
    "x-amzn-remapped-x-amzn-remapped-content-type",
    "location",
    "www-authenticate",
)
"""Headers that a client reads or a support case needs."""

CODES = frozenset({"code", "errorType", "error", "errorCode", "Code"})
"""Members of error bodies whose values programs compare."""

_VARIABLE = re.compile(
    r"[\"'«“].*?[\"'»”]|\[.*\]|\(.*\)|\b[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}\b|[\w.+/=-]*\d[\w.+/=-]*"
)


def compare_reply(
    operation: Operation | None, service: Exchange, mock: Exchange
) -> Iterator[Difference]:
    """Yield the differences of one pair that need no other pair."""
    both = _Both(operation, service, mock)
    if service.status != mock.status:
        yield both.differ("status", "", str(service.status), str(mock.status))
        return  # replies of different kinds have nothing in common
    if service.media != mock.media and (service.body is not None or mock.body is not None):
        yield both.differ("media-type", "", service.media or "none", mock.media or "none")
    for name in HEADERS:
        one, other = name in service.headers, name in mock.headers
        if one != other:
            words = ("present", "absent")
            yield both.differ("header", name, words[not one], words[not other])
    if service.status >= FIRST_ERROR:
        yield from _errors(both)


def refusal_kind(operation: Operation | None, exchange: Exchange) -> str:
    """Return the kind of refusal of a reply: the wanted one, else by its status and text."""
    contract_set = load()
    kinds = [kind for kind, status in contract_set.kinds.items() if status == exchange.status]
    if exchange.wants in kinds or (exchange.wants and not kinds):
        return exchange.wants
    dialect = facts().dialect(operation)
    text = str(exchange.body)
    for kind in kinds:
        message = contract_set.refusal(dialect, kind).message
        if message and message in text:
            return kind
    return kinds[0] if kinds else "internal"


def _errors(both: _Both) -> Iterator[Difference]:
    one, other = _leaves(both.service.body), _leaves(both.mock.body)
    if type_of(both.service.body) != type_of(both.mock.body) or set(one) != set(other):
        yield both.differ("error-form", "", _form(one), _form(other))
        return
    for path in sorted(one):
        mine, theirs = one[path], other[path]
        last = path.rpartition("/")[2]
        if type_of(mine) != type_of(theirs):
            yield both.differ("error-form", path, type_of(mine), type_of(theirs))
        elif last in CODES and mine != theirs:
            yield both.differ("error-code", path, str(mine), str(theirs))
        elif isinstance(mine, str) and last not in CODES and plain(mine) != plain(theirs):
            yield both.differ("error-text", path, plain(mine), plain(theirs))


def plain(text: str) -> str:
    """Return a message without what varies: quoted parts, lists, ids and numbers."""
    return " ".join(_VARIABLE.sub("…", text).split())[:160]


def _leaves(body: Any, path: str = "") -> dict[str, Any]:
    """Return the values of an error body by path; the rows of an array count as one."""
    if isinstance(body, dict):
        found: dict[str, Any] = {}
        for name, value in body.items():
            found |= _leaves(value, f"{path}/{name}".lstrip("/"))
        return found
    if isinstance(body, list):
        found = {}
        for value in reversed(body):
            found |= _leaves(value, f"{path}/*".lstrip("/"))
        return found or {path: []}
    return {path: body}


def _form(leaves: dict[str, Any]) -> str:
    return ", ".join(sorted(leaves)) or "empty"


@dataclass(frozen=True, slots=True)
class _Both:
    """One pair and its operation."""

    operation: Operation | None
    service: Exchange
    mock: Exchange

    def differ(self, aspect: Aspect, member: str, one: str, other: str) -> Difference:
        return Difference(
            self.operation.id if self.operation else f"{self.service.method} {self.service.path}",
            aspect,
            member,
            one,
            other,
            self._facts(aspect, member),
            (self.service.step,),
        )

    def _facts(self, aspect: Aspect, member: str) -> tuple[str, ...]:
        """Return the rows about a difference; the ledger describes the mock's reply."""
        if aspect == "header":
            return facts().header(self.operation, member)
        own = facts().operation(self.operation) if self.operation else ()
        if self.mock.status < FIRST_ERROR:
            return own
        refusal = facts().refusal(self.operation, refusal_kind(self.operation, self.mock))
        # What the service does and the mock refuses is first of all about the operation.
        return own + refusal if self.service.is_success else refusal
