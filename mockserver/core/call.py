"""A call and its reply, free of any framework.

Knows what arrives and what leaves. Must not know sockets, Flask or resources.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from adsmock.mockserver.core.fault import Effect


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """The listener a call came through; ``region`` is None where host or prefix decide.

    ``sandbox`` is the id of the one that the listener was opened for, None for everybody's. Each
    is itself alone, not equal to others, so that it can be looked up by at no cost.
    """

    name: str
    port: int = 0
    region: str | None = None
    storage: bool = False
    tls: bool = False
    sandbox: str | None = None


@dataclass(slots=True)
class Call:
    """One request. Header names are lower case; ``arrived`` is monotonic seconds."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    door: Endpoint
    arrived: float
    connection: int = 0

    @property
    def host(self) -> str:
        """The Host header as sent, without judging it."""
        return self.headers.get("host", "")

    @property
    def sent(self) -> str:
        """The media type of the body, bare and in lower case; empty without a body."""
        given = self.headers.get("content-type", "") if self.body else ""
        return given.partition(";")[0].strip().lower()

    def parameters(self) -> dict[str, str]:
        """Return the query parameters; a repeated name keeps its last value."""
        return dict(parse_qsl(self.query, keep_blank_values=True)) if self.query else {}


@dataclass(slots=True)
class Reply:
    """One response. ``wire`` tells the edge how to spoil it, ``committed`` that state changed."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    wire: Effect | None = None
    committed: bool = False
    pace: float = 1.0
    """How many times as fast as the machine the sandbox's time runs, for faults that take time."""
