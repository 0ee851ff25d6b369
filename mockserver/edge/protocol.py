"""uvicorn's HTTP protocol, with the connection accessible to the application.

Private attributes of uvicorn's protocol and request cycle are used here, in ``fast_path`` and in
``wire``. ``tests/wire`` fails when a new uvicorn changes them.

Glossary
    protocol  one connection, as uvicorn parses it.
    cycle     one request and its response on that connection, as uvicorn counts it.
    wire      one cycle and its transport; the application gets it in ``scope["wire"]``.
    head      the request line and the headers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from adsmock.mockserver.core.call import Endpoint, Reply
from adsmock.mockserver.core.capacity import Capacity
from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.edge.request_target import origin_form
from adsmock.mockserver.edge.wire import Wire, head_of

_LOGGER = logging.getLogger("adsmock.edge")
# An invalid request is answered with 400 and not logged. Logged errors are defects of the mock.
_LOGGER.setLevel(logging.ERROR)

_NUMBERS = count(1)

_OFFERS = {b"upgrade", b"http2-settings"}
"""Connection options that offer another protocol."""

BAD_REQUEST, URI_TOO_LONG, HEADERS_TOO_LARGE, UNAVAILABLE = 400, 414, 431, 503


@dataclass(frozen=True, slots=True)
class ConnectionOrigin:
    """Where a connection came from, if another listener accepted it.

    ``first`` are bytes that were already read; ``on_connected`` gets the transport.
    """

    endpoint: Endpoint
    first: bytes
    on_connected: Callable[[Any], None]


class HeadRefused(Exception):
    """A request head that exceeds a limit: it ends the parsing of the connection."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class EdgeProtocol(HttpToolsProtocol):
    """uvicorn's protocol with limits, and with a ``Wire`` in the scope of every request.

    Its application has ``capacity``, ``reserved_connections``, ``endpoints`` and ``refusal``. It
    logs neither calls nor invalid requests. ``awaits_headers`` is true from the first byte of a
    request, or the start of a connection, to the end of the headers; ``is_idle`` from the end of a
    response to the next request. A connection that ``is_ending`` has had its last reply: what
    arrives is discarded.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.logger = _LOGGER
        self.access_log = False
        self.number = next(_NUMBERS)
        self.endpoint = Endpoint("none")
        self.awaits_headers = True
        self.is_idle = False
        self.is_ending = False
        self.capacity: Capacity = self.app.capacity
        self.limits = self.capacity.limits
        self._origin: ConnectionOrigin | None = None
        self._is_counted = False
        self._awaited_since = 0.0
        self._discarded = 0
        self._head_status = 0
        self._declined = b""
        # Bytes of the last read, of the one in which a head began, and of all since, the last not.
        self._piece_bytes = self._first_bytes = self._head_bytes = 0
        self._default_headers: tuple[Any, str] = (None, "")

    def set_origin(self, origin: ConnectionOrigin) -> None:
        """Set where the connection came from, if its port does not tell."""
        self._origin = origin

    def connection_made(self, transport: Any) -> None:
        """Look up the endpoint of this connection; refuse the connection at the ceiling."""
        super().connection_made(transport)
        self._is_counted = self.capacity.connect(self.app.reserved_connections)
        origin = self._origin
        if origin is None:
            endpoints: dict[int, Endpoint] = self.app.endpoints
            port = self.server[1] if self.server else None
            self.endpoint = endpoints.get(port or 0, self.endpoint)
        else:
            self.endpoint = origin.endpoint
            origin.on_connected(transport)
        if not self._is_counted:
            self._refuse_connection()
        elif origin is not None and origin.first:
            self.data_received(origin.first)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count the end of the connection."""
        if self._is_counted:
            self._is_counted = False
            self.capacity.disconnect()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse; refuse a head that exceeds the limits before it is complete."""
        if self.is_ending:
            self._discard(data)
            return
        self.parse(data)

    def parse(self, data: bytes) -> None:
        """Parse bytes of a connection that has not had its last reply."""
        while data:
            self._piece_bytes = len(data)
            rest = b""
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserError:
                self.send_400_response("")
            except httptools.HttpParserUpgrade as upgrade:
                if self.is_declined:
                    rest = self._declined + data[upgrade.args[0] :]
            if self.awaits_headers and not self.is_ending:
                self._head_bytes += len(data)
                if self._head_bytes - self._first_bytes > self.limits.header_bytes:
                    is_url = len(self.url) > self.limits.url_bytes
                    self.refuse_head(URI_TOO_LONG if is_url else HEADERS_TOO_LARGE)
            data = rest

    @property
    def is_declined(self) -> bool:
        """Whether the request is parsed again, without the other protocol that it offered."""
        return bool(self._declined)

    def offers_upgrade(self) -> bool:
        """Say whether the head offers another protocol. CONNECT is no such offer."""
        return bool(self.parser.should_upgrade()) and self.parser.get_method() != b"CONNECT"

    def decline_upgrade(self, fields: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep the head of a request that offers another protocol, without the offer.

        The parser reads no body after an offer, and the offer may be ignored (RFC 9110, 7.8). The
        HttpClient of Java offers HTTP/2 on connections without TLS.
        """
        rows = [(name, _without_offer(name, value)) for name, value in fields if name != b"upgrade"]
        lines = b"".join(b"%b: %b\r\n" % row for row in rows if row != (b"connection", b""))
        version = self.parser.get_http_version().encode()
        start = b"%b %b HTTP/%b\r\n" % (self.parser.get_method(), self.url, version)
        self._declined = start + lines + b"\r\n"

    def on_message_begin(self) -> None:
        """Start to wait for headers."""
        self.note_beginning()
        super().on_message_begin()

    def note_beginning(self) -> None:
        """Record that a request began and its headers are incomplete."""
        self.is_idle = False
        self.awaits_headers = True
        self._awaited_since = 0.0
        self._declined = b""
        self._head_bytes, self._first_bytes = 0, self._piece_bytes

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; fields after the body are counted with them.

        Raises:
            HeadRefused: there are too many.
        """
        if len(self.headers) > self.limits.headers:
            raise self.refused_head(HEADERS_TOO_LARGE)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Record the time of arrival and add the wire to the scope.

        When ``super()`` returns, uvicorn has scheduled the application but not started it.

        Raises:
            HeadRefused: the head exceeds a limit or has an invalid target.
        """
        arrived = monotonic()
        self.awaits_headers = False
        self.check_head(len(self.headers))
        if self.offers_upgrade():
            self.decline_upgrade(self.headers)
        if not self.is_declined:
            self.start_cycle(arrived)

    def on_message_complete(self) -> None:
        """Pass a whole request to uvicorn."""
        if not self.is_declined:
            super().on_message_complete()

    def start_cycle(self, arrived: float) -> None:
        """Let uvicorn make scope, cycle and task.

        Raises:
            HeadRefused: the target is invalid.
        """
        target = origin_form(self.url)
        if target is None:
            raise self.refused_head(BAD_REQUEST)
        self.url = target.encode()
        try:
            super().on_headers_complete()
        except httptools.HttpParserInvalidURLError:
            raise self.refused_head(BAD_REQUEST) from None
        cycle = self.cycle
        cycle.scope["wire"] = Wire(self, cycle, arrived)  # type: ignore[typeddict-unknown-key]  # an extension

    def check_head(self, headers: int) -> None:
        """Compare a complete head with the limits.

        Raises:
            HeadRefused: it exceeds one, or follows the connection's last request.
        """
        limits = self.limits
        if self.is_ending:
            raise self.refused_head(BAD_REQUEST)
        # Neither is larger than what arrived since the head began: mostly nothing else is compared.
        arrived = self._head_bytes + self._piece_bytes
        if arrived > limits.url_bytes and len(self.url) > limits.url_bytes:
            raise self.refused_head(URI_TOO_LONG)
        is_large = arrived > limits.header_bytes and self.header_size() > limits.header_bytes
        if is_large or headers > limits.headers:
            raise self.refused_head(HEADERS_TOO_LARGE)

    def header_size(self) -> int:
        """Return the size of the headers of a request whose head is complete."""
        return sum(len(name) + len(value) for name, value in self.headers)

    def refused_head(self, status: int) -> HeadRefused:
        """Return the exception that ends parsing; uvicorn then calls ``send_400_response``."""
        self._head_status = status
        return HeadRefused(status)

    def send_400_response(self, msg: str) -> None:
        """Answer what cannot be parsed, and a head that was refused."""
        del msg
        if self._head_status:
            self.refuse_head(self._head_status)
        else:
            self._refuse_unread(BAD_REQUEST)

    def refuse_head(self, status: int) -> None:
        """Refuse a request for its head. This is the connection's last reply."""
        self._refuse_unread(status)

    def has_answered(self) -> bool:
        """Say whether every request of this connection has its whole reply."""
        # Before the first request there is no cycle, whatever its declared type says.
        return bool(getattr(self.cycle, "response_complete", True))

    def _refuse_unread(self, status: int) -> None:
        """Refuse what arrives without a call: it is not journaled."""
        if self.is_ending:
            return
        if not self.has_answered():
            self.transport.close()
            return
        reply: Reply = self.app.refusal(status)
        self.transport.write(head_of(reply, len(reply.body), self.default_headers()) + reply.body)
        self.end()

    def _refuse_connection(self) -> None:
        """Refuse a connection above the ceiling; far above it, without a reply."""
        if len(self.connections) > 2 * (self.limits.connections + self.app.reserved_connections):
            self.transport.abort()
        else:
            self._refuse_unread(UNAVAILABLE)

    def close_after_reply(self) -> None:
        """Close the connection after its last reply."""
        if self._head_status:
            self.end()
        else:
            self.transport.close()

    def end(self) -> None:
        """Close the connection after its last reply, once the client has stopped sending.

        An earlier close would reset the connection while the client sends, before it has read the
        reply.
        """
        transport = self.transport
        if self.is_ending or transport.is_closing():
            return
        self.is_ending = True
        self.awaits_headers = self.is_idle = False
        if not transport.can_write_eof():
            transport.close()
            return
        transport.write_eof()
        self.loop.call_later(self.limits.drain_seconds, transport.close)

    def _discard(self, data: bytes) -> None:
        self._discarded += len(data)
        if self._discarded > self.limits.drain_bytes:
            self.transport.close()

    def on_response_complete(self) -> None:
        """Continue with the next request in the pipeline, or start to wait for one.

        uvicorn starts a timer here and stops it at the next byte. ``expire`` checks once a second
        instead, at no cost per call.
        """
        if self.pipeline:
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()
        self.is_idle = True
        self._awaited_since = 0.0

    def default_headers(self) -> str:
        """Return the lines of Server and Date; uvicorn makes a new list every second."""
        headers = self.server_state.default_headers
        known, text = self._default_headers
        if known is not headers:
            rows = (f"{name.decode()}: {value.decode()}\r\n" for name, value in headers)
            text = "".join(rows)
            self._default_headers = (headers, text)
        return text

    def expire(self, now: float) -> None:
        """Close a connection that has waited too long; ``now`` is in seconds.

        One limit is for incomplete headers, one for the time between calls.
        """
        if not (self.awaits_headers or self.is_idle):
            return
        limits = self.limits
        if not self._awaited_since:
            self._awaited_since = now
        elif now - self._awaited_since >= (
            limits.idle_seconds if self.is_idle else limits.head_seconds
        ):
            self.transport.close()


def _without_offer(name: bytes, value: bytes) -> bytes:
    if name != b"connection":
        return value
    options = (option.strip() for option in value.split(b","))
    return b", ".join(option for option in options if option.lower() not in _OFFERS)
