"""Several processes of one integration that work off one queue and share one token.

Each is a client of its own, with its own pace, memory and connections; all they have in common is
a token in a file, as processes would. Knows clients and SQLite. Must not know who hands out the
work.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Self, cast

from adsmock.harness.client.auth import Grant, TokenCache
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.errors import Refused
from adsmock.harness.client.settings import Settings

PROCESSES = 3

LOCK_TIMEOUT = 60.0
"""Seconds that a process waits for another one to fetch the token."""

_TABLE = "CREATE TABLE IF NOT EXISTS token (token TEXT, renew_at REAL, status INTEGER, words TEXT)"

_Kept = tuple[str | None, float | None, int | None, str | None]
_NOTHING: _Kept = (None, None, None, None)


class SharedTokens(TokenCache):
    """A token that lies in a file and is fetched by whoever finds it gone or old.

    The file is locked while a token is fetched, so the others wait for that one; a refused grant
    is remembered there too.
    """

    file: ClassVar[Path]

    def token(self, region: str) -> str:
        """Return the token of all processes; raises what the cache of one process raises."""
        with self._held():
            return super().token(region)

    def invalidate(self, token: str) -> None:
        """Drop a refused token, unless another process has replaced it already."""
        with self._held():
            super().invalidate(token)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Take what the file holds while nobody else can, and put back what came of it."""
        with closing(
            sqlite3.connect(self.file, timeout=LOCK_TIMEOUT, isolation_level=None)
        ) as shelf:
            shelf.execute("PRAGMA synchronous = OFF")
            shelf.execute("BEGIN EXCLUSIVE")
            try:
                shelf.execute(_TABLE)
                before = next(shelf.execute("SELECT * FROM token"), _NOTHING)
                self._take(before)
                yield
            finally:
                after = self._given()
                if after != before:
                    shelf.execute("DELETE FROM token")
                    shelf.execute("INSERT INTO token VALUES (?, ?, ?, ?)", after)
                shelf.execute("COMMIT")

    def _take(self, kept: _Kept) -> None:
        token, renew_at, status, words = kept
        self._grant = None if token is None else Grant(token, renew_at or 0.0)
        self._refusal = None if status is None else Refused(status, words or "")

    def _given(self) -> _Kept:
        grant, refusal = self._grant, self._refusal
        return (
            grant.token if grant else None,
            grant.renew_at if grant else None,
            refusal.status if refusal else None,
            refusal.message if refusal else None,
        )


class Fleet:
    """Clients that take turns: each verb that is asked for goes to the next of them."""

    def __init__(self, settings: Settings, **parts: Any) -> None:
        self._folder = TemporaryDirectory(prefix="adsmock-")
        file = Path(self._folder.name) / "token.db"
        tokens = type("Tokens", (SharedTokens,), {"file": file})
        member = type("Member", (AdsClient,), {"token_cache_class": tokens})
        self._members = [member(settings, **parts) for _ in range(PROCESSES)]
        self._turns = cycle(self._members)

    def __getattr__(self, verb: str) -> Any:
        return getattr(next(self._turns), verb)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._members:
            one.close()
        self._folder.cleanup()


def fleet(settings: Settings, **parts: Any) -> AdsClient:
    """Return a fleet, which has every verb of a client."""
    return cast("AdsClient", Fleet(settings, **parts))
