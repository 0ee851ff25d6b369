"""Mutants: tokens and profile scope."""

from __future__ import annotations

import itertools
import threading
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from adsmock.harness.client.auth import TokenCache
from adsmock.harness.client.call import Call
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.errors import BadCredentials, Refused
from adsmock.harness.client.retry import checker
from adsmock.harness.client.retry.context import Attempt, Kind
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.transport import Reply
from adsmock.harness.mutants.mutant import Mutant

SCOPE = "Amazon-Advertising-API-Scope"

HOUR = 3600.0

GRANTS = 6


class _MissingScopeSender(Sender):
    """Omits the scope from every third request for a profile, then repeats it correctly."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._numbers = itertools.count(1)

    def headers(self, call: Call, token: str) -> dict[str, str]:
        headers = super().headers(call, token)
        if SCOPE in headers and next(self._numbers) % 3 == 0:
            del headers[SCOPE]
        return headers

    def attempt(self, call: Call) -> Reply:
        # Repeat it, or no case would get past the third request.
        reply = super().attempt(call)
        return super().attempt(call) if checker.is_scope_refused(reply) else reply


class NoScope(AdsClient):
    """Sometimes omits the header that names the profile."""

    sender_class = _MissingScopeSender


class _KeepsRefusedTokenCache(TokenCache):
    """Keeps a token that was refused."""

    def invalidate(self, token: str) -> None:
        """Do nothing."""


class StaleToken(AdsClient):
    """Answers a 401 by sending again with the token that was just refused."""

    token_cache_class = _KeepsRefusedTokenCache


class _RegionalTokenCache(TokenCache):
    """Keeps a refused token for every region but North America."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._used = threading.local()

    def token(self, region: str) -> str:
        self._used.region = region
        return super().token(region)

    def invalidate(self, token: str) -> None:
        if self._used.region == "NA":
            super().invalidate(token)


class StaleTokenAbroad(AdsClient):
    """Drops a refused token in North America only."""

    token_cache_class = _RegionalTokenCache


class _TokenPerCallCache(TokenCache):
    """Requests a token for every call."""

    def token(self, region: str) -> str:
        with self._lock:
            self._grant = None
        return super().token(region)


class TokenPerCall(AdsClient):
    """Requests a new token before every call."""

    token_cache_class = _TokenPerCallCache


