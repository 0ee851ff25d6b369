"""The first words of a client that believes it talks to a proxy.

The request head is read with h11, which is well kept, small, and here already: uvicorn brings
it. Ready-made proxies were looked at and left: proxy.py and pproxy exist to pass traffic on,
which is the one thing that must never happen here (their hooks would have to prevent it, each
in processes or loops of their own), and mitmproxy brings dozens of packages. What is needed is
one head and one answer; the TLS that follows is served in this very process, on this very
socket, so that a planned reset reaches the client as a reset.

Knows the form of a proxied request and which hosts are served. Must not know sockets, TLS or
what a call means.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import h11

HTTP_PORT = 80
HTTPS_PORT = 443
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"

_CLOSE = b"Connection: close\r\n"


class Refused(Exception):
    """A request that is not passed on; ``host`` is empty when it names none."""

    def __init__(self, status: int, reason: str, host: str = "", method: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.host = host
        self.method = method

    def reply(self) -> bytes:
        """Return the whole response."""
        body = f"adsmock: {self}\n".encode()
        phrase = {400: "Bad Request", 403: "Forbidden"}[self.status]
        head = (
            f"HTTP/1.1 {self.status} {phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        return head.encode() + body


@dataclass(frozen=True, slots=True)
class Tunnel:
    """``CONNECT``: TLS to ``host`` follows on this connection, or clear text on its port 80."""

    host: str
    is_clear: bool = False


@dataclass(frozen=True, slots=True)
class Clear:
    """A request for an ``http`` address; ``first`` is all that came, made the connection's last."""

    host: str
    first: bytes


class Head:
    """Collects bytes until they are the head of one request to a served host."""

    def __init__(self, hosts: Iterable[str]) -> None:
        import h11  # noqa: PLC0415 -- 10 ms that only who is a proxy should pay

        self._hosts = frozenset(hosts)
        self._h11 = h11
        self._parser = h11.Connection(h11.SERVER)
        self._raw = b""

    def take(self, data: bytes) -> Tunnel | Clear | None:
        """Return what the client wants, None while its head is not whole.

        Raises:
            Refused: 403 for a host that is not served, 400 for what no proxy understands.
            EOFError: the client left before it had said anything whole.
        """
        self._raw += data
        try:
            self._parser.receive_data(data)
            event = self._parser.next_event()
        except self._h11.RemoteProtocolError as error:
            raise Refused(400, f"not a request that a proxy understands: {error}") from None
        if isinstance(event, self._h11.ConnectionClosed):
            raise EOFError  # noqa: TRY004 -- no type is checked here: the client has left
        return self._read(event) if isinstance(event, self._h11.Request) else None

    def _read(self, request: h11.Request) -> Tunnel | Clear:
        target = request.target.decode("ascii", "replace")
        method = request.method.decode("ascii", "replace")
        is_tunnel = method == "CONNECT"
        host, port = _split(f"//{target}" if is_tunnel else target)
        if not host:
            raise Refused(400, "this is a proxy; set it as HTTPS_PROXY, call it by no other way")
        # The path stays out of what is told: it may hold what nobody shall read.
        place = f"{host}:{port or HTTP_PORT}"
        ports = {HTTP_PORT, HTTPS_PORT} if is_tunnel else {None, HTTP_PORT}
        if host not in self._hosts or port not in ports:
            raise Refused(403, self._no(place), place, method)
        if not is_tunnel:
            line, _, rest = self._raw.partition(b"\r\n")
            return Clear(host, line + b"\r\n" + _CLOSE + rest)
        if self._parser.trailing_data[0]:
            raise Refused(400, "TLS began before the tunnel was there", place, method)
        return Tunnel(host, is_clear=port == HTTP_PORT)

    def _no(self, place: str) -> str:
        served = ", ".join(sorted(self._hosts))
        return f"{place} is refused, for nothing leaves this machine; served are {served}"


def _split(address: str) -> tuple[str, int | None]:
    """Return host and port of an address; an empty host when it has none."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "", None
    return host, port
