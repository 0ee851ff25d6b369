"""The control plane as a WSGI application in its own threads, next to the data plane.

The application is created at the first request or by ``warm``: importing Flask takes longer than
everything else at start-up.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from adsmock.mockserver.core.call import Endpoint

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_WORKERS = 8


class WsgiBridge:
    """An ASGI application that runs the WSGI application which ``make`` returns."""

    def __init__(self, make: Callable[[], WsgiApplication]) -> None:
        self.endpoints: dict[int, Endpoint] = {}
        self._make = make
        self._middleware: asyncio.Future[Any] | None = None
        self._loader = ThreadPoolExecutor(1, "adsmock-control-load")
        self._threads: ThreadPoolExecutor | None = None
        self._stopping = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        try:
            middleware = await self.warm()
            await middleware(scope, receive, send)
        except asyncio.CancelledError:  # the server stops and its time limit has passed
            scope["wire"].reset()

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
        from a2wsgi import WSGIMiddleware  # noqa: PLC0415 -- the start does not need it

        application = self._make()

        def guarded(environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
            environ["wsgi.errors"] = sys.stderr  # standard output belongs to the announcement
            return self._pieces(environ, application(environ, start))

        middleware = WSGIMiddleware(guarded, workers=_WORKERS)
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
