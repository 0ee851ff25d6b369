"""The access token: one worker refreshes it, all workers share it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from .clock import Clock
from .errors import BadCredentials, Refused, UnreadableReply
from .retry.chain import Retry
from .retry.context import Kind, RateLimitKey
from .routing import Router
from .settings import Credentials
from .transport import Reply, Request, Transport

MARGIN = 60.0
"""Seconds before its expiry at which a token is replaced."""

MARGIN_SHARE = 0.1
"""The largest part of a lifetime that the margin may take.

With a fixed margin, a short-lived token would count as expired at once, and every call would
request another."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One access token and the time after which to replace it."""

    token: str = field(repr=False)
    renew_at: float


class TokenCache:
    """One access token for all regions, renewed under a lock.

    A token is valid in every region; it is requested in the region of the call that needs it. A
    refused grant is remembered: another request with the same secret would be refused too.
    """

    def __init__(
        self,
        credentials: Credentials,
        path: str,
        router: Router,
        *,
        transport: Transport,
        retry: Retry,
        clock: Clock,
    ) -> None:
        self._credentials = credentials
        self._path = path
        self._router = router
        self._transport = transport
        self._retry = retry
        self._clock = clock
        self._lock = threading.Lock()
        self._grant: Grant | None = None
        self._refusal: Refused | None = None

    def token(self, region: str) -> str:
        """Return a token that does not expire soon; at most one worker requests it.

        Raises:
            BadCredentials: the grant is refused, now or earlier.
            GaveUp: Login with Amazon cannot be reached.
        """
        with self._lock:
            if self._refusal is not None:
                raise _grant_error(self._refusal)
            if self._grant is None or self._clock.now() >= self._grant.renew_at:
                self._grant = self._fetch(region)
            return self._grant.token

    def invalidate(self, token: str) -> None:
        """Drop a refused token, unless another worker has replaced it already."""
        with self._lock:
            if self._grant is not None and self._grant.token == token:
                self._grant = None

    def _fetch(self, region: str) -> Grant:
        requested_at = self._clock.now()
        chain = self._retry.open(Kind.TOKEN, RateLimitKey(region, "lwa.token", "lwa"))
        request = self._request(region)
        try:
            reply = chain.run(lambda: self._transport.send(request))
        except Refused as refusal:
            self._refusal = refusal
            raise _grant_error(refusal) from refusal
        token, lifetime = _read(reply)
        margin = min(MARGIN, MARGIN_SHARE * lifetime)
        return Grant(token, requested_at + lifetime - margin)

    def _request(self, region: str) -> Request:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self._credentials.refresh_token,
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
            "Accept": "application/json",
        }
        url = self._router.lwa(region) + self._path
        return Request("POST", url, headers, urlencode(form).encode())


def _grant_error(refusal: Refused) -> Refused:
    """Return a new error for a refused grant, ``BadCredentials`` for a 400 or 401."""
    is_ours = refusal.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}
    return (BadCredentials if is_ours else Refused)(refusal.status, refusal.message)


def _read(reply: Reply) -> tuple[str, float]:
    """Return token and lifetime in seconds from a grant."""
    body: Any = reply.json
    try:
        return str(body["access_token"]), float(body["expires_in"])
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableReply("the token reply has no access_token or no expires_in") from error
