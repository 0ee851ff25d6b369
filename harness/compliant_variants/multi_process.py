"""Several processes of one integration with one queue and one shared token.

Each is a separate client with its own rate limiter, cache and connections; they share only a token
in a file, as processes would.
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
"""Seconds that a process waits while another one requests the token."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS token (token TEXT, renew_at REAL, status INTEGER, message TEXT)"
)

_Row = tuple[str | None, float | None, int | None, str | None]
_EMPTY: _Row = (None, None, None, None)


class SharedTokens(TokenCache):
    """A token cache in a file.

    The file is locked while a process requests a token, so that the others wait for it. A refused
    grant is kept there too.
    """

    file: ClassVar[Path]

    def token(self, region: str) -> str:
        """Return the token of all processes; raises what the cache of one process raises."""
        with self._locked():
            return super().token(region)

    def invalidate(self, token: str) -> None:
        """Drop a refused token, unless another process has replaced it already."""
        with self._locked():
            super().invalidate(token)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Lock the file, load its content, and write the changed content back."""
        with closing(
            sqlite3.connect(self.file, timeout=LOCK_TIMEOUT, isolation_level=None)
        ) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN EXCLUSIVE")
            try:
                connection.execute(_TABLE)
                before = next(connection.execute("SELECT * FROM token"), _EMPTY)
                self._load(before)
                yield
            finally:
                after = self._content()
                if after != before:
                    connection.execute("DELETE FROM token")
                    connection.execute("INSERT INTO token VALUES (?, ?, ?, ?)", after)
                connection.execute("COMMIT")

    def _load(self, row: _Row) -> None:
        token, renew_at, status, message = row
        self._grant = None if token is None else Grant(token, renew_at or 0.0)
        self._refusal = None if status is None else Refused(status, message or "")

    def _content(self) -> _Row:
        grant, refusal = self._grant, self._refusal
        return (
            grant.token if grant else None,
            grant.renew_at if grant else None,
            refusal.status if refusal else None,
            refusal.message if refusal else None,
        )


class RoundRobinClients:
    """Clients that take turns: each call of a verb goes to the next one."""

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
        for member in self._members:
            member.close()
        self._folder.cleanup()


def shared_token_clients(settings: Settings, **parts: Any) -> AdsClient:
    """Return an object with every verb of a client, backed by several clients."""
    return cast("AdsClient", RoundRobinClients(settings, **parts))
