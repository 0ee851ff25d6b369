"""Fault kind ``outage``: a whole region is down."""

from __future__ import annotations

from dataclasses import dataclass

from adsmock.mockserver.core.call import BrokenConnection, Reply, Wire
from adsmock.mockserver.core.effect import Effect, RefusalContext, Trigger, setting
from adsmock.mockserver.core.error import Injected
from adsmock.mockserver.services.faults.kinds.http import FAMILY, Http


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage(Http):
    """A region that is down: it refuses every call before it checks a token."""

    kind = "outage"
    points = ("before",)
    summary = (
        "Takes a region down: every call gets a 503 before its token is checked, "
        "or with `mode: reset` a reset connection."
    )
    required = ()
    precedes_token = True

    mode: str = setting(
        "mode",
        {
            "type": "string",
            "description": "`reset` resets connections; `http` answers as the region's gateway.",
            "enum": ["reset", "http"],
        },
        default="http",
    )

    def refuse(self, context: RefusalContext) -> Injected | None:
        """Return the refusal of the region's gateway."""
        if self.mode == "reset":
            return Injected("unavailable", 503)
        return self.injected(
            context,
            body=self.body,
            message=self.message,
            dialect="gateway" if self.dialect == FAMILY else self.dialect,
            retry_after=self.retry_after,
        )

    def broken_in_process(self, reply: Reply) -> BrokenConnection | None:
        """Return the reset connection of ``mode: reset``."""
        if self.mode != "reset":
            return None
        return BrokenConnection(ConnectionResetError("injected fault: outage"), "reset")

    async def send(self, wire: Wire, reply: Reply, trigger: Trigger) -> str:
        """Send the refusal, or reset the connection."""
        if self.mode != "reset":
            return await Effect.send(self, wire, reply, trigger)
        wire.reset()
        return "reset"
