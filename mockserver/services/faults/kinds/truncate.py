"""Fault kind ``truncate``: send only part of the body."""

from __future__ import annotations

from dataclasses import dataclass

from adsmock.mockserver.core.call import BrokenConnection, Reply, Wire
from adsmock.mockserver.core.effect import Effect, Trigger, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncate(Effect):
    """A body that ends before its Content-Length."""

    kind = "truncate"
    points = ("on_wire",)
    summary = "Announces the whole body, sends part of it and closes the connection."

    keep_bytes: int | None = setting(
        "keepBytes",
        {
            "type": ["integer", "null"],
            "description": "Bytes of the body to send; half of it by default.",
            "minimum": 0,
            "maximum": 1073741824,
        },
    )

    def broken_in_process(self, reply: Reply) -> BrokenConnection | None:
        """Return the broken connection."""
        if self._kept(reply) >= len(reply.body):
            return None
        return BrokenConnection(ConnectionResetError("injected fault: truncate"), "truncated")

    async def send(self, wire: Wire, reply: Reply, trigger: Trigger) -> str:
        """Send part of the body; a body that loses nothing is sent as it is."""
        size, kept = len(reply.body), self._kept(reply)
        if kept >= size:
            return await Effect.send(self, wire, reply, trigger)
        if not wire.is_gone:
            trigger()
        wire.forbid_reuse()
        wire.write(wire.head(reply, size), reply.body[:kept])
        await wire.drain()
        wire.close()
        return "truncated"

    def _kept(self, reply: Reply) -> int:
        return len(reply.body) // 2 if self.keep_bytes is None else self.keep_bytes
