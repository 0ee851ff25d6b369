"""Hold calls back before the service has to: a pace per quota class, a pause per route.

Knows quotas, lanes and the clock. Must not know what a call does. The pace keeps one client under
the limits that it has been told; the pause carries a Retry-After from the worker that got it
to all others that are about to use the same route in the same region.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import GaveUp
from .retry.policy import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .api import Quota
    from .clock import Clock, Sleeper
    from .retry.context import Lane

SHARE = 0.9
"""The part of a quota that one client plans to use; the rest absorbs what it cannot see."""

CUT = 0.7
"""What a 429 leaves of a pace. Limits move with the service's load, so the pace must follow."""

CUT_GAP = 1.0
"""Seconds within which several 429s count as one sign: those under way tell nothing new."""

RECOVERY = 0.01
"""The part of its planned pace that a bucket wins back in each second without a 429."""

SLOWEST = 0.05
"""The part of its planned pace below which no 429 pushes a bucket."""

_SHORTEST_SLEEP = 0.001
"""Less than this may be lost in the rounding of a clock, and then waiting would never end."""


@dataclass(slots=True)
class _Bucket:
    """Tokens of one quota class in one region."""

    planned: float
    rate: float
    burst: float
    tokens: float
    at: float
    cut_at: float = float("-inf")

    def slow_down(self, now: float, until: float) -> None:
        """Lower the pace after a 429, and begin without a burst when its pause is over."""
        if now - self.cut_at >= CUT_GAP:
            self.rate = max(self.planned * SLOWEST, self.rate * CUT)
            self.cut_at = now
        # Workers that waited for the same moment must not come as a herd.
        self.tokens = min(self.tokens, 0.0)
        self.at = max(self.at, until)

    def wait(self, weight: float, now: float) -> float:
        """Refill, then take ``weight`` and return 0, or return the seconds until it is there."""
        passed = max(0.0, now - self.at)
        self.rate = min(self.planned, self.rate + passed * RECOVERY * self.planned)
        self.tokens = min(self.burst, self.tokens + passed * self.rate)
        self.at = max(self.at, now)
        # A weight above the burst could never be met; a full bucket must do for it.
        missing = min(weight, self.burst) - self.tokens
        if missing > 0:
            return missing / self.rate
        self.tokens -= weight
        return 0.0


class Limiter:
    """Shared by all workers of a client; waits happen outside its lock."""

    def __init__(self, quotas: Mapping[str, Quota], clock: Clock, sleeper: Sleeper) -> None:
        self._quotas = quotas
        self._clock = clock
        self._sleeper = sleeper
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._paused_until: dict[tuple[str, str], float] = {}

    def admit(self, lane: Lane) -> None:
        """Return when a call may go out on this lane.

        Raises:
            GaveUp: when the lane is paused for longer than anyone should wait.
        """
        while True:
            with self._lock:
                seconds = self._wait(lane)
            if seconds <= 0:
                return
            if seconds > PATIENCE:
                raise GaveUp(f"{lane.route} in {lane.region} is paused for {seconds:.0f} s")
            self._sleeper.sleep(max(seconds, _SHORTEST_SLEEP))

    def pause(self, lane: Lane, seconds: float) -> None:
        """Keep everyone off this route of this region for ``seconds`` from now."""
        until = self._clock.now() + seconds
        with self._lock:
            key = (lane.region, lane.route)
            self._paused_until[key] = max(until, self._paused_until.get(key, 0.0))

    def slow_down(self, lane: Lane, seconds: float) -> None:
        """Lower the pace of this lane's quota class; a 429 asked for ``seconds`` of rest."""
        now = self._clock.now()
        with self._lock:
            bucket = self._bucket(lane, now)
            if bucket is not None:
                bucket.slow_down(now, now + seconds)

    def _wait(self, lane: Lane) -> float:
        now = self._clock.now()
        pause = self._paused_until.get((lane.region, lane.route), 0.0) - now
        if pause > 0:
            return pause
        bucket = self._bucket(lane, now)
        return bucket.wait(lane.weight, now) if bucket else 0.0

    def _bucket(self, lane: Lane, now: float) -> _Bucket | None:
        quota = self._quotas.get(lane.quota)
        if quota is None:
            return None
        key = (lane.region, lane.quota)
        if key not in self._buckets:
            burst = max(1.0, quota.burst * SHARE)
            self._buckets[key] = _Bucket(quota.rate * SHARE, quota.rate * SHARE, burst, burst, now)
        return self._buckets[key]
