"""A call and its reply, until the last byte is sent and the journal entry is closed."""

from __future__ import annotations

from dataclasses import dataclass

from adsmock.mockserver.core.call import Reply
from adsmock.mockserver.core.clock import Clock
from adsmock.mockserver.core.journal import Entry, Journal
from adsmock.mockserver.core.metrics import Metrics


@dataclass(slots=True)
class Exchange:
    """The reply to send, and the journal entry to close afterwards."""

    reply: Reply
    entry: Entry
    journal: Journal
    metrics: Metrics
    clock: Clock | None = None

    def close(self, ended: str, t_send: float, t_end: float, sent_bytes: int) -> None:
        """Record how it ended: complete, reset, closed, truncated, timeout, client-closed.

        ``t_send`` is the moment before the first byte, ``t_end`` after the last, in monotonic
        seconds; ``sent_bytes`` counts the body.
        """
        entry = self.entry
        entry.ended, entry.t_send, entry.t_end = ended, t_send, t_end
        entry.reply_bytes = sent_bytes
        if self.clock is not None:
            entry.c_end = self.clock.now()
            sending = t_end - t_send if t_send else 0.0
            entry.c_send = entry.c_end - sending * self.clock.pace
        if ended in {"reset", "closed", "timeout"} and not sent_bytes:
            entry.status = 0
        self.journal.close(entry)
        seconds = t_end - entry.t_arrive
        self.metrics.called(entry.region or "", entry.operation or "", entry.status, seconds)
