"""Clients that are wrong in who calls and for whom."""

from __future__ import annotations

import itertools
from typing import Any

from harness.client.auth import TokenCache
from harness.client.call import Call
from harness.client.client import AdsClient
from harness.client.retry import checker
from harness.client.sender import Sender
from harness.client.transport import Reply
from harness.mutants.mutant import Mutant

SCOPE = "Amazon-Advertising-API-Scope"


class _ForgetfulSender(Sender):
    """Leaves the scope out of every third request for an advertiser, and asks again properly."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._numbers = itertools.count(1)

    def headers(self, call: Call, token: str) -> dict[str, str]:
        headers = super().headers(call, token)
        if SCOPE in headers and next(self._numbers) % 3 == 0:
            del headers[SCOPE]
        return headers

    def attempt(self, call: Call) -> Reply:
        # The work must go on, else every case would miss what comes after the third request.
        reply = super().attempt(call)
        return super().attempt(call) if checker.is_scope_refused(reply) else reply


class NoScope(AdsClient):
    """Forgets the header that names the advertiser now and then."""

    sender_class = _ForgetfulSender


class _StubbornTokenCache(TokenCache):
    """Keeps a token that was refused."""

    def invalidate(self, token: str) -> None:
        """Do nothing."""


class StaleToken(AdsClient):
    """Answers a 401 by sending again with the token that was just refused."""

    token_cache_class = _StubbornTokenCache


MUTANTS = (
    Mutant(
        "noscope",
        "leaves the scope header out of every third advertiser call",
        ("A01.headers",),
        NoScope,
    ),
    Mutant(
        "stale-token",
        "answers a 401 by sending again with the refused token",
        ("A03.refresh",),
        StaleToken,
    ),
)
