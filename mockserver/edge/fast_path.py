"""The fast path: a request that arrives in one piece is answered without its own task.

uvicorn makes a scope, a cycle, an event and a task per request. Most requests arrive in one piece
and are answered at once, so the parser's last callback calls the edge directly. A request with an
incomplete body and a pipelined request take the path through ASGI. Both paths end in
``Edge.begin``. Private attributes of uvicorn are used here; see ``mockserver.edge.protocol``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from adsmock.mockserver.core.call import Call
from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.edge.asgi import make_call
from adsmock.mockserver.edge.protocol import (
    BAD_REQUEST,
    HEADERS_TOO_LARGE,
    EdgeProtocol,
    HeadRefused,
)
from adsmock.mockserver.edge.request_target import origin_form
from adsmock.mockserver.edge.wire import Wire

INLINE_ANSWERS = 16
"""Requests of one read that are answered before other connections get their turn."""

MAX_PIPELINED = 64
"""Requests of one connection that wait for their turn; a connection with more is closed."""

_REFUSED_PATH_BYTES = 1_024
"""Bytes of a refused target that the journal keeps."""

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
"""The headers of nearly every call, in the spellings of most clients, decoded once."""


class _Trailers(dict[str, str]):
    """The fields after a body: they are counted and not kept."""

    def __init__(self, limit: int, refused: Callable[[int], HeadRefused]) -> None:
        super().__init__()
        self.left = self._limit = limit
        self._refused = refused

    def restart(self) -> None:
        """Begin to count for another request."""
        self.left = self._limit

    def __setitem__(self, name: str, value: str) -> None:
        """Count a field.

        Raises:
            HeadRefused: there are too many.
        """
        self.left -= 1
        if self.left < 0:
            raise self._refused(HEADERS_TOO_LARGE)


class _NullEvent:
    """An event that nobody waits for."""

    def set(self) -> None:
        """Do nothing."""

    def clear(self) -> None:
        """Do nothing."""


_NULL_EVENT = _NullEvent()


class InlineCycle:
    """One request and its response, with the attributes that uvicorn and a wire use."""

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
        self.message_event: Any = _NULL_EVENT


class InlineProtocol(EdgeProtocol):
    """The protocol of the data plane: its application is an ``Edge``.

    ``_body_parts`` collects the body while a request may take the fast path, else it is None.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._body_parts: list[bytes] | None = None
        self._fields: dict[str, str] = {}
        self._head: dict[str, str] = self._fields
        self._trailers = _Trailers(self.limits.headers, self.refused_head)
        self._repeated = 0
        self._answered = 0
        self._arrived = 0.0
        self.url = b""

    def on_message_begin(self) -> None:
        """Start to wait for headers; the scope is made only if it is needed."""
        self.note_beginning()
        self.url = b""
        self._fields = {}
        self._repeated = 0
        if self._trailers.left < self.limits.headers:
            self._trailers.restart()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header by its lower-case name; values of a repeated header are joined."""
        key = _NAMES.get(name) or name.decode("latin-1").lower()
        text, fields = value.decode("latin-1"), self._fields
        if key not in fields:
            fields[key] = text
            return
        self._repeated += 1
        if self._repeated <= self.limits.headers:
            fields[key] = f"{fields[key]}, {text}"

    def on_headers_complete(self) -> None:
        """Record the time of arrival, and choose the path of the request.

        Raises:
            HeadRefused: the head exceeds a limit.
        """
        self.awaits_headers = False
        self._arrived = monotonic()
        self._head, self._fields = self._fields, self._trailers
        self.check_head(len(self._head) + self._repeated)
        if self.offers_upgrade():
            head = self._head.items()
            self.decline_upgrade((n.encode("latin-1"), v.encode("latin-1")) for n, v in head)
            return
        cycle: Any = self.cycle  # None before the first request, whatever its declared type says
        if (
            (cycle is not None and not cycle.response_complete)
            or self._answered >= INLINE_ANSWERS
            or "expect" in self._head
            or self.parser.should_upgrade()
        ):
            if len(self.pipeline) >= MAX_PIPELINED:
                raise self.refused_head(BAD_REQUEST)
            self._use_asgi()
        else:
            self._body_parts = []

    def header_size(self) -> int:
        """Return the size of the headers of a request whose head is complete."""
        return sum(len(name) + len(value) for name, value in self._head.items())

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body, or pass it to uvicorn."""
        if self._body_parts is None:
            super().on_body(body)
        else:
            self._body_parts.append(body)

    def on_message_complete(self) -> None:
        """Answer a request that is on the fast path."""
        if self.is_declined:
            return
        parts, self._body_parts = self._body_parts, None
        if parts is None:
            super().on_message_complete()
            return
        if self.transport.is_closing() or self.is_ending:
            return  # bytes after a connection's last request are ignored
        self._answered += 1
        try:
            self._answer(b"".join(parts))
        except Exception:
            # A defect of the mock: log it, and let the client see a broken connection.
            self.logger.exception("a call could not be answered")
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Parse; a request that is incomplete when the data ends takes the path through ASGI."""
        self._answered = 0
        if self.is_ending:
            super().data_received(data)
            return
        self.parse(data)
        if self._body_parts is not None:
            parts, self._body_parts = self._body_parts, None
            if not (self.transport.is_closing() or self.is_ending):
                self._continue_by_asgi(parts)

    def _continue_by_asgi(self, parts: list[bytes]) -> None:
        """Let uvicorn collect the rest of a body."""
        try:
            self._use_asgi()
        except HeadRefused as refused:
            self.refuse_head(refused.status)
            return
        for piece in parts:
            super().on_body(piece)

    def refuse_head(self, status: int) -> None:
        """Refuse a request for its head. The journal records what is known of it."""
        if self.is_ending:
            return
        if not self.has_answered():
            self.transport.close()
            return
        self._head_status = status
        self.awaits_headers = False
        self._body_parts = None
        fields = self._head if self._fields is self._trailers else self._fields
        method = self.parser.get_method().decode("ascii")
        wire = self._new_wire(method, keep_alive=False)
        path, _, query = self.url[:_REFUSED_PATH_BYTES].decode("latin-1").partition("?")
        self._begin(make_call(wire, (method, path, query), fields, b""), wire, status)

    def _answer(self, body: bytes) -> None:
        target = origin_form(self.url)
        if target is None:
            self.refuse_head(BAD_REQUEST)
            return
        path, _, query = target.partition("#")[0].partition("?")
        method = self.parser.get_method().decode("ascii")
        is_kept = self.parser.should_keep_alive() and self.parser.get_http_version() != "1.0"
        wire = self._new_wire(method, keep_alive=is_kept)
        path = unquote(path) if "%" in path else path
        self._begin(make_call(wire, (method, path, query), self._head, body), wire)

    def _begin(self, call: Call, wire: Wire, refusal: int = 0) -> None:
        rest = self.app.begin(call, wire, refusal)
        if rest is not None:
            self.cycle.message_event = asyncio.Event()
            task = self.loop.create_task(rest)
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def _new_wire(self, method: str, *, keep_alive: bool) -> Wire:
        cycle = InlineCycle(method, self.on_response_complete, keep_alive=keep_alive)
        self.cycle = cycle  # type: ignore[assignment]  # all that uvicorn asks of one
        return Wire(self, cycle, self._arrived or monotonic())

    def _use_asgi(self) -> None:
        """Let uvicorn make scope, cycle and task, as for any ASGI application.

        Raises:
            HeadRefused: the target is invalid.
        """
        url, fields = self.url, self._head
        # uvicorn's own beginning: this request's head is complete.
        super(EdgeProtocol, self).on_message_begin()
        self.url = url
        self.expect_100_continue = fields.get("expect", "").lower() == "100-continue"
        # The scope refers to this list.
        rows = ((name.encode("latin-1"), text.encode("latin-1")) for name, text in fields.items())
        self.headers.extend(rows)
        self.start_cycle(self._arrived)
        scope: dict[str, Any] = self.cycle.scope  # type: ignore[assignment]  # extended
        scope["fields"] = fields
