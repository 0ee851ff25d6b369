"""One request's control over its connection: read, write, wait, break.

Private attributes of uvicorn's request cycle are used here; see ``mockserver.edge.protocol``.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from http import HTTPStatus
from typing import Any, Protocol

from adsmock.mockserver.core.call import BODILESS, Endpoint, Reply
from adsmock.mockserver.core.clock import monotonic

_STATUS_LINES = {each.value: f"HTTP/1.1 {each.value} {each.phrase}\r\n" for each in HTTPStatus}
_NO_LINGER = struct.pack("ii", 1, 0)
_POLL_SECONDS = 0.005
_JOINED_BYTES = 16_384
"""Below this size one copied buffer is cheaper than two buffers."""
_WATCHED_REQUESTS = 64
"""Requests that may wait behind a stream while its client is watched; each takes memory."""


class Connection(Protocol):
    """What a wire needs of uvicorn's protocol."""

    transport: Any
    flow: Any
    pipeline: Any
    number: int
    endpoint: Endpoint

    def default_headers(self) -> str:
        """Return the header lines that every response carries."""

    def close_after_reply(self) -> None:
        """Close the connection after its last reply."""


class Wire:
    """One request's control over its connection.

    ``t_send`` is the monotonic time before the first byte (0.0 until then), ``sent`` the number of
    body bytes written, ``pace`` the seconds of the sandbox's time per second of the machine.
    """

    __slots__ = ("_cycle", "arrived", "connection", "pace", "sent", "t_send")

    def __init__(self, connection: Connection, cycle: Any, arrived: float) -> None:
        self.connection = connection
        self._cycle = cycle
        self.arrived = arrived
        self.t_send = 0.0
        self.sent = 0
        self.pace = 1.0

    @property
    def is_gone(self) -> bool:
        """Say whether the client has left."""
        return bool(self._cycle.disconnected or self.connection.transport.is_closing())

    def watch(self) -> None:
        """Read on behind few further requests: a paused transport does not notice a leave."""
        if len(self.connection.pipeline) <= _WATCHED_REQUESTS:
            self.connection.flow.resume_reading()

    @property
    def awaits_continue(self) -> bool:
        """Say whether the client waits for ``100 Continue`` before it sends its body."""
        return bool(self._cycle.waiting_for_100_continue)

    def whole_body(self) -> bytes | None:
        """Return the body if all of it has arrived, else None."""
        cycle = self._cycle
        if cycle.more_body:
            return None
        # The client has sent everything: it does not wait for "100 Continue".
        cycle.waiting_for_100_continue = False
        return bytes(cycle.body)

    def head(self, reply: Reply, length: int) -> bytes:
        """Return the status line and headers of ``reply``, announcing ``length`` bytes of body."""
        keep_alive = self._cycle.keep_alive
        return head_of(reply, length, self.connection.default_headers(), keep_alive=keep_alive)

    def write(self, head: bytes, body: bytes = b"") -> None:
        """Write bytes, and record the time of the first."""
        cycle, transport = self._cycle, self.connection.transport
        if not self.t_send:
            self.t_send = monotonic()
            cycle.response_started = True
        if cycle.disconnected or transport.is_closing():
            return
        if not body or cycle.scope["method"] == "HEAD":
            transport.write(head)
            return
        self.sent += len(body)
        if len(body) < _JOINED_BYTES:
            transport.write(head + body)
        else:
            transport.writelines((head, body))

    def send(self, reply: Reply) -> None:
        """Write a whole reply."""
        body = reply.body
        keep_alive = self._cycle.keep_alive
        head = head_of(reply, len(body), self.connection.default_headers(), keep_alive=keep_alive)
        self.write(head, b"" if reply.status in BODILESS else body)

    @property
    def is_full(self) -> bool:
        """Say whether written bytes wait for the client: then ``drain`` first."""
        return bool(self.connection.flow.write_paused)

    async def drain(self) -> None:
        """Wait until the client has read enough that more may be written."""
        if self.is_full and not self.is_gone:
            await self.connection.flow.drain()

    async def flush(self) -> None:
        """Wait until everything written has left this process."""
        transport = self.connection.transport
        await asyncio.sleep(0)
        # A transport does not report when its buffer is empty, so poll.
        while transport.get_write_buffer_size() and not self.is_gone:  # noqa: ASYNC110 -- see above
            await asyncio.sleep(_POLL_SECONDS)

    async def pause(self, seconds: float) -> bool:
        """Wait for ``seconds`` of the sandbox's time; return whether the client has stayed.

        A frozen clock does not move by itself: there they are seconds of the machine.
        """
        cycle = self._cycle
        if self.is_gone:
            return False
        cycle.message_event.clear()
        # A paused transport does not notice that the client leaves.
        self.connection.flow.resume_reading()
        try:
            async with asyncio.timeout(seconds / self.pace):
                await cycle.message_event.wait()
        except TimeoutError:
            pass
        return not self.is_gone

    def finish(self) -> None:
        """End the response; the connection stays open if both sides keep it."""
        cycle = self._cycle
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.connection.close_after_reply()
        cycle.on_response()

    def forbid_reuse(self) -> None:
        """Make this the connection's last response."""
        self._cycle.keep_alive = False

    def abandon(self) -> None:
        """End the response without a further byte, because the client has left."""
        cycle = self._cycle
        cycle.keep_alive = False
        cycle.response_started = cycle.response_complete = True

    def close(self) -> None:
        """Close the connection with FIN, whatever length was announced."""
        self._over()
        self.connection.transport.close()

    def reset(self) -> None:
        """Reset the connection with RST: the client sees "connection reset by peer"."""
        self._over()
        transport = self.connection.transport
        handle = transport.get_extra_info("socket")
        if handle is not None and not transport.is_closing():
            handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        transport.abort()

    def _over(self) -> None:
        if not self.t_send:
            self.t_send = monotonic()
        self.abandon()


def head_of(reply: Reply, length: int, defaults: str, *, keep_alive: bool = False) -> bytes:
    """Return the status line and headers of ``reply``, announcing ``length`` bytes of body.

    ``defaults`` are the lines that every response carries.
    """
    status = reply.status
    text = _STATUS_LINES.get(status) or f"HTTP/1.1 {status} \r\n"
    text += defaults
    if reply.content_type:
        text += f"content-type: {reply.content_type}\r\n"
    if status not in BODILESS:
        text += f"content-length: {length}\r\n"
    text += reply.lines
    for name, value in reply.headers.items():
        text += f"{name}: {value}\r\n" if value.isprintable() else _printable(name, value)
    text += "\r\n" if keep_alive else "connection: close\r\n\r\n"
    return text.encode("latin-1", "replace")


def _printable(name: str, value: str) -> str:
    """Return a header line without unprintable characters, above all without line ends."""
    return f"{name}: " + "".join(each if each.isprintable() else " " for each in value) + "\r\n"
