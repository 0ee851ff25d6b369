"""uvicorn's HTTP protocol, with the connection accessible to the application.

Private attributes of uvicorn's protocol and request cycle are used here, in ``fast_path`` and in
``wire``. ``tests/wire`` fails when a new uvicorn changes them.

Glossary
    protocol  one connection, as uvicorn parses it.
    cycle     one request and its response on that connection, as uvicorn counts it.
    wire      one cycle and its transport; the application gets it in ``scope["wire"]``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from adsmock.mockserver.core.call import Endpoint
from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.edge.wire import Wire

_LOGGER = logging.getLogger("adsmock.edge")
# An invalid request is answered with 400 and not logged. Logged errors are defects of the mock.
_LOGGER.setLevel(logging.ERROR)

_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class ConnectionOrigin:
    """Where a connection came from, if another listener accepted it.

    ``first`` are bytes that were already read; ``on_connected`` gets the transport.
    """

    endpoint: Endpoint
    first: bytes
    on_connected: Callable[[Any], None]


class EdgeProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with a ``Wire`` in the scope of every request.

    It logs neither calls nor invalid requests. ``awaits_headers`` is true from the first byte of a
    request, or the start of a connection, to the end of the headers; ``is_idle`` from the end of
    a response to the next request.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.logger = _LOGGER
        self.access_log = False
        self.number = next(_NUMBERS)
        self.endpoint = Endpoint("none")
        self.awaits_headers = True
        self.is_idle = False
        self._origin: ConnectionOrigin | None = None
        self._awaited_since = 0.0
        self._default_headers: tuple[Any, str] = (None, "")

    def set_origin(self, origin: ConnectionOrigin) -> None:
        """Set where the connection came from, if its port does not tell."""
        self._origin = origin

    def connection_made(self, transport: Any) -> None:
        """Look up the endpoint of this connection."""
        super().connection_made(transport)
        origin = self._origin
        if origin is None:
            endpoints: dict[int, Endpoint] = self.app.endpoints
            port = self.server[1] if self.server else None
            self.endpoint = endpoints.get(port or 0, self.endpoint)
            return
        self.endpoint = origin.endpoint
        origin.on_connected(transport)
        if origin.first:
            self.data_received(origin.first)

    def on_message_begin(self) -> None:
        """Start to wait for headers."""
        self.note_beginning()
        super().on_message_begin()

    def note_beginning(self) -> None:
        """Record that a request began and its headers are incomplete."""
        self.is_idle = False
        self.awaits_headers = True
        self._awaited_since = 0.0

    def on_headers_complete(self) -> None:
        """Record the time of arrival and add the wire to the scope.

        When ``super()`` returns, uvicorn has scheduled the application but not started it.
        """
        arrived = monotonic()
        self.awaits_headers = False
        super().on_headers_complete()
        cycle = self.cycle
        cycle.scope["wire"] = Wire(self, cycle, arrived)  # type: ignore[typeddict-unknown-key]  # an extension

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

    def expire(self, now: float, headers: float, idle: float) -> None:
        """Close a connection that has waited too long, in seconds since the first check.

        ``headers`` is the limit for incomplete headers, ``idle`` the limit between calls.
        """
        if not (self.awaits_headers or self.is_idle):
            return
        if not self._awaited_since:
            self._awaited_since = now
        elif now - self._awaited_since >= (idle if self.is_idle else headers):
            self.transport.close()
