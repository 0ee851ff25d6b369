"""A sender in front of a sender, so that something is asked or noted about each call.

Knows that every part of the client sends through ``Sender``. Must not know what its kinds ask
(``version``, ``cache``, ``job``) nor how a call is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .sender import Sender

if TYPE_CHECKING:
    from .call import Call
    from .retry.chain import Chain
    from .transport import Reply, Request


class Middleware(Sender):
    """Hands everything to the sender behind it; a kind of door overrides ``send``."""

    def __init__(self, inner: Sender) -> None:
        self.router = inner.router
        self.retry = inner.retry
        self._inner = inner

    def open(self, call: Call) -> Chain:
        """Return a chain as the sender behind opens it."""
        return self._inner.open(call)

    def send(self, call: Call, chain: Chain | None = None) -> Reply:
        """Return the reply of the sender behind; raises what it raises."""
        return self._inner.send(call, chain)

    def attempt(self, call: Call) -> Reply:
        """Send once, as the sender behind does."""
        return self._inner.attempt(call)

    def deliver(self, call: Call, token: str) -> Reply:
        """Put one request on the wire, as the sender behind does."""
        return self._inner.deliver(call, token)

    def request(self, call: Call, token: str) -> Request:
        """Return the wire form of a call, as the sender behind writes it."""
        return self._inner.request(call, token)

    def headers(self, call: Call, token: str) -> dict[str, str]:
        """Return the headers of a call, as the sender behind writes them."""
        return self._inner.headers(call, token)
