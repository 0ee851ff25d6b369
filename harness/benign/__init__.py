"""Clients that do it another way and are right: no check of a MUST may fail for them.

A suite that calls lawful clients wrong is worse than none. Each is the reference client with
another lawful habit in one part. Knows the client. Must not know the suite.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from harness.benign import waits
from harness.client.auth import TokenCache
from harness.client.call import Call
from harness.client.client import AdsClient
from harness.client.limiter import Limiter
from harness.client.retry.context import Lane
from harness.client.sender import Sender


@dataclass(frozen=True, slots=True)
class Benign:
    """One lawful variation: ``habit`` says what it does in its own way."""

    name: str
    habit: str
    factory: type[AdsClient]


class _EarlyTokens(TokenCache):
    """Renews a token five minutes before its end, or at half of a short life."""

    def token(self, region: str) -> str:
        token = super().token(region)
        with self._lock:
            grant = self._grant
            if grant is not None and grant.token != self._shortened:
                left = grant.renew_at - self._clock.now()
                self._grant = replace(grant, renew_at=grant.renew_at - min(240.0, left / 2))
                self._shortened = grant.token
        return token

    _shortened = ""


class _LateTokens(TokenCache):
    """Keeps a token until it is refused."""

    def token(self, region: str) -> str:
        with self._lock:
            if self._grant is not None:
                return self._grant.token
        return super().token(region)


class _ClosingSender(Sender):
    """Asks for the end of the connection with each call."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        return super().headers(call, token) | {"Connection": "close"}


class _ChattySender(Sender):
    """Sends headers of its own, and all names in capitals."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        more = {"User-Agent": "partner/7.1", "X-Request-Source": "nightly", "Cache-Control": "*"}
        return {
            name.upper(): value for name, value in (super().headers(call, token) | more).items()
        }


class _PlainSender(Sender):
    """Takes no compressed answers."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        return super().headers(call, token) | {"Accept-Encoding": "identity"}


class _SlowLimiter(Limiter):
    """Waits a tenth of a second before each call, far below any limit."""

    def admit(self, lane: Lane) -> None:
        self._sleeper.sleep(0.1)
        super().admit(lane)


def _with(**parts: type) -> type[AdsClient]:
    """Return the reference client with other classes for some parts."""
    return type("Variation", (AdsClient,), parts)


_ROWS = (
    Benign(
        "full-jitter",
        "waits anything from nothing to the delay",
        _with(backoff_class=waits.FullJitter),
    ),
    Benign(
        "equal-jitter",
        "waits half of the delay and a random half",
        _with(backoff_class=waits.EqualJitter),
    ),
    Benign(
        "decorrelated",
        "draws each wait from one second to three times the last",
        _with(backoff_class=waits.Decorrelated),
    ),
    Benign("jitter-20", "jitters by 20 % to either side", _with(backoff_class=waits.NarrowJitter)),
    Benign("base-100ms", "begins at a tenth of a second", _with(backoff_class=waits.QuickStart)),
    Benign("base-2s", "begins at two seconds", _with(backoff_class=waits.SlowStart)),
    Benign("factor-1.5", "grows by half", _with(backoff_class=waits.Gentle)),
    Benign("factor-3", "grows threefold", _with(backoff_class=waits.Steep)),
    Benign(
        "late-10", "waits a tenth longer than Retry-After", _with(policy_class=waits.TenthLater)
    ),
    Benign(
        "late-5s", "waits five seconds longer than Retry-After", _with(policy_class=waits.FiveLater)
    ),
    Benign("three-retries", "gives up after three retries", _with(policy_class=waits.ThreeRetries)),
    Benign(
        "early-refresh",
        "renews its token five minutes early",
        _with(token_cache_class=_EarlyTokens),
    ),
    Benign(
        "late-refresh", "renews its token when it is refused", _with(token_cache_class=_LateTokens)
    ),
    Benign(
        "connection-per-call",
        "opens a connection for each call",
        _with(sender_class=_ClosingSender),
    ),
    Benign(
        "own-headers",
        "sends headers of its own, all in capitals",
        _with(sender_class=_ChattySender),
    ),
    Benign("no-gzip", "takes no compressed answers", _with(sender_class=_PlainSender)),
    Benign("slow-limiter", "calls far more slowly than it may", _with(limiter_class=_SlowLimiter)),
)

BENIGN: Mapping[str, Benign] = MappingProxyType({row.name: row for row in _ROWS})
"""All lawful variations by name."""

__all__ = ["BENIGN", "Benign"]
