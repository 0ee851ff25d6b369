"""The event loop's delay: the mock's own noise, recorded in every journal entry."""

from __future__ import annotations

import asyncio

from adsmock.mockserver.core.clock import monotonic

BEAT_SECONDS = 0.025
"""Interval of the measurements: it costs 40 wake-ups a second."""


class LoopLag:
    """The loop's delay, in seconds. ``worst`` is the greatest since the start.

    uvloop's timers count whole milliseconds, so up to one millisecond of it is rounding.
    """

    __slots__ = ("_due", "_handle", "_last", "_loop", "worst")

    def __init__(self) -> None:
        self.worst = 0.0
        self._last = 0.0
        self._due = float("inf")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._handle: asyncio.TimerHandle | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start to measure ``loop``."""
        self._loop = loop
        self._arm(loop)

    def stop(self) -> None:
        """Stop measuring."""
        if self._handle is not None:
            self._handle.cancel()
        self._loop = self._handle = None

    def now(self) -> float:
        """Return the delay of the last timer, or of an overdue one if that is more."""
        return max(self._last, monotonic() - self._due)

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        self._due = monotonic() + BEAT_SECONDS
        self._handle = loop.call_later(BEAT_SECONDS, self._beat)

    def _beat(self) -> None:
        if self._loop is None:
            return
        self._last = max(0.0, monotonic() - self._due)
        self.worst = max(self.worst, self._last)
        self._arm(self._loop)
