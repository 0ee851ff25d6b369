"""Cassettes in YAML: of Ruby's VCR (``http_interactions``) and of vcrpy (``interactions``)."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl

from adsmock.harness.fidelity.exchange import Exchange, lower, parsed, split_url

_GZIP = b"\x1f\x8b"
_FORM = "application/x-www-form-urlencoded"


def fits(document: Any) -> bool:
    """Say whether a document is a cassette."""
    return isinstance(document, dict) and isinstance(_rows(document), list)


def exchanges(document: Mapping[str, Any]) -> Iterator[Exchange]:
    """Yield the calls of a cassette in the order of the file."""
    for number, row in enumerate(_rows(document), 1):
        request, response = row["request"], row["response"]
        host, path, query = split_url(request["uri"])
        sent, received = _headers(request), _headers(response)
        status = response["status"]
        yield Exchange(
            request["method"].upper(),
            host,
            path,
            int(status["code"] if isinstance(status, dict) else status),
            query,
            sent,
            _request(request.get("body"), sent),
            received,
            parsed(_body(response.get("body"))),
            _seconds(row.get("recorded_at"), received),
            f"interaction {number}",
        )


def _rows(document: Mapping[str, Any]) -> Any:
    return document.get("http_interactions", document.get("interactions"))


def _headers(message: Mapping[str, Any]) -> dict[str, str]:
    rows = (message.get("headers") or {}).items()
    return lower((name, each[-1] if isinstance(each, list) else str(each)) for name, each in rows)


def _request(body: Any, headers: Mapping[str, str]) -> Any:
    value = parsed(_body(body))
    if isinstance(value, str) and headers.get("content-type", "").startswith(_FORM):
        return dict(parse_qsl(value, keep_blank_values=True))
    return value


def _body(body: Any) -> str | bytes | None:
    """Return a body: text, bytes, or the object in which VCR keeps it."""
    if isinstance(body, dict):
        if "base64_string" in body:
            return _plain(base64.b64decode(body["base64_string"]))
        body = body.get("string") if "string" in body else json.dumps(body)
    return _plain(body) if isinstance(body, bytes) else body


def _plain(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(_GZIP) else body


def _seconds(recorded: Any, headers: Mapping[str, str]) -> float | None:
    """Return when a call was recorded: VCR writes it, else the reply's date."""
    if isinstance(recorded, datetime):
        return recorded.timestamp()
    text = recorded or headers.get("date")
    try:
        return parsedate_to_datetime(str(text)).timestamp() if text else None
    except ValueError:
        return None
