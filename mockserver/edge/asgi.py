"""The ASGI application of the data plane: from a request to a call, from a reply to bytes.

The pipeline runs on the event loop: nothing here may block.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from adsmock.mockserver.core.call import Call, Endpoint, Reply, ReplyFault
from adsmock.mockserver.core.capacity import Capacity
from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.core.exchange import Exchange
from adsmock.mockserver.edge.loop_lag import LoopLag
from adsmock.mockserver.edge.request_body import Unreadable, read_body
from adsmock.mockserver.edge.wire import Wire

POLL_SECONDS = 0.05
"""Seconds of the machine between two looks at what a reply waits for."""


class Answer(Protocol):
    """The pipeline or a substitute: it never raises and never waits."""

    def serve(self, call: Call) -> Exchange:
        """Answer a call."""

    def refuse(self, call: Call, status: int) -> Exchange:
        """Refuse a call whose head or body exceeds a limit or is invalid."""

    def refusal(self, status: int) -> Reply:
        """Return the reply to bytes that are no call, without a journal entry."""


class Edge:
    """The ASGI application of the data plane. ``endpoints`` are by port."""

    reserved_connections = 0

    def __init__(
        self,
        answer: Answer,
        endpoints: dict[int, Endpoint],
        lag: LoopLag,
        capacity: Capacity | None = None,
    ) -> None:
        self.answer = answer
        self.endpoints = endpoints
        self.lag = lag
        self.capacity = capacity or Capacity()
        self.limits = self.capacity.limits
        self._stalled: set[Wire] = set()

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Any],
        send: Callable[[Any], Any],  # noqa: ARG002 -- ASGI's signature; replies leave by the wire
    ) -> None:
        """Answer one request through the wire in its scope."""
        try:
            await self._answer(scope, receive)
        finally:
            del scope["wire"]  # a circle with uvicorn's request would keep the body

    async def _answer(self, scope: dict[str, Any], receive: Callable[[], Any]) -> None:
        wire: Wire = scope["wire"]
        body = wire.whole_body()
        refusal = 0
        if body is None:
            try:
                body = await read_body(scope, receive, self.capacity, self.limits.body_bytes)
                self.capacity.release(len(body))  # it is answered at once
            except Unreadable as unreadable:
                body, refusal = b"", unreadable.status
            except ConnectionAbortedError:
                wire.abandon()
                return
        query = scope["query_string"].decode("latin-1")
        call = make_call(wire, (scope["method"], scope["path"], query), scope["fields"], body)
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
        if exchange.reply.poll is not None:
            return self._answer_when(wire, exchange, exchange.reply.poll)
        if exchange.reply.later is not None:
            return self._answer_later(wire, exchange, exchange.reply.later)
        return self._send(wire, exchange)

    async def _answer_later(
        self, wire: Wire, exchange: Exchange, complete: Callable[[], None]
    ) -> None:
        """Complete a reply in another thread and send it; other calls go on meanwhile."""
        await asyncio.to_thread(complete)
        rest = self._send(wire, exchange)
        if rest is not None:
            await rest

    async def _answer_when(self, wire: Wire, exchange: Exchange, poll: Callable[..., bool]) -> None:
        """Send a reply as soon as there is something to say, or when its time is over."""
        reply = exchange.reply
        wire.pace, left = reply.pace, reply.wait_seconds
        self._stalled.add(wire)
        try:
            while not poll(is_last=left <= 0):
                step = min(left, POLL_SECONDS * reply.pace)
                if not await wire.pause(step):
                    wire.abandon()
                    exchange.close("client-closed", wire.t_send, monotonic(), 0)
                    return
                left -= step
        finally:
            self._stalled.discard(wire)
        rest = self._send(wire, exchange)
        if rest is not None:
            await rest

    def _send(self, wire: Wire, exchange: Exchange) -> Coroutine[Any, Any, None] | None:
        reply = exchange.reply
        if reply.fault is not None:
            return self._finish(wire, exchange)
        wire.send(reply)
        if wire.is_full or wire.is_gone:
            return self._finish(wire, exchange)
        wire.finish()
        exchange.close("complete", wire.t_send, monotonic(), wire.sent)
        return None

    def refusal(self, status: int) -> Reply:
        """Return the reply to bytes that are no call."""
        return self.answer.refusal(status)

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
            wire.abandon()
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


def make_call(wire: Wire, line: tuple[str, str, str], headers: dict[str, str], body: bytes) -> Call:
    """Return the call that arrived on ``wire``; ``line`` is its method, path and query."""
    connection = wire.connection
    endpoint, number = connection.endpoint, connection.number
    method, path, query = line
    return Call(method, path, query, headers, body, endpoint, wire.arrived, number, True)
