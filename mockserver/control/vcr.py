"""A journal as a cassette of VCR (Ruby) and vcrpy (Python): JSON text, which is YAML too.

Both libraries read their own list of the same calls: ``http_interactions`` and ``interactions``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC
from email.utils import format_datetime
from typing import Any

import orjson

from adsmock.contracts.iso8601 import parse_time
from adsmock.mockserver.control.har import calls_of, row
from adsmock.mockserver.core.journal import Entry

_HEAD = b'{"version":1,"recorded_with":"adsmock",\n"http_interactions":['


def cassette(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Yield the cassette of ``entries``, with times of the sandbox's clock."""
    rows = [row(each) for each in calls_of(entries)]
    yield _HEAD
    for number, each in enumerate(rows):
        yield (b",\n" if number else b"\n") + orjson.dumps(_ruby(each))
    yield b'],\n"interactions":['
    for number, each in enumerate(rows):
        yield (b",\n" if number else b"\n") + orjson.dumps(_python(each))
    yield b"]}\n"


def _ruby(entry: dict[str, Any]) -> dict[str, Any]:
    found = _python(entry)
    for message in (found["request"], found["response"]):
        body = message["body"]
        text = body["string"] if isinstance(body, dict) else body
        message["body"] = {"encoding": "UTF-8", "string": text or ""}
    found["request"]["method"] = found["request"]["method"].lower()
    return found | {"recorded_at": _date(entry)}


def _python(entry: dict[str, Any]) -> dict[str, Any]:
    request, response = entry["request"], entry["response"]
    content = response["content"]
    headers = _headers(response)
    headers.setdefault("Content-Type", [content["mimeType"]])
    headers.setdefault("Date", [_date(entry)])
    return {
        "request": {
            "method": request["method"],
            "uri": request["url"],
            "body": request.get("postData", {}).get("text"),
            "headers": _headers(request),
        },
        "response": {
            "status": {"code": response["status"], "message": response["statusText"]},
            "headers": headers,
            "body": {"string": content.get("text", "")},
        },
    }


def _headers(message: dict[str, Any]) -> dict[str, list[str]]:
    return {each["name"]: [each["value"]] for each in message["headers"]}


def _date(entry: dict[str, Any]) -> str:
    return format_datetime(parse_time(entry["startedDateTime"], UTC).astimezone(UTC), usegmt=True)
