"""The request that a client sends to a proxy: its parsing, and the refusal of other hosts.

h11 parses the head; uvicorn already brings it. Ready-made proxies were considered and rejected:
proxy.py and pproxy exist to forward traffic, which must never happen here, and mitmproxy brings
dozens of packages. One head and one answer are enough. The TLS that follows is served in this
process, on the same socket, so that a planned reset reaches the client as a reset.
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


class ProxyRefusal(Exception):
    """A request that is not served; ``host`` is empty when it names none."""

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
    """``CONNECT``: TLS to ``host`` follows on this connection, or plain text for port 80."""

    host: str
    is_clear: bool = False


@dataclass(frozen=True, slots=True)
class PlainRequest:
    """A request for an ``http`` address; ``first`` is the head, with ``Connection: close``."""

    host: str
    first: bytes


class RequestHead:
    """Collects bytes until they are one complete request head to a served host."""

    def __init__(self, hosts: Iterable[str]) -> None:
        import h11  # noqa: PLC0415 -- 10 ms that only a proxy needs

        self._hosts = frozenset(hosts)
        self._h11 = h11
        self._parser = h11.Connection(h11.SERVER)
        self._raw = b""

    def take(self, data: bytes) -> Tunnel | PlainRequest | None:
        """Return the client's request, None while its head is incomplete.

        Raises:
            ProxyRefusal: 403 for a host that is not served, 400 for an invalid request.
            EOFError: the client left before its head was complete.
        """
        self._raw += data
        try:
            self._parser.receive_data(data)
            event = self._parser.next_event()
        except self._h11.RemoteProtocolError as error:
            raise ProxyRefusal(400, f"invalid proxy request: {error}") from None
        if isinstance(event, self._h11.ConnectionClosed):
            raise EOFError  # noqa: TRY004 -- this checks no type: the client has left
        return self._read(event) if isinstance(event, self._h11.Request) else None

    def _read(self, request: h11.Request) -> Tunnel | PlainRequest:
        target = request.target.decode("ascii", "replace")
        method = request.method.decode("ascii", "replace")
        is_tunnel = method == "CONNECT"
        host, port = _split(f"//{target}" if is_tunnel else target)
        if not host:
            raise ProxyRefusal(
                400, "this is a proxy, expected CONNECT or an absolute URL: set it as HTTPS_PROXY"
            )
        # The path stays out of messages: it may contain secrets.
        place = f"{host}:{port or HTTP_PORT}"
        ports = {HTTP_PORT, HTTPS_PORT} if is_tunnel else {None, HTTP_PORT}
        if host not in self._hosts or port not in ports:
            raise ProxyRefusal(403, self._refusal(place), place, method)
        if not is_tunnel:
            line, _, rest = self._raw.partition(b"\r\n")
            return PlainRequest(host, line + b"\r\n" + _CLOSE + rest)
        if self._parser.trailing_data[0]:
            raise ProxyRefusal(
                400, "TLS began before the tunnel was established: wait for the 200", place, method
            )
        return Tunnel(host, is_clear=port == HTTP_PORT)

    def _refusal(self, place: str) -> str:
        served = ", ".join(sorted(self._hosts))
        return f"{place} is refused, because nothing leaves this machine; served hosts: {served}"


def _split(address: str) -> tuple[str, int | None]:
    """Return host and port of an address; an empty host when it has none."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "", None
    return host, port
