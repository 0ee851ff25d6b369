"""The control plane's door: a WSGI application on the loop's server, in threads of its own.

Knows how to run any WSGI application beside the data plane. Must not know what it does: it gets
a function that makes it, called at the first request or by ``warm``, because importing Flask
takes longer than everything else at start-up.
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
        self.doors: dict[int, Endpoint] = {}
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
        except asyncio.CancelledError:  # the server stops and its patience has ended
            scope["wire"].reset()

    async def warm(self) -> Any:
        """Make the application if that is still to be done, and return it."""
        if self._middleware is None:
            loop = asyncio.get_running_loop()
            self._middleware = loop.run_in_executor(self._loader, self._load)
        return await asyncio.shield(self._middleware)

    def stop(self) -> None:
        """End streams at their next piece."""
        self._stopping = True

    def close(self) -> None:
        """Let the threads go; the loop must have ended."""
        self._loader.shutdown()
        if self._threads is not None:
            self._threads.shutdown()

    def _load(self) -> Any:
        from a2wsgi import WSGIMiddleware  # noqa: PLC0415 -- not before it is needed

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
