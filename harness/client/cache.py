"""A cache of reads that rarely change; the client's own writes invalidate it.

Source: WAF, performance efficiency: cache profiles and other data that rarely changes
(documented); the lifetime is our own choice.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection
from dataclasses import dataclass

from .call import Call
from .clock import Clock
from .middleware import Middleware
from .retry.chain import Chain
from .sender import Sender
from .transport import Reply

READS = frozenset({"profiles.list", "profiles.get"})
"""The operations that are cached by default."""

SECONDS = 900.0

MAX_REPLIES = 1_000
"""The most replies in the cache; the oldest are dropped first."""

CacheScope = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Caching:
    """What to cache and for how long: operation ids of reads, and seconds on the client's clock."""

    operations: Collection[str] = READS
    seconds: float = SECONDS


class CacheMiddleware(Middleware):
    """Answers a read from the cache while it is fresh.

    A write drops the cached replies of its family in its region: before it is sent and after it
    has ended, so that a read in between is not cached either.
    """

    def __init__(self, inner: Sender, caching: Caching, clock: Clock) -> None:
        super().__init__(inner)
        self._caching = caching
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[tuple[CacheScope, str], tuple[float, Reply]] = {}
        self._writes = 0

    def send(self, call: Call, chain: Chain | None = None) -> Reply:
        """Return a fresh reply; raises what the inner sender raises."""
        if call.operation.verb not in {"list", "get"}:
            return self._write(call, chain)
        if call.operation.id not in self._caching.operations:
            return self._inner.send(call, chain)
        key = (_scope(call), _cache_key(call))
        with self._lock:
            at, kept = self._kept.get(key, (0.0, None))
            writes = self._writes
        now = self._clock.now()
        if kept is not None and now - at < self._caching.seconds:
            # A new reply for each caller: callers may change its JSON value.
            return Reply(kept.status, kept.headers, kept.body)
        reply = self._inner.send(call, chain)
        with self._lock:
            if writes == self._writes:
                self._kept[key] = (now, Reply(reply.status, reply.headers, reply.body))
                for oldest in list(self._kept)[: max(0, len(self._kept) - MAX_REPLIES)]:
                    del self._kept[oldest]
        return reply

    def _write(self, call: Call, chain: Chain | None) -> Reply:
        self._drop(call)
        try:
            return self._inner.send(call, chain)
        finally:
            self._drop(call)

    def _drop(self, call: Call) -> None:
        family, region, profile = _scope(call)
        with self._lock:
            self._writes += 1
            for key in [key for key in self._kept if key[0][:2] == (family, region)]:
                # The writes of one profile do not change what belongs to another.
                if not profile or key[0][2] in {"", profile}:
                    del self._kept[key]


def _scope(call: Call) -> CacheScope:
    """Return the scope of a reply: family, region, and the profile if there is one."""
    return call.operation.id.partition(".")[0], call.region, call.profile or ""


def _cache_key(call: Call) -> str:
    parts = [call.operation.id, dict(call.path), dict(call.query), call.body, call.accept]
    return json.dumps(parts, sort_keys=True, ensure_ascii=False)
