"""HAR 1.2: of a browser, of mitmproxy, of a mock's journal and of ``adsmock record``."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from adsmock.harness.fidelity.exchange import Exchange, lower, parsed, split_url


def fits(document: Any) -> bool:
    """Say whether a document is a HAR file."""
    return (
        isinstance(document, dict)
        and isinstance(document.get("log"), dict)
        and ("entries" in document["log"])
    )


def exchanges(document: Mapping[str, Any]) -> Iterator[Exchange]:
    """Yield the calls of a HAR file in the order of the file."""
    for number, entry in enumerate(document["log"]["entries"], 1):
        request, response = entry["request"], entry["response"]
        host, path, query = split_url(request["url"])
        posted = request.get("postData") or {}
        yield Exchange(
            request["method"].upper(),
            host,
            path,
            int(response["status"]),
            query,
            _headers(request),
            parsed(posted.get("text")),
            _headers(response),
            parsed(_content(response.get("content") or {})),
            _seconds(entry.get("startedDateTime")),
            f"entry {number}",
        )


def _headers(message: Mapping[str, Any]) -> dict[str, str]:
    return lower((row["name"], row["value"]) for row in message.get("headers", ()))


def _content(content: Mapping[str, Any]) -> str | bytes | None:
    text = content.get("text")
    if text and content.get("encoding") == "base64":
        return base64.b64decode(text)
    return text


def _seconds(text: str | None) -> float | None:
    return datetime.fromisoformat(text).timestamp() if text else None
