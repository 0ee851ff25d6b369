"""A call, its reply and the connection that carries them, free of any framework."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol
from urllib.parse import parse_qsl

BODILESS = frozenset({204, 304})
"""Statuses whose responses have no body."""


@lru_cache(maxsize=256)
def bare_media_type(given: str) -> str:
    """Return a media type without parameters, in lower case."""
    return given.partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """Where a call arrived; ``region`` is None if the host or a prefix decides.

    ``sandbox`` is the id of the sandbox that the listener belongs to, None for shared ones.
    Endpoints compare by identity, which makes look-ups cheap.
    """

    name: str
    port: int = 0
    region: str | None = None
    storage: bool = False
    tls: bool = False
    sandbox: str | None = None
    aws: bool = False


@dataclass(slots=True)
class Call:
    """One request. Header names are lower case; ``arrived`` is monotonic seconds."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    endpoint: Endpoint
    arrived: float
    connection: int = 0
    can_wait: bool = False
    """Whether the reply may come later, from another thread; see ``Reply.later``."""

    @property
    def host(self) -> str:
        """The Host header as sent."""
        return self.headers.get("host", "")

    @property
    def sent(self) -> str:
        """The media type of the body, bare and in lower case; empty without a body."""
        given = self.headers.get("content-type") if self.body else None
        return bare_media_type(given) if given else ""

    def parameters(self) -> dict[str, str]:
        """Return the query parameters; a repeated name keeps its last value."""
        return dict(parse_qsl(self.query, keep_blank_values=True)) if self.query else {}


@dataclass(slots=True)
class Reply:
    """One response.

    ``fault`` sends the reply in place of the edge; ``committed`` says that state changed.
    """

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    fault: ReplyFault | None = None
    committed: bool = False
    pace: float = 1.0
    """Seconds of the sandbox's time per second of the machine, for faults that take time."""
    failed_items: int | None = None
    """Items of a batch that were refused; None without a batch."""
    rows: int | None = None
    """Rows of a file of an export or a report; None where they were not counted."""
    later: Callable[[], None] | None = None
    """Completes the reply, in another thread: work that would delay other calls."""
    poll: Callable[..., bool] | None = None
    """Tries to complete the reply and says whether it did; ``is_last`` makes it."""
    wait_seconds: float = 0.0
    """How long ``poll`` may be tried, in seconds of the sandbox's time."""
    kept: bytes = b""
    """The body as JSON, for the journal, where the body itself is not JSON."""
    lines: str = ""
    """Further header lines, ready for the wire."""

    def all_headers(self) -> dict[str, str]:
        """Return the headers and those of ``lines`` by name."""
        pairs = (line.partition(": ") for line in self.lines.splitlines())
        return {name: value for name, _, value in pairs} | self.headers


class Wire(Protocol):
    """One request's control over its connection: what a fault needs to send or break a reply."""

    @property
    def is_gone(self) -> bool:
        """Say whether the client has left."""

    def head(self, reply: Reply, length: int) -> bytes:
        """Return the status line and headers of ``reply``, announcing ``length`` bytes of body."""

    def write(self, head: bytes, body: bytes = b"") -> None:
        """Write bytes to the connection."""

    def send(self, reply: Reply) -> None:
        """Write a whole reply."""

    async def drain(self) -> None:
        """Wait until the client has read enough that more may be written."""

    async def flush(self) -> None:
        """Wait until everything written has left this process."""

    async def pause(self, seconds: float) -> bool:
        """Wait for ``seconds`` of the sandbox's time; return whether the client has stayed."""

    def finish(self) -> None:
        """End the response; the connection stays open if both sides keep it."""

    def forbid_reuse(self) -> None:
        """Make this the connection's last response."""

    def close(self) -> None:
        """Close the connection with FIN."""

    def reset(self) -> None:
        """Reset the connection with RST."""


@dataclass(frozen=True, slots=True)
class BrokenConnection:
    """What a broken connection is without a socket.

    ``error`` is raised; ``ended`` is how the exchange ended, as the journal says it.
    """

    error: Exception
    ended: str


class ReplyFault(Protocol):
    """A fault that sends a reply in its own way."""

    @property
    def is_endless(self) -> bool:
        """Say whether a stopping server need not wait for the answer."""

    def send_in_process(self, reply: Reply) -> BrokenConnection | None:
        """Change the reply where there is no socket; return how the connection would break."""

    async def send(self, wire: Wire, reply: Reply) -> str:
        """Send the reply and return how the exchange ended, as the journal says it."""
