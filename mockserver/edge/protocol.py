"""uvicorn's HTTP protocol, with the connection within reach of the application.

Knows uvicorn's protocol and request cycle: their attributes are used here, in ``inline`` and in
``wire``, and ``tests/wire`` fails when a new uvicorn moves them. Must not know what a call means.

Glossary
    protocol  one connection, as uvicorn parses it.
    cycle     one request and its response on that connection, as uvicorn counts it.
    wire      what the application gets in ``scope["wire"]``: one cycle and its transport.
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
# A client that speaks nonsense is the client's affair: answered with 400, not logged. What is
# logged as an error is a defect of the mock.
_LOGGER.setLevel(logging.ERROR)

_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Entrance:
    """How a connection came through a gate.

    ``first`` are bytes that were read before, ``greet`` is told the transport once it is there.
    """

    door: Endpoint
    first: bytes
    greet: Callable[[Any], None]


class EdgeProtocol(HttpToolsProtocol):
    """uvicorn's protocol, handing a ``Wire`` to the application in every scope.

    It writes no line of log per call or per broken client. ``awaits_headers`` is true from the
    first byte of a request, or a connection's beginning, to the end of its headers; ``is_idle``
    from the end of a response to the next request.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.logger = _LOGGER
        self.access_log = False
        self.number = next(_NUMBERS)
        self.door = Endpoint("none")
        self.awaits_headers = True
        self.is_idle = False
        self._entrance: Entrance | None = None
        self._awaited_since = 0.0
        self._standing: tuple[Any, str] = (None, "")

    def enter(self, entrance: Entrance) -> None:
        """Say how the connection came, where its port does not say it all."""
        self._entrance = entrance

    def connection_made(self, transport: Any) -> None:
        """Look up the door that this connection came through."""
        super().connection_made(transport)
        entrance = self._entrance
        if entrance is None:
            doors: dict[int, Endpoint] = self.app.doors
            port = self.server[1] if self.server else None
            self.door = doors.get(port or 0, self.door)
            return
        self.door = entrance.door
        entrance.greet(transport)
        if entrance.first:
            self.data_received(entrance.first)

    def on_message_begin(self) -> None:
        """Begin to wait for headers."""
        self.note_beginning()
        super().on_message_begin()

    def note_beginning(self) -> None:
        """Note that a request began whose headers are still to come."""
        self.is_idle = False
        self.awaits_headers = True
        self._awaited_since = 0.0

    def on_headers_complete(self) -> None:
        """Take the time of arrival and hand the connection to the application.

        uvicorn has only scheduled the application when ``super()`` returns, so the scope can
        still be added to.
        """
        arrived = monotonic()
        self.awaits_headers = False
        super().on_headers_complete()
        cycle = self.cycle
        cycle.scope["wire"] = Wire(self, cycle, arrived)  # type: ignore[typeddict-unknown-key]  # an extension

    def on_response_complete(self) -> None:
        """Go on with the request behind, or begin to wait for one.

        uvicorn starts a timer here and stops it at the next byte; ``expire`` looks once a second,
        which costs a call nothing.
        """
        if self.pipeline:
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()
        self.is_idle = True
        self._awaited_since = 0.0

    def standing_headers(self) -> str:
        """Return the lines of Server and Date; uvicorn makes a new list each second."""
        headers = self.server_state.default_headers
        known, text = self._standing
        if known is not headers:
            rows = (f"{name.decode()}: {value.decode()}\r\n" for name, value in headers)
            text = "".join(rows)
            self._standing = (headers, text)
        return text

    def expire(self, now: float, headers: float, idle: float) -> None:
        """Close a connection that still waits so many seconds after the first look.

        ``headers`` is the patience with headers that have begun, ``idle`` the one between calls.
        """
        if not (self.awaits_headers or self.is_idle):
            return
        if not self._awaited_since:
            self._awaited_since = now
        elif now - self._awaited_since >= (idle if self.is_idle else headers):
            self.transport.close()
