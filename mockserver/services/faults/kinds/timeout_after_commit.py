"""Fault kind ``timeout-after-commit``: do the work and never answer."""

from __future__ import annotations

from adsmock.mockserver.core.call import BrokenConnection, Reply, Wire
from adsmock.mockserver.core.effect import Effect, Trigger

STALL_SECONDS = 300.0
"""The call is closed after this long without an answer."""


class TimeoutAfterCommit(Effect):
    """An answer that never comes. The kind that exposes duplicate creation."""

    kind = "timeout-after-commit"
    points = ("after_commit",)
    summary = "Does the work and never answers."
    is_endless = True

    def broken_in_process(self, reply: Reply) -> BrokenConnection | None:
        """Return the broken connection."""
        return BrokenConnection(TimeoutError("injected fault: timeout-after-commit"), "timeout")

    async def send(self, wire: Wire, reply: Reply, trigger: Trigger) -> str:
        """Wait until the client leaves or five minutes have passed."""
        if not wire.is_gone:
            trigger()
        await wire.pause(STALL_SECONDS)
        wire.close()
        return "timeout"
