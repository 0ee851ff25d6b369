"""What the gateway in front of all families adds to replies: media type, headers, compression.

Source: ``contracts/gateway.json`` (observed). The choice ``gateway`` of a sandbox turns it off.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.model import Operation
from adsmock.mockserver.core.call import BODILESS, Reply
from adsmock.mockserver.core.ids import Mint
from adsmock.mockserver.core.sandbox import Sandbox

REQUEST_ID = "x-amzn-RequestId"

_GZIP = re.compile(r"(?<![\w-])gzip(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
_GZIP_WINDOW = 31
"""Asks zlib for the gzip format."""
_DIGITS, _CAPITALS = (0,), (1,)
_PLACES = {
    "request": _DIGITS,
    "service": _DIGITS,
    "code": _CAPITALS,
    "serviceCode": _CAPITALS,
    "gateway": _CAPITALS,
    "trace": (2, 0),
    "date": (3,),
    "length": (4,),
}
"""The values that a blank takes, as places in (digits, capitals, second, date, length)."""
_KEPT_BODIES = 16
"""Compressed bodies that are kept: pages that many calls read."""


class Block(NamedTuple):
    """The header lines of an operation's replies.

    ``select`` returns what their blanks take from (digits, capitals, second, date, length);
    ``known_by`` is the name of the id that the client sees, and its form.
    """

    lines: str
    select: Callable[[tuple[str, str, str, str, int]], Any]
    known_by: tuple[str, str]


class Gateway:
    """The header lines of each operation, joined at its first reply in a sandbox."""

    def __init__(self, contract_set: ContractSet) -> None:
        self._facts = contract_set.gateway
        self._sets = {
            row.id: row.headers or contract.headers
            for contract in contract_set.by_name.values()
            for row in contract.operations
        }
        self._compressed = lru_cache(_KEPT_BODIES)(_compress)

    def identify(
        self, reply: Reply, operation: Operation | None, sandbox: Sandbox, number: int, now: float
    ) -> str:
        """Add ids and the gateway's other headers to a reply; return the id its client sees.

        ``number`` is the call's in its sandbox, ``now`` the sandbox's time.
        """
        if sandbox.is_documented or (operation is not None and not operation.quota):
            request_id = reply.headers[REQUEST_ID] = sandbox.mint.request(number)
            return request_id
        name = operation.id if operation else ""
        block = sandbox.mint.blocks.get(name) or self._block(name, operation, sandbox.mint)
        digits = f"{number:012x}"
        capitals = digits.upper()
        values = (digits, capitals, *_moment(int(now)), len(reply.body))
        reply.lines = block.lines % block.select(values)
        name, form = block.known_by
        return form % (capitals if name == "code" else digits)

    def compress(self, reply: Reply, accepted: str) -> None:
        """Compress a body that is large enough, if its client accepts that.

        Only replies that ``identify`` gave header lines come from the gateway.
        """
        if (
            "gzip" in accepted
            and len(reply.body) >= self._facts.compress_from
            and reply.lines
            and reply.fault is None  # a fault on the wire is defined on the plain body
            and reply.status not in BODILESS
            and _GZIP.search(accepted)
            and "content-encoding" not in map(str.lower, reply.headers)
        ):
            reply.body = self._compressed(reply.body)
            reply.headers["Content-Encoding"] = "gzip"

    def _block(self, name: str, operation: Operation | None, mint: Mint) -> Block:
        facts, forms = self._facts, mint.forms()
        own = facts.sets[self._sets.get(name) or facts.default]
        headers = own.headers
        if own.identified == "request":
            headers = {REQUEST_ID: "{request}"} | headers
        lines = [f"{header}: {value}\r\n" for header, value in (headers | facts.headers).items()]
        filled, places = _filled("".join(lines), forms, operation.reply if operation else "")
        block = mint.blocks[name] = Block(
            filled, itemgetter(*places), (own.identified, forms[own.identified])
        )
        return block


def as_observed(reply: Reply, operation: Operation, sandbox: Sandbox, *, whole: bool) -> Reply:
    """Return a success with the status, type and headers that the service was seen to answer.

    ``whole`` says whether it holds complete entities.
    """
    if sandbox.is_documented:
        return reply
    if operation.answers:
        reply.content_type = operation.answers
    if operation.seen_success is not None:
        reply.status = operation.seen_success
    if whole and operation.prefer:
        reply.headers["Preference-Applied"] = "return=representation"
    return reply


def answered_type(operation: Operation | None, sandbox: Sandbox) -> str:
    """Return the Content-Type that an operation answers with; empty without an operation."""
    if operation is None:
        return ""
    return operation.reply if sandbox.is_documented else operation.answers or operation.reply


def _filled(text: str, forms: dict[str, str], media: str) -> tuple[str, list[int]]:
    """Return lines with ``%`` for what varies, and the places of its values in order."""
    places: list[int] = []

    def fill(blank: re.Match[str]) -> str:
        name = blank[1]
        if name == "media":
            return media.replace("%", "%%")
        places.extend(_PLACES[name])
        return forms.get(name, "%s")

    return re.sub(r"\{(\w+)\}", fill, text.replace("%", "%%")), places


def _compress(body: bytes) -> bytes:
    from isal import isal_zlib  # noqa: PLC0415 -- the start does not need it

    packed: bytes = isal_zlib.compress(body, 1, _GZIP_WINDOW)
    return packed


@lru_cache(64)
def _moment(second: int) -> tuple[str, str]:
    """Return a second since 1970 in 8 hexadecimal digits and as a date of HTTP."""
    return f"{second:08x}", formatdate(second, usegmt=True)
