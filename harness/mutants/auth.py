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
from adsmock.harness.client.errors import BadCredentials, Refused
from adsmock.harness.client.retry import checker
from adsmock.harness.client.retry.context import Attempt, Kind
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.transport import Reply
from adsmock.harness.mutants.mutant import mutant

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


class _KeepsRefusedTokenCache(TokenCache):
    def invalidate(self, token: str) -> None:
        """Do nothing."""


class _OneTokenCache(_KeepsRefusedTokenCache):
    def token(self, region: str) -> str:
        with self._lock:
            if self._grant is not None:
                return self._grant.token
        return super().token(region)


class _RegionalTokenCache(TokenCache):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._used = threading.local()

    def token(self, region: str) -> str:
        self._used.region = region
        return super().token(region)

    def invalidate(self, token: str) -> None:
        if self._used.region == "NA":
            super().invalidate(token)


class _TokenPerCallCache(TokenCache):
    def token(self, region: str) -> str:
        with self._lock:
            self._grant = None
        return super().token(region)


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
        self._mine.is_refused = True


class _Retry401Sender(Sender):
    def attempt(self, call: Call) -> Reply:
        reply = super().attempt(call)
        for _ in range(GRANTS):
            if reply.status != HTTPStatus.UNAUTHORIZED:
                break
            token = self._tokens.token(call.region)
            reply = self.deliver(call, token)
            self._tokens.invalidate(token)
        return reply


class _ForgetsRefusalCache(TokenCache):
    def token(self, region: str) -> str:
        for _ in range(2):
            self._refusal = None
            with suppress(Refused, BadCredentials):
                return super().token(region)
        self._refusal = None
        return super().token(region)


class _NoTokenCache(TokenCache):
    def token(self, region: str) -> str:
        try:
            return super().token(region)
        except BadCredentials:
            return "none"


class _ShrinkingWaitPolicy(RetryPolicy):
    def wait(self, attempt: Attempt | None, retry: int) -> float:
        if attempt is not None and attempt.kind is Kind.TOKEN:
            return float(4 * 0.25**retry)
        return super().wait(attempt, retry)


class _OneGrantPolicy(RetryPolicy):
    def is_retryable(self, attempt: Attempt) -> bool:
        return attempt.kind is not Kind.TOKEN and super().is_retryable(attempt)


class _FinalErrorCache(TokenCache):
    def token(self, region: str) -> str:
        try:
            return super().token(region)
        except Refused as refusal:
            self._refusal = refusal
            raise


class _StopsAllSender(Sender):
    _last: Reply | None = None

    def attempt(self, call: Call) -> Reply:
        reply = self._last or super().attempt(call)
        if reply.status == HTTPStatus.FORBIDDEN:
            self._last = reply
        return reply


MUTANTS = (
    mutant(
        "stale-token-abroad",
        "keeps a refused token for Europe and the Far East",
        "A11.refresh I03.dropped",
        _RegionalTokenCache,
    ),
    mutant(
        "token-for-good",
        "keeps its first token for good",
        "A03.refresh A05.expired A11.refresh B06.cap DY01.tokens DY01.work I03.dropped I06.bounded",
        _OneTokenCache,
    ),
    mutant(
        "token-per-call",
        "requests a new token before every call",
        "A02.grants A04.grants",
        _TokenPerCallCache,
    ),
    mutant(
        "hard-lifetime",
        "keeps a token for an hour, whatever expires_in says",
        "A04.grants A05.expired I03.dropped",
        _FixedLifeTokenCache,
    ),
    mutant(
        "retry-401",
        "answers every 401 with a new token, six times over",
        "A06.stops A10.once",
        _Retry401Sender,
    ),
    mutant(
        "regrant",
        "requests a token again after the grant was refused",
        "A07.grants A07.remembered",
        _ForgetsRefusalCache,
    ),
    mutant(
        "tokenless",
        "calls the API without a token when the grant is refused",
        "A07.tokenless",
        _NoTokenCache,
    ),
    mutant(
        "shrinking-waits",
        "retries at the token endpoint with ever shorter waits",
        "A08.waits",
        _ShrinkingWaitPolicy,
    ),
    mutant(
        "token-once",
        "ends all work when the token endpoint fails once",
        "A08.proceeds",
        _OneGrantPolicy,
        _FinalErrorCache,
    ),
    mutant(
        "one-for-all",
        "ends the work of all profiles when one is forbidden",
        "A09.others",
        _StopsAllSender,
    ),
    mutant(
        "noscope",
        "omits the scope header from every third call for a profile",
        "A01.headers D03.amounts",
        _MissingScopeSender,
    ),
    mutant(
        "stale-token",
        "answers a 401 by sending again with the refused token",
        "A03.refresh A11.refresh I03.dropped",
        _KeepsRefusedTokenCache,
    ),
)
