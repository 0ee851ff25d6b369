"""A fault that was selected for a call, and counted once it takes effect."""

from __future__ import annotations

from adsmock.mockserver.core.call import BrokenConnection, Reply, Wire
from adsmock.mockserver.core.effect import Effect, RefusalContext
from adsmock.mockserver.core.fault import PlannedRule
from adsmock.mockserver.core.job import Job
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.core.metrics import Metrics

LONGEST_GATHERING = 20
"""How often the latency starts again at most, so that calls without end are answered too."""


class SelectedFault:
    """The effect of one rule on one call.

    A fault counts as triggered, and is named in the journal, when it takes effect. A call that
    gives it nothing to act on leaves no trace.
    """

    __slots__ = ("_entry", "_is_triggered", "_metrics", "_planned", "effect")

    def __init__(self, planned: PlannedRule, entry: Entry, metrics: Metrics) -> None:
        self.effect: Effect = planned.rule.effect
        self._planned = planned
        self._entry = entry
        self._metrics = metrics
        self._is_triggered = False

    def trigger(self) -> None:
        """Count the fault as triggered, once."""
        if self._is_triggered:
            return
        self._is_triggered = True
        self._planned.triggered += 1
        effect = self.effect
        self._entry.fault = {
            "id": self._planned.rule.id,
            "kind": effect.kind,
            "point": effect.point,
        }
        self._metrics.fault_triggered(effect.kind, effect.point)

    def count_item(self, value: str) -> int:
        """Count a failure of one item of this profile and return its number, from 1."""
        key = f"{self._entry.profile_id}:{value}"
        number = self._planned.item_failures.get(key, 0) + 1
        self._planned.item_failures[key] = number
        return number

    def refuse(self, context: RefusalContext) -> None:
        """Refuse the call if the effect does so.

        Raises:
            Injected: the refusal.
        """
        refusal = self.effect.refuse(context)
        if refusal is not None:
            self.trigger()
            try:
                raise refusal
            finally:
                del refusal  # its traceback has this frame: a circle that would keep the sandbox

    def change_job(self, job: Job, error: str) -> None:
        """Change how a new job ends; ``error`` is the text of a failure."""
        if self.effect.change_job(job, error):
            self.trigger()

    def expire_url(self, job: Job, number: int) -> None:
        """Expire the download URL ``number`` of a job."""
        if self.effect.expire_url(job, number):
            self.trigger()

    def edit_reply(self, reply: Reply, seed: object) -> None:
        """Edit the reply before it is journaled."""
        if self.effect.edit_reply(reply, seed, self._planned.rule.id):
            self.trigger()

    @property
    def is_endless(self) -> bool:
        """Say whether a stopping server need not wait for the answer."""
        return self.effect.is_endless

    def send_in_process(self, reply: Reply) -> BrokenConnection | None:
        """Change the reply where there is no socket; return how the connection would break."""
        broken = self.effect.broken_in_process(reply)
        if broken is not None or self.effect.change_body(reply):
            self.trigger()
        return broken

    async def send(self, wire: Wire, reply: Reply) -> str:
        """Send the reply as the effect does and return how the exchange ended."""
        effect = self.effect
        if effect.latency and not effect.spends_latency:
            if not wire.is_gone:
                self.trigger()
            if not await self._pause(wire):
                wire.close()
                return "client-closed"
        return await effect.send(wire, reply, self.trigger)

    async def _pause(self, wire: Wire) -> bool:
        """Wait before the answer; return whether the client has stayed."""
        for _ in range(LONGEST_GATHERING):
            selected = self._planned.selected
            if not await wire.pause(self.effect.latency):
                return False
            if not self.effect.gather or self._planned.selected == selected:
                break
        return True
