"""Fault kind ``reset``: reset the connection (RST)."""

from __future__ import annotations

from adsmock.mockserver.core.call import BrokenConnection, Reply, Wire
from adsmock.mockserver.core.effect import Effect, RefusalContext, Trigger
from adsmock.mockserver.core.error import Injected

_SENT_BYTES = 16_384
"""The most that is sent before a reset, so that it fits the kernel's buffer and arrives."""


class Reset(Effect):
    """A reset before any byte, or at ``on_wire`` after half of the body."""

    kind = "reset"
    points = ("before", "after_commit", "on_wire")
    summary = "Resets the connection: before the work, after it, or in the middle of the answer."

    def refuse(self, context: RefusalContext) -> Injected | None:
        """Return a refusal that keeps the work from being done; the client never sees it."""
        return Injected("unavailable", 503) if self.point == "before" else None

    def broken_in_process(self, reply: Reply) -> BrokenConnection | None:
        """Return the broken connection."""
        return BrokenConnection(ConnectionResetError("injected fault: reset"), "reset")

    async def send(self, wire: Wire, reply: Reply, trigger: Trigger) -> str:
        """Send nothing, or headers and half of the body, then reset the connection."""
        if not wire.is_gone:
            trigger()
        if self.point == "on_wire":
            sent = min(len(reply.body) // 2, _SENT_BYTES)
            wire.write(wire.head(reply, len(reply.body)), reply.body[:sent])
            await wire.flush()
        wire.reset()
        return "reset"
