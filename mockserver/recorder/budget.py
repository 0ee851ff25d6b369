"""The limits of a recording: calls in all, calls per minute, and what the service asks for."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from adsmock.mockserver.core.clock import monotonic

MINUTE = 60.0
LONGEST_WAIT = 60.0
"""Seconds: a longer Retry-After ends the recording."""

THROTTLED = 429


class BudgetExhausted(Exception):
    """No further call is sent; the message says why."""


@dataclass(slots=True)
class Budget:
    """Counts calls and waits where one comes too early. Callable from any thread.

    A call that comes too early waits its turn. After one 429 the recorder waits as long as the
    service asks for; a second 429 ends the recording.
    """

    calls: int = 500
    per_minute: int = 60
    now: Callable[[], float] = monotonic
    sleep: Callable[[float], object] = field(default_factory=lambda: threading.Event().wait)
    sent: int = 0
    throttled: int = 0
    stopped: str = ""
    _times: deque[float] = field(default_factory=deque)
    _not_before: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> None:
        """Wait until a call may be sent, and count it.

        Raises:
            BudgetExhausted: no call may be sent any more.
        """
        with self._lock:
            if not self.stopped and self.sent >= self.calls:
                self.stopped = f"the budget of {self.calls} calls is used up"
            if self.stopped:
                raise BudgetExhausted(self.stopped)
            pause = max(0.0, self._not_before - self.now())
            if len(self._times) >= self.per_minute:
                pause = max(pause, self._times[0] + MINUTE - self.now())
            if pause > 0:
                self.sleep(pause)
            if len(self._times) >= self.per_minute:
                self._times.popleft()
            self._times.append(self.now())
            self.sent += 1

    def note(self, status: int, retry_after: str) -> None:
        """Take notice of a reply: a 429 pauses the recording, a second one ends it."""
        if status != THROTTLED:
            return
        with self._lock:
            self.throttled += 1
            wait = float(retry_after) if retry_after.isdigit() else 1.0
            if self.throttled > 1:
                self.stopped = "the service throttled twice"
            elif wait > LONGEST_WAIT:
                self.stopped = f"the service asked for a pause of {wait:.0f} s"
            self._not_before = self.now() + wait
