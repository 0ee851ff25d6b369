"""Mutants: a token refresh in each worker."""

from __future__ import annotations

import threading
from typing import Any

from adsmock.harness.client.auth import TokenCache
from adsmock.harness.client.client import AdsClient
from adsmock.harness.mutants.mutant import Mutant


class _TokenPerWorkerCache(TokenCache):
    """Lets every worker with a refused token request a new one."""

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
        """Mark this worker as one that needs a new token."""
        del token
        self._mine.is_refused = True


class Stampede(AdsClient):
    """Refreshes the token in every worker that was refused."""

    token_cache_class = _TokenPerWorkerCache


MUTANTS = (
    Mutant(
        "stampede",
        "refreshes the token in every worker that was refused",
        ("A04.grants",),
        Stampede,
    ),
)
