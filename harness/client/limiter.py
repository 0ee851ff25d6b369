"""A client-side rate limiter: a token bucket per quota class, a pause per route.

The buckets keep the client under the known limits. The pause applies the Retry-After that one
worker received to all workers on the same route in the same region.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from .api import Quota
from .clock import Clock, Sleeper
from .errors import GaveUp
from .retry.context import RateLimitKey
from .retry.policy import LONGEST_WAIT

QUOTA_SHARE = 0.9
"""The part of a quota that the client uses; the rest is a margin for other callers."""

SLOW_DOWN_FACTOR = 0.7
"""The factor by which a 429 lowers the rate. Limits change with the load of the service."""

SLOW_DOWN_INTERVAL = 1.0
"""Seconds within which several 429s count as one: they answer calls sent at the same rate."""

RECOVERY = 0.01
"""The part of its planned rate that a bucket regains in each second without a 429."""

MINIMUM_RATE_SHARE = 0.05
"""The part of its planned rate below which a bucket is not slowed down."""

_SHORTEST_SLEEP = 0.001
"""Seconds. A clock may round a shorter sleep to nothing, and the loop would never end."""


@dataclass(slots=True)
class _Bucket:
    """Tokens of one quota class in one region."""

    planned: float
    rate: float
    burst: float
    tokens: float
    at: float
    slowed_at: float = float("-inf")

    def slow_down(self, now: float, until: float) -> None:
        """Lower the rate after a 429, and start without a burst after its pause."""
        if now - self.slowed_at >= SLOW_DOWN_INTERVAL:
            self.rate = max(self.planned * MINIMUM_RATE_SHARE, self.rate * SLOW_DOWN_FACTOR)
            self.slowed_at = now
        # Workers that waited for the same moment must not all send at once.
        self.tokens = min(self.tokens, 0.0)
        self.at = max(self.at, until)

    def wait(self, weight: float, now: float) -> float:
        """Refill; take ``weight`` and return 0, or return the seconds until it is available."""
        passed = max(0.0, now - self.at)
        self.rate = min(self.planned, self.rate + passed * RECOVERY * self.planned)
        self.tokens = min(self.burst, self.tokens + passed * self.rate)
        self.at = max(self.at, now)
        # A weight above the burst is never available; a full bucket is enough for it.
        missing = min(weight, self.burst) - self.tokens
        if missing > 0:
            return missing / self.rate
        self.tokens -= weight
        return 0.0


class Limiter:
    """The rate limiter that all workers of a client share; waits happen outside its lock."""

    def __init__(self, quotas: Mapping[str, Quota], clock: Clock, sleeper: Sleeper) -> None:
        self._quotas = quotas
        self._clock = clock
        self._sleeper = sleeper
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._paused_until: dict[tuple[str, str], float] = {}

    def admit(self, limit_key: RateLimitKey) -> None:
        """Wait until a call may be sent under this rate limit.

        Raises:
            GaveUp: the route is paused for more than ``LONGEST_WAIT`` seconds.
        """
        while True:
            with self._lock:
                seconds = self._wait(limit_key)
            if seconds <= 0:
                return
            if seconds > LONGEST_WAIT:
                raise GaveUp(
                    f"{limit_key.route} in {limit_key.region} is paused for {seconds:.0f} s"
                )
            self._sleeper.sleep(max(seconds, _SHORTEST_SLEEP))

    def pause(self, limit_key: RateLimitKey, seconds: float) -> None:
        """Pause this route of this region for all workers, for ``seconds`` from now."""
        until = self._clock.now() + seconds
        with self._lock:
            key = (limit_key.region, limit_key.route)
            self._paused_until[key] = max(until, self._paused_until.get(key, 0.0))

    def slow_down(self, limit_key: RateLimitKey, seconds: float) -> None:
        """Lower the rate of a quota class after a 429 with a wait of ``seconds``."""
        now = self._clock.now()
        with self._lock:
            bucket = self._bucket(limit_key, now)
            if bucket is not None:
                bucket.slow_down(now, now + seconds)

    def _wait(self, limit_key: RateLimitKey) -> float:
        now = self._clock.now()
        pause = self._paused_until.get((limit_key.region, limit_key.route), 0.0) - now
        if pause > 0:
            return pause
        bucket = self._bucket(limit_key, now)
        return bucket.wait(limit_key.weight, now) if bucket else 0.0

    def _bucket(self, limit_key: RateLimitKey, now: float) -> _Bucket | None:
        quota = self._quotas.get(limit_key.quota)
        if quota is None:
            return None
        key = (limit_key.region, limit_key.quota)
        if key not in self._buckets:
            rate, burst = quota.rate * QUOTA_SHARE, max(1.0, quota.burst * QUOTA_SHARE)
            self._buckets[key] = _Bucket(rate, rate, burst, burst, now)
        return self._buckets[key]
