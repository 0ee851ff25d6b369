"""Fault kind ``drip``: send the body a few bytes at a time."""

from __future__ import annotations

import math

from adsmock.mockserver.core.call import Reply, Wire
from adsmock.mockserver.core.effect import Effect, Trigger

DRIP_SECONDS = 0.5
"""The wait before each piece."""


class Drip(Effect):
    """A slow body: every read succeeds, but the whole takes long.

    With ``latency`` the whole body takes about that long.
    """

    kind = "drip"
    points = ("on_wire",)
    summary = "Sends the body byte by byte; with `latencyMs` the whole takes that long."
    is_endless = True
    spends_latency = True

    async def send(self, wire: Wire, reply: Reply, trigger: Trigger) -> str:
        """Send a piece of the body each half second; an empty body is sent at once."""
        body = reply.body
        if not body:
            return await Effect.send(self, wire, reply, trigger)
        step = 1
        if self.latency:
            step = max(1, math.ceil(len(body) * DRIP_SECONDS / self.latency))
        if not wire.is_gone:
            trigger()
        wire.write(wire.head(reply, len(body)))
        for start in range(0, len(body), step):
            if not await wire.pause(DRIP_SECONDS):
                wire.close()
                return "client-closed"
            wire.write(b"", body[start : start + step])
        wire.finish()
        return "complete"
