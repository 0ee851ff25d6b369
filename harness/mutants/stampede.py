"""Mutants: a token refresh in each worker."""

from __future__ import annotations

import threading
from typing import Any

from adsmock.harness.client.auth import TokenCache
from adsmock.harness.mutants.mutant import mutant


class _TokenPerWorkerCache(TokenCache):
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
        self._mine.is_refused = True


MUTANTS = (
    mutant(
        "stampede",
        "refreshes the token in every worker that was refused",
        "A04.grants",
        _TokenPerWorkerCache,
    ),
)
