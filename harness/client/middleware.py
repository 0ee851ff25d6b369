"""A sender that wraps a sender, to check or record each call."""

from __future__ import annotations

from .call import Call
from .retry.chain import Chain
from .sender import Sender
from .transport import Reply, Request


class Middleware(Sender):
    """Passes everything to the inner sender; a subclass overrides ``send``."""

    def __init__(self, inner: Sender) -> None:
        self.router = inner.router
        self.retry = inner.retry
        self._inner = inner

    def open(self, call: Call) -> Chain:
        """Return a chain that the inner sender opens."""
        return self._inner.open(call)

    def send(self, call: Call, chain: Chain | None = None) -> Reply:
        """Return the reply of the inner sender; raises what it raises."""
        return self._inner.send(call, chain)

    def attempt(self, call: Call) -> Reply:
        """Send once through the inner sender."""
        return self._inner.attempt(call)

    def deliver(self, call: Call, token: str) -> Reply:
        """Send one request through the inner sender."""
        return self._inner.deliver(call, token)

    def request(self, call: Call, token: str) -> Request:
        """Return the request of the inner sender."""
        return self._inner.request(call, token)

    def headers(self, call: Call, token: str) -> dict[str, str]:
        """Return the headers of the inner sender."""
        return self._inner.headers(call, token)
