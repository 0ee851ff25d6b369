"""Fault kind ``close``: close the connection (FIN) before any byte of the answer."""

from __future__ import annotations

from adsmock.mockserver.core.call import BrokenConnection, Reply, Wire
from adsmock.mockserver.core.effect import Effect, Trigger


class Close(Effect):
    """A kept connection that the server closes as the request arrives."""

    kind = "close"
    points = ("after_commit",)
    summary = "Does the work and closes the connection in good order before any byte."

    def broken_in_process(self, reply: Reply) -> BrokenConnection | None:
        """Return the broken connection."""
        return BrokenConnection(ConnectionResetError("injected fault: close"), "closed")

    async def send(self, wire: Wire, reply: Reply, trigger: Trigger) -> str:
        """Close the connection."""
        if not wire.is_gone:
            trigger()
        wire.close()
        return "closed"
