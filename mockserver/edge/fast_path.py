"""The short way: a request that is there as a whole is answered without a task of its own.

uvicorn makes a scope, a cycle, an event and a task per request. Most requests arrive in one
piece and are answered at once, so here the parser's last callback calls the edge itself. What is
not that simple (a body still on its way, a request behind another, an offer to upgrade) goes
the long way through ASGI; both end in ``Edge.begin``. Knows uvicorn's protocol, like
``adsmock.mockserver.edge.protocol``. Must not know what a call means.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import httptools

from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.edge.asgi import make_call
from adsmock.mockserver.edge.protocol import EdgeProtocol
from adsmock.mockserver.edge.wire import Wire

_NAMES = {
    spelling.encode(): name.lower()
    for name in (
        "Accept",
        "Accept-Encoding",
        "Amazon-Advertising-API-ClientId",
        "Amazon-Advertising-API-Scope",
        "Authorization",
        "Connection",
        "Content-Length",
        "Content-Type",
        "Host",
        "Prefer",
        "User-Agent",
    )
    for spelling in (name, name.lower(), name.title())
}
"""What nearly every call carries, in the spellings of most clients, decoded once."""


class _Deaf:
    """Stands in for an event while nobody waits for it."""

    def set(self) -> None:
        """Do nothing."""

    def clear(self) -> None:
        """Do nothing."""


_DEAF = _Deaf()


class Turn:
    """One request and its response, with what uvicorn and a wire ask of a cycle."""

    __slots__ = (
        "disconnected",
        "keep_alive",
        "message_event",
        "on_response",
        "response_complete",
        "response_started",
        "scope",
    )

    def __init__(self, method: str, on_response: Callable[[], None], *, keep_alive: bool) -> None:
        self.scope = {"method": method}
        self.on_response = on_response
        self.keep_alive = keep_alive
        self.disconnected = False
        self.response_started = False
        self.response_complete = False
        self.message_event: Any = _DEAF


class InlineProtocol(EdgeProtocol):
    """The protocol of the data plane: its application is an ``Edge``.

    ``_held`` collects the body of a request whose way is not chosen yet, None otherwise.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._held: list[bytes] | None = None
        self._fields: dict[str, str] = {}
        self._arrived = 0.0

    def on_message_begin(self) -> None:
        """Begin to wait for headers; the scope is made by whoever needs one."""
        self.note_beginning()
        self.url = b""
        self._fields = {}

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header by its name in lower case; the values of a repeated one are joined."""
        key = _NAMES.get(name) or name.decode("latin-1").lower()
        text, fields = value.decode("latin-1"), self._fields
        fields[key] = f"{fields[key]}, {text}" if key in fields else text

    def on_headers_complete(self) -> None:
        """Take the time of arrival and hold the request if the short way may do."""
        self.awaits_headers = False
        self._arrived = monotonic()
        # Before the first request there is no cycle, whatever its declared type says.
        is_behind = not getattr(self.cycle, "response_complete", True)
        if is_behind or "expect" in self._fields or self.parser.should_upgrade():
            self._go_long()
        else:
            self._held = []

    def on_body(self, body: bytes) -> None:
        """Hold the piece, or hand it on where the long way was taken."""
        if self._held is None:
            super().on_body(body)
        else:
            self._held.append(body)

    def on_message_complete(self) -> None:
        """Answer a held request here and now."""
        held, self._held = self._held, None
        if held is None:
            super().on_message_complete()
            return
        if self.transport.is_closing():
            return  # what came behind a connection's last request is not looked at
        try:
            self._answer(b"".join(held))
        except Exception:
            # A defect of the mock: tell it, and let the client see a broken connection.
            self.logger.exception("a call could not be answered")
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Parse; a request that is not whole when the data ends takes the long way."""
        super().data_received(data)
        held, self._held = self._held, None
        if held is not None and not self.transport.is_closing():
            self._go_long()
            for piece in held:
                super().on_body(piece)

    def _answer(self, body: bytes) -> None:
        target = httptools.parse_url(self.url)
        path = target.path.decode("ascii")
        method = self.parser.get_method().decode("ascii")
        is_kept = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        turn = Turn(method, self.on_response_complete, keep_alive=is_kept)
        self.cycle = turn  # type: ignore[assignment]  # all that uvicorn asks of one
        wire = Wire(self, turn, self._arrived)
        path = unquote(path) if "%" in path else path
        query = target.query or b""
        call = make_call(wire, self._fields, body, method=method, path=path, query=query)
        rest = self.app.begin(call, wire)
        if rest is not None:
            turn.message_event = asyncio.Event()
            task = self.loop.create_task(rest)
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def _go_long(self) -> None:
        """Let uvicorn make scope, cycle and task, as it does for any ASGI application."""
        url, fields = self.url, self._fields
        super().on_message_begin()
        self.url = url
        self.expect_100_continue = fields.get("expect", "").lower() == "100-continue"
        # The scope holds this very list.
        rows = ((name.encode("latin-1"), text.encode("latin-1")) for name, text in fields.items())
        self.headers.extend(rows)
        super().on_headers_complete()
        scope: dict[str, Any] = self.cycle.scope  # type: ignore[assignment]  # extended
        scope["wire"].arrived = self._arrived
        scope["fields"] = fields
