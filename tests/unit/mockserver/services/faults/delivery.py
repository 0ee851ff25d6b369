"""An effect that sends a reply over a connection in memory."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from adsmock.mockserver.core.call import Reply
from adsmock.mockserver.core.effect import Effect
from adsmock.mockserver.core.fault import FaultRule, Match, PlannedRule, When
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.core.metrics import Metrics
from adsmock.mockserver.core.selected_fault import SelectedFault

BODY = b'{"campaigns": [], "totalResults": 0}'


@dataclass
class FakeWire:
    """A connection that records what is done to it; the client leaves in pause ``leaves_in``.

    ``on_pause`` is called in each pause.
    """

    on_pause: Callable[[], None] = lambda: None
    is_gone: bool = False
    leaves_in: int | None = None
    events: list[str] = field(default_factory=list)
    sent: bytes = b""

    def head(self, _reply: Reply, _length: int) -> bytes:
        return b""

    def write(self, _head: bytes, body: bytes = b"") -> None:
        self.sent += body

    def send(self, reply: Reply) -> None:
        self.events.append("send")
        self.sent += reply.body

    async def drain(self) -> None:
        pass

    async def flush(self) -> None:
        pass

    async def pause(self, seconds: float) -> bool:
        if not self.is_gone:
            self.events.append(f"pause {seconds:g}")
        self.on_pause()
        if self.leaves_in is not None:
            self.leaves_in -= 1
            self.is_gone = self.is_gone or self.leaves_in <= 0
        return not self.is_gone

    def finish(self) -> None:
        self.events.append("finish")

    def forbid_reuse(self) -> None:
        pass

    def close(self) -> None:
        self.events.append("close")

    def reset(self) -> None:
        self.events.append("reset")


@dataclass
class Delivery:
    """What came of one reply."""

    ended: str
    triggered: int
    fault: dict[str, str] | None
    wire: FakeWire
    reply: Reply

    @property
    def last(self) -> str:
        return self.wire.events[-1]


def deliver(
    effect: Effect, body: bytes = BODY, status: int = 200, calls: int = 0, **wire: Any
) -> Delivery:
    """Send a reply as ``effect`` does; ``calls`` more calls arrive, one in each pause."""
    planned = PlannedRule(FaultRule("one", Match(), When(), effect))
    entry, connection, reply = Entry("POST", "/", 0.0), FakeWire(**wire), Reply(status, body)

    def arrive() -> None:
        planned.selected += planned.selected < calls

    connection.on_pause = arrive
    fault = SelectedFault(planned, entry, Metrics())
    ended = asyncio.run(fault.send(connection, reply))
    return Delivery(ended, planned.triggered, entry.fault, connection, reply)