class _FixedLifeTokenCache(TokenCache):
    """Assumes a lifetime of one hour; after a 401, a new token is used for that call alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._mine = threading.local()

    def token(self, region: str) -> str:
        with self._lock:
            if self._refusal is not None:
                raise self._refusal
            if self._grant is None or self._clock.now() >= self._grant.renew_at:
                self._grant = replace(self._fetch(region), renew_at=self._clock.now() + HOUR)
            if getattr(self._mine, "is_refused", False):
                self._mine.is_refused = False
                return self._fetch(region).token
            return self._grant.token

    def invalidate(self, token: str) -> None:
        """Mark the next call as one that needs another token; keep this one."""
        del token
        self._mine.is_refused = True


class HardLifetime(AdsClient):
    """Keeps a token for an hour, whatever its lifetime."""

    token_cache_class = _FixedLifeTokenCache


class _Retry401Sender(Sender):
    """Treats every 401 as an expired token, six times."""

    def attempt(self, call: Call) -> Reply:
        reply = super().attempt(call)
        for _ in range(GRANTS):
            if reply.status != HTTPStatus.UNAUTHORIZED:
                break
            token = self._tokens.token(call.region)
            reply = self.deliver(call, token)
            self._tokens.invalidate(token)
        return reply


class Retry401(AdsClient):
    """Answers every 401 with a new token, six times over."""

    sender_class = _Retry401Sender


class _ForgetsRefusalCache(TokenCache):
    """Does not remember a refused grant, and retries it."""

    def token(self, region: str) -> str:
        for _ in range(2):
            self._refusal = None
            with suppress(Refused, BadCredentials):
                return super().token(region)
        self._refusal = None
        return super().token(region)


class Regrant(AdsClient):
    """Requests a token three times for each task although the grant was refused."""

    token_cache_class = _ForgetsRefusalCache


class _NoTokenCache(TokenCache):
    """Uses an invented token when the grant is refused."""

    def token(self, region: str) -> str:
        try:
            return super().token(region)
        except BadCredentials:
            return "none"


class Tokenless(AdsClient):
    """Calls the API without a token when the grant is refused."""

    token_cache_class = _NoTokenCache


class _ShrinkingWaitPolicy(RetryPolicy):
    """Waits less before each retry at the token endpoint."""

    def wait(self, attempt: Attempt | None, retry: int) -> float:
        if attempt is not None and attempt.kind is Kind.TOKEN:
            return float(4 * 0.25**retry)
        return super().wait(attempt, retry)


class ShrinkingWaits(AdsClient):
    """Retries at the token endpoint with ever shorter waits."""

    policy_class = _ShrinkingWaitPolicy


class _OneGrantPolicy(RetryPolicy):
    """Gives up at the first error of the token endpoint."""

    def is_retryable(self, attempt: Attempt) -> bool:
        return attempt.kind is not Kind.TOKEN and super().is_retryable(attempt)


class _FinalErrorCache(TokenCache):
    """Treats an error of the token endpoint as final."""

    def token(self, region: str) -> str:
        try:
            return super().token(region)
        except Refused as refusal:
            self._refusal = refusal
            raise


class TokenOnce(AdsClient):
    """Ends all work when the token endpoint fails once."""

    policy_class = _OneGrantPolicy
    token_cache_class = _FinalErrorCache


class _StopsAllSender(Sender):
    """Sends nothing more once one profile was forbidden."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._last: Reply | None = None

    def attempt(self, call: Call) -> Reply:
        reply = self._last or super().attempt(call)
        if reply.status == HTTPStatus.FORBIDDEN:
            self._last = reply
        return reply


class OneForAll(AdsClient):
    """Ends the work of all profiles when one is forbidden."""

    sender_class = _StopsAllSender


MUTANTS = (
    Mutant(
        "stale-token-abroad",
        "keeps a refused token for Europe and the Far East",
        ("A11.refresh",),
        StaleTokenAbroad,
    ),
    Mutant(
        "token-per-call",
        "requests a new token before every call",
        ("A02.grants",),
        TokenPerCall,
    ),
    Mutant(
        "hard-lifetime",
        "keeps a token for an hour, whatever expires_in says",
        (
            "A04.grants",
            "A05.expired",
            "I03.dropped",
        ),
        HardLifetime,
    ),
    Mutant(
        "retry-401",
        "answers every 401 with a new token, six times over",
        ("A06.stops", "A10.once", "G03.hunt"),
        Retry401,
    ),
    Mutant(
        "regrant",
        "requests a token again after the grant was refused",
        ("A07.grants", "A07.remembered"),
        Regrant,
    ),
    Mutant(
        "tokenless",
        "calls the API without a token when the grant is refused",
        ("A07.tokenless",),
        Tokenless,
    ),
    Mutant(
        "shrinking-waits",
        "retries at the token endpoint with ever shorter waits",
        ("A08.waits",),
        ShrinkingWaits,
    ),
    Mutant(
        "token-once",
        "ends all work when the token endpoint fails once",
        ("A08.proceeds",),
        TokenOnce,
    ),
    Mutant(
        "one-for-all",
        "ends the work of all profiles when one is forbidden",
        ("A09.others",),
        OneForAll,
    ),
    Mutant(
        "noscope",
        "omits the scope header from every third call for a profile",
        ("A01.headers",),
        NoScope,
    ),
    Mutant(
        "stale-token",
        "answers a 401 by sending again with the refused token",
        (
            "A03.refresh",
            "I03.dropped",
        ),
        StaleToken,
    ),
)
