"""Batches and pages in the form of the unified API, for records that are no entities.

Source: Ads API v1 document of 2026-07 (documented: members, codes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import orjson

from adsmock.contracts.iso8601 import parse_utc
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.faults.kinds import partial
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs import page_token
from adsmock.mockserver.services.verbs.record_store import Record, find_in, keep_in

_FAULT_CODES = {"throttledError": "TOO_MANY_REQUESTS"}
"""Codes of this API for the errors that a `partial` fault injects."""
_DELETED = "isDeleted"


class RefusedItem(Exception):
    """Why an item of a batch is refused; ``member`` is its member that is wrong."""

    def __init__(self, code: str, message: str, member: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.member = code, message, member


def run_batch(
    context: RequestContext, envelope: str, name: str, work: Callable[[Any], Record]
) -> Document:
    """Return one row for each item of ``envelope``: what ``work`` made of it, or its refusal."""
    success: list[Record] = []
    error: list[Record] = []
    for index, item in enumerate(context.body.get(envelope) or []):
        try:
            _fail_as_planned(context, index, item)
            success.append({"index": index, name: work(item)})
        except RefusedItem as refused:
            place = f"{envelope}[{index}]" + (f".{refused.member}" if refused.member else "")
            row = {"code": refused.code, "fieldLocation": place, "message": refused.message}
            error.append({"errors": [row], "index": index})
    return Document({"error": error, "success": success})


def _fail_as_planned(context: RequestContext, index: int, item: Any) -> None:
    effect = partial.failing(context.fault, index, item)
    if effect is not None:
        code = _FAULT_CODES.get(effect.error, "INTERNAL_ERROR")
        raise RefusedItem(code, partial.text(effect))


def utc_seconds(item: Record, name: str) -> float:
    """Return the time that a member names.

    Raises:
        RefusedItem: it is no time in UTC.
    """
    try:
        return parse_utc(item[name])
    except ValueError:
        raise RefusedItem("FIELD_VALUE_IS_INVALID", f"{name} is not a time in UTC", name) from None


def page_of(context: RequestContext, key: str, rows: Iterable[Record], most: int) -> Document:
    """Return a page of rows under ``key``, at most ``most`` unless the request asks for fewer.

    Raises:
        ApiError: 400; the token is not of this query.
    """
    body, found = context.body, list(rows)
    asked = page_token.fingerprint(body, "nextToken", "maxResults")
    start = page_token.first_row(context, body.get("nextToken"), "nextToken", asked)
    end = start + min(body.get("maxResults") or most, most)
    value: Record = {key: found[start:end]}
    if end < len(found):
        name = context.contract.name
        value["nextToken"] = page_token.make_page_token(context, name, asked, end)
    return Document(value)


class Records:
    """The profile's records called ``name``, without the deleted ones."""

    def __init__(self, context: RequestContext, name: str) -> None:
        self._context = context
        self._table = context.sandbox.store.table(context.profile.id, name)

    def all(self) -> list[Record]:
        """Return every record in order of creation."""
        rows = (orjson.loads(entity.body) for entity in self._table.all())
        return [row for row in rows if not row.get(_DELETED)]

    def find(self, record_id: str, member: str = "") -> Record:
        """Return one record.

        Raises:
            RefusedItem: there is none; ``member`` of the item named it.
        """
        found = find_in(self._table, record_id)
        if found is None or found[1].get(_DELETED):
            raise RefusedItem("RESOURCE_ID_NOT_FOUND", f"Nothing has the id {record_id}", member)
        return found[1]

    def keep(self, record_id: str, record: Record) -> None:
        """Store a record."""
        keep_in(self._context, self._table, record_id, record)

    def delete(self, record_id: str) -> None:
        """Delete a record that exists."""
        self.keep(record_id, {_DELETED: True})
