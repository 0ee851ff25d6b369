"""a2wsgi's bridge from ASGI to WSGI, with fewer changes of thread for replies of known length.

a2wsgi passes each message from the application's thread to the event loop and waits until it is
taken: three times for a short reply. That costs more than the work itself. A reply with a
Content-Length is in memory anyway, so it is passed when the application has returned. A stream is
passed piece by piece as before.
"""

from __future__ import annotations

from typing import Any

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import WSGIResponder


class FewStepMiddleware(WSGIMiddleware):  # type: ignore[misc]  # a2wsgi has no types
    """An ASGI application that runs a WSGI application in a thread."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        await _FewStepResponder(self.app, self.executor, self.send_queue_size)(scope, receive, send)


class _FewStepResponder(WSGIResponder):  # type: ignore[misc]  # a2wsgi has no types
    """Answers one request; keeps the messages of a reply of known length until it is complete."""

    _head: Any = None
    """The first message of a reply of known length, None for a stream."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._pieces: list[bytes] = []

    def send(self, message: Any) -> None:
        """Pass a message to the event loop, or keep it."""
        if message["type"] == "http.response.start":
            if any(name == b"content-length" for name, _ in message["headers"]):
                self._head = message
                return
        elif self._head is not None:
            self._pieces.append(message["body"])
            return
        super().send(message)

    async def sender(self, send: Any) -> None:
        """Send what the application passes until it returns, then what was kept."""
        await super().sender(send)
        if self._head is not None:
            await send(self._head)
            await send({"type": "http.response.body", "body": b"".join(self._pieces)})
