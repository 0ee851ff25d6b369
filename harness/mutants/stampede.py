"""Clients whose workers do alone what one of them should do for all."""

from __future__ import annotations

import threading
from typing import Any

from adsmock.harness.client.auth import TokenCache
from adsmock.harness.client.client import AdsClient
from adsmock.harness.mutants.mutant import Mutant


class _HerdTokenCache(TokenCache):
    """Lets every worker that was refused fetch a token of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._mine = threading.local()

    def token(self, region: str) -> str:
        if not getattr(self._mine, "is_refused", False):
            return super().token(region)
        self._mine.is_refused = False
        grant = self._fetch(region)
        self._grant = grant
        return grant.token

    def invalidate(self, token: str) -> None:
        """Note that this worker needs a token, whatever the others have by now."""
        del token
        self._mine.is_refused = True


class Stampede(AdsClient):
    """Refreshes the token in every worker that was refused."""

    token_cache_class = _HerdTokenCache


MUTANTS = (
    Mutant(
        "stampede",
        "refreshes the token in every worker that was refused",
        ("A04.grants",),
        Stampede,
    ),
)
