"""One request and its reply, free of the file or the network that it came from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

FIRST_ERROR = 400
SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its reply.

    Header names are lower case. Bodies are JSON values, or texts where they are not JSON, None
    where there is none. ``started`` is in seconds since 1970, None if unknown. ``step`` is the
    place in a plan or a file, for messages. ``wants`` is the kind of refusal that the request
    provokes, if it is meant to be refused.
    """

    method: str
    host: str
    path: str
    status: int
    query: tuple[tuple[str, str], ...] = ()
    request_headers: Mapping[str, str] = field(default_factory=dict)
    request: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    started: float | None = None
    step: str = ""
    wants: str = ""

    @property
    def is_success(self) -> bool:
        """Whether the service did what the request asked for."""
        return self.status in SUCCESS

    @property
    def sent(self) -> str:
        """The media type of the request, bare and in lower case."""
        return bare(self.request_headers.get("content-type", ""))

    @property
    def media(self) -> str:
        """The media type of the reply, bare and in lower case."""
        return bare(self.headers.get("content-type", ""))


def bare(content_type: str) -> str:
    """Return a media type in lower case and without parameters."""
    return content_type.partition(";")[0].strip().lower()


def parsed(text: str | bytes | None) -> Any:
    """Return a body as a JSON value, as text if it is not JSON, None if it is empty."""
    if text is None or not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text if isinstance(text, str) else text.decode("utf-8", "replace")


def lower(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return headers by lower-case name; of a repeated one the last value."""
    return {name.lower(): value for name, value in headers}


def split_url(url: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Return host, path and query of a URL."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.path, tuple(parse_qsl(parts.query, keep_blank_values=True))
