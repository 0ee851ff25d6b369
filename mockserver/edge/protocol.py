"""uvicorn's HTTP protocol, with the connection within reach of the application.

Knows uvicorn's protocol and request cycle: their attributes are used here and nowhere else, and
``tests/wire`` fails when a new uvicorn moves them. Must not know what a call means.

Glossary
    protocol  one connection, as uvicorn parses it.
    cycle     one request and its response on that connection, as uvicorn counts it.
    wire      what the application gets in ``scope["wire"]``: one cycle and its transport.
"""

from __future__ import annotations

import logging
from itertools import count
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mockserver.core.call import Door
from mockserver.core.clock import monotonic
from mockserver.edge.wire import Wire

_LOGGER = logging.getLogger("adsmock.edge")
# A client that speaks nonsense is the client's affair: answered with 400, not logged. What is
# logged as an error is a defect of the mock.
_LOGGER.setLevel(logging.ERROR)

_NUMBERS = count(1)


class QuietProtocol(HttpToolsProtocol):
    """uvicorn's protocol without a line of log per call or per broken client.

    ``idle_since`` is the monotonic time at which a started request or a new connection began to
    wait for its headers, 0.0 while none is awaited.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.logger = _LOGGER
        self.access_log = False
        self.idle_since = monotonic()

    def on_message_begin(self) -> None:
        """Note when a request began, so that a client that never ends it can be told off."""
        super().on_message_begin()
        self.idle_since = monotonic()

    def on_headers_complete(self) -> None:
        """Stop waiting for headers."""
        self.idle_since = 0.0
        super().on_headers_complete()

    def expire(self) -> None:
        """Close a connection whose headers never came."""
        self.transport.close()


class EdgeProtocol(QuietProtocol):
    """The protocol of the data plane: every scope carries its ``Wire``."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.number = next(_NUMBERS)
        self.door = Door("none")

    def connection_made(self, transport: Any) -> None:
        """Look up the door that this connection came through."""
        super().connection_made(transport)
        doors: dict[int, Door] = self.app.doors
        port = self.server[1] if self.server else None
        self.door = doors.get(port or 0, self.door)

    def on_headers_complete(self) -> None:
        """Take the time of arrival and hand the connection to the application.

        uvicorn has only scheduled the application when ``super()`` returns, so the scope can
        still be added to.
        """
        arrived = monotonic()
        super().on_headers_complete()
        cycle = self.cycle
        cycle.scope["wire"] = Wire(self, cycle, arrived)  # type: ignore[typeddict-unknown-key]
