"""One request's hold on its connection: read, write, wait, break.

Knows uvicorn's request cycle (see ``mockserver.edge.protocol``) and the transport below it. Must
not know what a call means, nor which fault asks for what.
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
_LINGER_NOT = struct.pack("ii", 1, 0)
_LOOK_SECONDS = 0.005
_JOINED_BYTES = 16_384
"""Below this, copying head and body together is cheaper than handing over two buffers."""


class Connection(Protocol):
    """What a wire needs of uvicorn's protocol."""

    transport: Any
    flow: Any
    number: int
    door: Endpoint

    def standing_headers(self) -> str:
        """Return the header lines that every response carries."""


class Wire:
    """One request's hold on its connection.

    ``t_send`` is the monotonic time before the first byte (0.0 until then), ``sent`` the number
    of body bytes handed to the transport, ``pace`` how many times as fast the sandbox's time runs.
    """

    __slots__ = ("_connection", "_cycle", "arrived", "pace", "sent", "t_send")

    def __init__(self, connection: Connection, cycle: Any, arrived: float) -> None:
        self._connection = connection
        self._cycle = cycle
        self.arrived = arrived
        self.t_send = 0.0
        self.sent = 0
        self.pace = 1.0

    @property
    def number(self) -> int:
        """The connection's number in this process."""
        return self._connection.number

    @property
    def door(self) -> Endpoint:
        """The listener the connection came through."""
        return self._connection.door

    @property
    def is_gone(self) -> bool:
        """Say whether the client has left."""
        return bool(self._cycle.disconnected or self._connection.transport.is_closing())

    @property
    def waits_for_leave(self) -> bool:
        """Say whether the client holds its body back until it is told to continue."""
        return bool(self._cycle.waiting_for_100_continue)

    def whole_body(self) -> bytes | None:
        """Return the body if all of it is there already, else None."""
        cycle = self._cycle
        if cycle.more_body:
            return None
        # The client has sent all: it does not wait to be told so.
        cycle.waiting_for_100_continue = False
        return bytes(cycle.body)

    def head(self, reply: Reply, length: int) -> bytes:
        """Return status line and headers of ``reply``, announcing ``length`` bytes of body."""
        status = reply.status
        text = _STATUS_LINES.get(status) or f"HTTP/1.1 {status} \r\n"
        text += self._connection.standing_headers()
        if reply.content_type:
            text += f"content-type: {reply.content_type}\r\n"
        if status not in BODILESS:
            text += f"content-length: {length}\r\n"
        for name, value in reply.headers.items():
            text += f"{name}: {value}\r\n" if value.isprintable() else _tamed(name, value)
        text += "\r\n" if self._cycle.keep_alive else "connection: close\r\n\r\n"
        return text.encode("latin-1", "replace")

    def write(self, head: bytes, body: bytes = b"") -> None:
        """Hand bytes to the transport, noting when the first of them went."""
        cycle, transport = self._cycle, self._connection.transport
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
        """Hand a whole reply to the transport."""
        bodiless = reply.status in BODILESS
        self.write(self.head(reply, len(reply.body)), b"" if bodiless else reply.body)

    @property
    def is_full(self) -> bool:
        """Say whether the client has yet to take what was written: then ``drain`` first."""
        return bool(self._connection.flow.write_paused)

    async def drain(self) -> None:
        """Wait until the client has taken enough that more may be written."""
        if self.is_full and not self.is_gone:
            await self._connection.flow.drain()

    async def flush(self) -> None:
        """Wait until everything written has left this process."""
        transport = self._connection.transport
        await asyncio.sleep(0)
        # A transport tells no one when its buffer is empty, so look again and again.
        while transport.get_write_buffer_size() and not self.is_gone:  # noqa: ASYNC110 -- as said
            await asyncio.sleep(_LOOK_SECONDS)

    async def pause(self, seconds: float) -> bool:
        """Let ``seconds`` of the sandbox pass; say whether the client is still there after them.

        A frozen clock cannot wait for itself: there they are seconds of the loop.
        """
        cycle = self._cycle
        if self.is_gone:
            return False
        cycle.message_event.clear()
        self._connection.flow.resume_reading()  # a paused transport would not notice a leave
        try:
            async with asyncio.timeout(seconds / self.pace):
                await cycle.message_event.wait()
        except TimeoutError:
            pass
        return not self.is_gone

    def finish(self) -> None:
        """End the response as sent; the connection goes on unless it was to be closed."""
        cycle = self._cycle
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            self._connection.transport.close()
        cycle.on_response()

    def forbid_reuse(self) -> None:
        """Make this the connection's last response."""
        self._cycle.keep_alive = False

    def close(self) -> None:
        """End the connection in good order (FIN) whatever was announced."""
        self._over()
        self._connection.transport.close()

    def reset(self) -> None:
        """Break the connection (RST): the client sees "connection reset by peer"."""
        self._over()
        transport = self._connection.transport
        handle = transport.get_extra_info("socket")
        if handle is not None and not transport.is_closing():
            handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        transport.abort()

    def _over(self) -> None:
        if not self.t_send:
            self.t_send = monotonic()
        cycle = self._cycle
        cycle.keep_alive = False
        cycle.response_started = cycle.response_complete = True


def _tamed(name: str, value: str) -> str:
    """Return a header line from which nothing unprintable, above all no line end, can escape."""
    return f"{name}: " + "".join(each if each.isprintable() else " " for each in value) + "\r\n"
