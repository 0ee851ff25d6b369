"""The ASGI application of the data plane: from a request to a call, from a reply to bytes.

The pipeline runs on the event loop: nothing here may block.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from adsmock.mockserver.core.call import Call, Endpoint, Reply, ReplyFault
from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.core.exchange import Exchange
from adsmock.mockserver.edge.loop_lag import LoopLag
from adsmock.mockserver.edge.wire import Wire

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the edge. Sizes in bytes, times in seconds.

    A body that is too large is read up to ``drain_bytes`` and ``drain_seconds``, so that the client
    gets its 413 instead of a reset. ``send_seconds`` is how long a client may leave a reply unread.
    """

    body_bytes: int = 16 * MEBIBYTE
    body_seconds: float = 30.0
    drain_bytes: int = 64 * MEBIBYTE
    drain_seconds: float = 5.0
    send_seconds: float = 300.0


class Answer(Protocol):
    """The pipeline or a substitute: it never raises and never waits."""

    def serve(self, call: Call) -> Exchange:
        """Answer a call."""

    def refuse(self, call: Call, status: int) -> Exchange:
        """Refuse a call whose body could not be read."""


class Unreadable(Exception):
    """A body that is too large or too slow; ``status`` is the refusal's."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Edge:
    """The ASGI application of the data plane. ``endpoints`` are by port."""

    def __init__(
        self,
        answer: Answer,
        endpoints: dict[int, Endpoint],
        lag: LoopLag,
        limits: Limits | None = None,
    ) -> None:
        self.answer = answer
        self.endpoints = endpoints
        self.lag = lag
        self.limits = limits or Limits()
        self._stalled: set[Wire] = set()

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Any],
        send: Callable[[Any], Any],  # noqa: ARG002 -- ASGI's signature; replies leave by the wire
    ) -> None:
        """Answer one request through the wire in its scope."""
        wire: Wire = scope["wire"]
        body = wire.whole_body()
        refusal = 0
        if body is None:
            try:
                body = await self._slow_body(scope, receive)
            except Unreadable as unreadable:
                body, refusal = b"", unreadable.status
            except ConnectionAbortedError:
                return
        call = make_call(
            wire,
            scope["fields"],
            body,
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"],
        )
        rest = self.begin(call, wire, refusal)
        if rest is not None:
            await rest

    def begin(self, call: Call, wire: Wire, refusal: int = 0) -> Coroutine[Any, Any, None] | None:
        """Answer a call; return the coroutine that finishes it if it takes time.

        ``refusal`` is the status that the edge itself refuses the call with.
        """
        if not refusal and len(call.body) > self.limits.body_bytes:
            refusal = 413
        if refusal:
            wire.forbid_reuse()
        exchange = self.answer.refuse(call, refusal) if refusal else self.answer.serve(call)
        exchange.entry.lag = self.lag.now()
        reply = exchange.reply
        if reply.fault is None:
            wire.send(reply)
        if reply.fault is not None or wire.is_full or wire.is_gone:
            return self._finish(wire, exchange)
        wire.finish()
        exchange.close("complete", wire.t_send, monotonic(), wire.sent)
        return None

    def release(self) -> None:
        """Reset every call that a fault keeps waiting without an end."""
        for wire in list(self._stalled):
            wire.reset()

    async def _finish(self, wire: Wire, exchange: Exchange) -> None:
        ended = await self._send_slowly(wire, exchange.reply)
        exchange.close(ended, wire.t_send, monotonic(), wire.sent)

    async def _send_slowly(self, wire: Wire, reply: Reply) -> str:
        """Send a reply that takes time or has a fault; return how the exchange ended."""
        try:
            if reply.fault is not None:
                return await self._send_faulty(wire, reply, reply.fault)
            async with asyncio.timeout(self.limits.send_seconds):
                await wire.drain()
        except (
            asyncio.CancelledError,
            TimeoutError,
        ):  # the server stops, or time is up
            wire.reset()
            return "reset"
        if wire.is_gone:
            return "client-closed"
        wire.finish()
        return "complete"

    async def _send_faulty(self, wire: Wire, reply: Reply, fault: ReplyFault) -> str:
        wire.pace = reply.pace
        if fault.is_endless:
            self._stalled.add(wire)
        try:
            return await fault.send(wire, reply)
        finally:
            self._stalled.discard(wire)

    async def _slow_body(self, scope: dict[str, Any], receive: Callable[[], Any]) -> bytes:
        """Return the body once all of it has arrived.

        Raises:
            Unreadable: it is too large (413) or too slow (408).
            ConnectionAbortedError: the client left before its end.
        """
        limits = self.limits
        if _announced(scope) > limits.body_bytes:
            if not scope["wire"].awaits_continue:
                await _drain(receive, limits)
            raise Unreadable(413)
        try:
            async with asyncio.timeout(limits.body_seconds):
                return await self._gather(receive)
        except TimeoutError:
            raise Unreadable(408) from None

    async def _gather(self, receive: Callable[[], Any]) -> bytes:
        parts: list[bytes] = []
        size = 0
        while True:
            message = await _next(receive)
            parts.append(message["body"])
            size += len(message["body"])
            if size > self.limits.body_bytes:
                if message["more_body"]:
                    await _drain(receive, self.limits)
                raise Unreadable(413)
            if not message["more_body"]:
                return b"".join(parts)


async def _next(receive: Callable[[], Any]) -> dict[str, Any]:
    message: dict[str, Any] = await receive()
    if message["type"] == "http.disconnect":
        raise ConnectionAbortedError
    return message


async def _drain(receive: Callable[[], Any], limits: Limits) -> None:
    """Read and discard the body, within the limits."""
    left = limits.drain_bytes
    try:
        async with asyncio.timeout(limits.drain_seconds):
            while left > 0:
                message = await _next(receive)
                left -= len(message["body"])
                if not message["more_body"]:
                    return
    except TimeoutError:
        return


def _announced(scope: dict[str, Any]) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)  # the parser let only digits through
    return 0


def make_call(
    wire: Wire, headers: dict[str, str], body: bytes, *, method: str, path: str, query: bytes
) -> Call:
    """Return the call that arrived on ``wire``."""
    return Call(
        method,
        path,
        query.decode("latin-1"),
        headers,
        body,
        wire.endpoint,
        wire.arrived,
        wire.number,
    )
