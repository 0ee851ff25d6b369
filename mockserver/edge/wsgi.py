"""The control plane as a WSGI application in its own threads, next to the data plane.

The application is created at the first request or by ``warm``: importing Flask takes longer than
everything else at start-up. A thread gets a request once its body has arrived, so slow clients
occupy none.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from typing import Any, Protocol

import orjson

from adsmock.mockserver.core.call import Endpoint, Reply
from adsmock.mockserver.core.capacity import Capacity
from adsmock.mockserver.core.limits import Limits
from adsmock.mockserver.edge.request_body import Unreadable, read_body
from adsmock.mockserver.edge.wire import Wire

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_WORKERS = 8


class Direct(Protocol):
    """Answers requests on the event loop: a change of threads costs more than a short answer."""

    def answer(
        self, line: tuple[str, str, bytes], pairs: Iterable[tuple[bytes, bytes]], body: bytes
    ) -> Reply | None:
        """Return the reply, None if the WSGI application must answer.

        ``line`` has the method, the path and the query; header names are lower case.
        """


class WsgiBridge:
    """An ASGI application that runs the WSGI application which ``make`` returns.

    What ``make_direct`` returns is asked first.
    """

    reserved_connections = 64
    """Connections above the ceiling: clients of the API cannot lock out its operator."""

    def __init__(
        self,
        make: Callable[[], WsgiApplication],
        capacity: Capacity | None = None,
        make_direct: Callable[[], Direct] | None = None,
    ) -> None:
        self.endpoints: dict[int, Endpoint] = {}
        self.capacity = capacity or Capacity()
        self._make = make
        self._make_direct = make_direct
        self._direct: Direct | None = None
        self._middleware: asyncio.Future[Any] | None = None
        self._loader = ThreadPoolExecutor(1, "adsmock-control-load")
        self._threads: ThreadPoolExecutor | None = None
        self._stopping = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        wire: Wire = scope["wire"]
        try:
            body = await self._body(wire, scope, receive)
            try:
                middleware = await self.warm()
                line = (scope["method"], scope["path"], scope["query_string"])
                direct = self._direct
                reply = direct.answer(line, scope["headers"], body) if direct else None
                if reply is not None:
                    wire.send(reply)
                    wire.finish()
                else:
                    await middleware(scope, _Received(body), self._sender(wire, send))
            finally:
                self.capacity.release(len(body))
        except Unreadable as unreadable:
            reply = self.refusal(unreadable.status)
            wire.forbid_reuse()
            wire.send(reply)
            wire.finish()
        except ConnectionAbortedError:
            wire.abandon()
        except asyncio.CancelledError:  # the server stops and its time limit has passed
            wire.reset()
        finally:
            del scope["wire"]  # a circle with uvicorn's request would keep the body

    def refusal(self, status: int) -> Reply:
        """Return the reply to a request that reaches no operation, as problem details."""
        body = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": _DETAILS[status](self.capacity.limits),
            "pointer": "",
        }
        return Reply(status, orjson.dumps(body), "application/problem+json")

    async def _body(self, wire: Wire, scope: Any, receive: Any) -> bytes:
        """Return the whole body, which counts as buffered.

        Raises:
            Unreadable: it exceeds a limit.
        """
        capacity, maximum = self.capacity, self.capacity.limits.control_body_bytes
        body = wire.whole_body()
        if body is None:
            return await read_body(scope, receive, capacity, maximum)
        if len(body) > maximum:
            raise Unreadable(413)
        if not capacity.buffer(len(body)):
            raise Unreadable(503)
        return body

    def _sender(self, wire: Wire, send: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return a function that sends a message, or resets a client that reads no reply."""
        seconds = self.capacity.limits.send_seconds

        async def send_in_time(message: Any) -> None:
            if wire.is_gone:
                wire.abandon()
                return
            if message.get("more_body"):
                wire.watch()
            try:
                async with asyncio.timeout(seconds):
                    await send(message)
            except TimeoutError:
                wire.reset()

        return send_in_time

    async def warm(self) -> Any:
        """Return the application, created at the first call."""
        if self._middleware is None:
            loop = asyncio.get_running_loop()
            self._middleware = loop.run_in_executor(self._loader, self._load)
        return await asyncio.shield(self._middleware)

    def stop(self) -> None:
        """End streams after their current piece."""
        self._stopping = True

    def close(self) -> None:
        """End the threads; the loop must have ended."""
        self._loader.shutdown()
        if self._threads is not None:
            self._threads.shutdown()

    def _load(self) -> Any:
        from adsmock.mockserver.edge.wsgi_responder import (  # noqa: PLC0415 -- the start does not need it
            FewStepMiddleware,
        )

        application = self._make()
        if self._make_direct is not None:
            self._direct = self._make_direct()

        def guarded(environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
            environ["wsgi.errors"] = sys.stderr  # standard output belongs to the announcement
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].receive.body)
            return self._pieces(environ, application(environ, start))

        middleware = FewStepMiddleware(guarded, workers=_WORKERS)
        self._threads = middleware.executor
        return middleware

    def _pieces(self, environ: dict[str, Any], pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the pieces of a response until the client or the server leaves."""
        wire = environ["asgi.scope"]["wire"]
        try:
            for piece in pieces:
                if self._stopping or wire.is_gone:
                    return
                yield piece
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()


class _Received:
    """A body that has arrived, as ASGI's ``receive``."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def __call__(self) -> dict[str, Any]:
        """Return the whole body."""
        return {"type": "http.request", "body": self.body, "more_body": False}


_DETAILS: dict[int, Callable[[Limits], str]] = {
    400: lambda _: "this is not a valid HTTP request: send HTTP/1.1 with a path as its target",
    408: lambda limits: (
        f"the body took more than {limits.body_seconds:g} seconds: send it faster, or raise "
        "--body-seconds"
    ),
    413: lambda limits: (
        f"the body is too large: send at most {limits.control_body_bytes} bytes, or raise "
        "--max-control-body"
    ),
    414: lambda limits: (
        f"the URL is too long: send at most {limits.url_bytes} bytes, or raise --max-url"
    ),
    431: lambda limits: (
        f"the headers are too large: send at most {limits.headers} headers with "
        f"{limits.header_bytes} bytes, or raise --max-headers and --max-header-bytes"
    ),
    503: lambda limits: (
        f"the server is busy: it serves at most {limits.connections} connections and buffers "
        f"{limits.buffered_bytes} bytes of bodies; send less at once, or raise --max-connections "
        "and --max-buffered"
    ),
}
"""What happened, what was expected and what to do, by status."""
