"""A journal as HTTP Archive (HAR 1.2). What the journal does not record is empty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import orjson

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.control.json_stream import array
from adsmock.mockserver.control.serializers import value_of
from adsmock.mockserver.core.journal import Entry

_UNKNOWN = -1
"""HAR's value for an unknown size."""


def archive(entries: Iterable[Entry], version: str) -> Iterator[bytes]:
    """Yield the archive of the calls of ``entries``, with times of the sandbox's clock."""
    creator = orjson.dumps({"name": "adsmock", "version": version})
    head = b'{"log":{"version":"1.2","creator":' + creator + b',"entries":'
    return array(head, map(_row_json, calls_of(entries)), b"}}")


def calls_of(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the entries of calls: connections and deliveries have no method."""
    return (each for each in entries if each.method)


def _row_json(entry: Entry) -> bytes:
    """Return one entry as JSON text; one that cannot be written loses its bodies and headers."""
    try:
        return orjson.dumps(row(entry))
    except (TypeError, ValueError, RecursionError):
        return orjson.dumps(row(replace(entry, request=None, reply=None, headers=None)))


def row(entry: Entry) -> dict[str, Any]:
    """Return one entry as an object of HAR."""
    wait = max(0.0, entry.t_send - entry.t_arrive) * 1000
    receive = max(0.0, entry.t_end - entry.t_send) * 1000 if entry.t_send else 0.0
    return {
        "startedDateTime": format_utc(entry.c_arrive),
        "time": wait + receive,
        "request": _request(entry),
        "response": _response(entry),
        "cache": {},
        "timings": {"send": 0, "wait": wait, "receive": receive},
        "connection": str(entry.connection),
        "comment": f"seq {entry.seq}, {entry.ended}",
    }


def _request(entry: Entry) -> dict[str, Any]:
    query = f"?{entry.query}" if entry.query else ""
    scheme = "https" if entry.tls else "http"
    row: dict[str, Any] = {
        "method": entry.method,
        "url": f"{scheme}://{entry.host}{entry.path}{query}",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs((entry.headers or {}).items()),
        "queryString": _pairs(parse_qsl(entry.query, keep_blank_values=True)),
        "headersSize": _UNKNOWN,
        "bodySize": entry.request_bytes,
    }
    if entry.request is not None:
        kind = (entry.headers or {}).get("content-type", "application/json")
        row["postData"] = {"mimeType": kind, "params": [], "text": _text(entry.request)}
    return row


def _response(entry: Entry) -> dict[str, Any]:
    content: dict[str, Any] = {"size": entry.reply_bytes, "mimeType": "application/json"}
    if entry.reply is not None:
        content["text"] = _text(entry.reply)
    retry = {"Retry-After": entry.retry_after} if entry.retry_after else {}
    headers = (entry.reply_headers or {}) | retry
    return {
        "status": entry.status,
        "statusText": _phrase(entry.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers.items()),
        "content": content,
        "redirectURL": "",
        "headersSize": _UNKNOWN,
        "bodySize": entry.reply_bytes,
    }


def _text(body: Any) -> str:
    value = value_of(body)
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _pairs(items: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in items]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
