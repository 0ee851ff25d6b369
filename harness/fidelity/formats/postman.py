"""Postman collections (2.0 and 2.1): the saved replies of their requests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

from adsmock.contracts.loader import load
from adsmock.harness.fidelity.exchange import Exchange, lower, parsed, split_url

_VARIABLE = re.compile(r"\{\{\s*([^}]*?)\s*\}\}")
_HOST = re.compile(r"(?i)(url|host|base|endpoint)")


def fits(document: Any) -> bool:
    """Say whether a document is a collection."""
    return (
        isinstance(document, dict) and "info" in document and isinstance(document.get("item"), list)
    )


def exchanges(document: Mapping[str, Any]) -> Iterator[Exchange]:
    """Yield every saved reply, with the request that led to it."""
    known = {row["key"]: str(row.get("value", "")) for row in document.get("variable", ())}
    yield from _of(document["item"], known, ())


def _of(
    items: Sequence[Mapping[str, Any]], known: Mapping[str, str], folders: tuple[str, ...]
) -> Iterator[Exchange]:
    for item in items:
        place = (*folders, str(item.get("name", "")))
        if "item" in item:
            yield from _of(item["item"], known, place)
            continue
        for saved in item.get("response") or ():
            request = saved.get("originalRequest") or item["request"]
            values = {**_members(parsed(saved.get("body"))), **known}
            yield _exchange(request, saved, values, " / ".join((*place, saved.get("name", ""))))


def _exchange(
    request: Mapping[str, Any], saved: Mapping[str, Any], known: Mapping[str, str], step: str
) -> Exchange:
    host, path, query = split_url(_filled(_url(request["url"]), known))
    received = _headers(saved)
    return Exchange(
        request["method"].upper(),
        host,
        path,
        int(saved["code"]),
        query,
        _headers(request),
        parsed(_filled(_raw(request.get("body") or {}), known, default="1")),
        received,
        parsed(saved.get("body")),
        _seconds(received),
        step,
    )


def _members(body: Any) -> dict[str, str]:
    """Return the first value of each member: what ``{{campaignId}}`` stood for in the request."""
    if isinstance(body, list):
        return _members({str(number): each for number, each in enumerate(body)})
    found: dict[str, str] = {}
    for name, each in body.items() if isinstance(body, dict) else ():
        if isinstance(each, dict | list):
            found = _members(each) | found
        elif isinstance(each, str | int) and not isinstance(each, bool):
            found[name] = str(each)
    return found


def _url(url: Any) -> str:
    return str(url.get("raw", "")) if isinstance(url, dict) else str(url)


def _raw(body: Mapping[str, Any]) -> str:
    return str(body.get("raw") or "")


def _headers(message: Mapping[str, Any]) -> dict[str, str]:
    rows = message.get("header") or ()
    return lower(
        (row["key"], str(row.get("value", "")))
        for row in rows
        if isinstance(row, dict) and not row.get("disabled")
    )


def _filled(text: str, known: Mapping[str, str], default: str = "") -> str:
    """Return a text with its variables; the host of an unknown one is Amazon's in NA."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if known.get(name):
            return known[name]
        if _HOST.search(name):
            return f"https://{load().regions['NA'].ads_host}"
        return default or name

    return _VARIABLE.sub(value, text)


def _seconds(headers: Mapping[str, str]) -> float | None:
    try:
        return parsedate_to_datetime(headers["date"]).timestamp()
    except (KeyError, ValueError):
        return None
