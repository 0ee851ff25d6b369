"""What must survive a restart: a small store of sealed values.

Knows SQLite and the vault. Must not know what the values mean (``job``, ``intent``). Names are
kept as keyed hashes and values are sealed, so the file tells a stranger no more than how many
rows it holds.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from typing import TYPE_CHECKING, Any, Protocol, Self

from .encryption import Vault, find_key
from .errors import StoreTrouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_TABLES = """
CREATE TABLE IF NOT EXISTS row (
    kind TEXT NOT NULL, name BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, name)
) WITHOUT ROWID;
"""
_SEAL = ("seal", "adsmock store 1")
"""A row by which a wrong key is found out before anything else is read or written."""


class Store(Protocol):
    """Keeps JSON values by kind and name."""

    def put(self, kind: str, rows: Mapping[str, Any]) -> None:
        """Keep all rows or none; what was there under a name is replaced."""
        ...

    def get(self, kind: str, names: Iterable[str]) -> dict[str, Any]:
        """Return those rows that are there, by name."""
        ...

    def drop(self, kind: str, names: Iterable[str]) -> None:
        """Forget rows; those that are not there do not matter."""
        ...

    def values(self, kind: str) -> list[Any]:
        """Return all values of a kind, in no particular order."""
        ...


class SqliteStore:
    """A store in one SQLite file (or ``:memory:``); safe to share between threads.

    A write is on disk when the method returns.
    """

    def __init__(
        self,
        path: str | Path,
        key: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Open or make the file.

        Args:
            path: the file; a new one can be read by its owner alone.
            key: see ``vault.find_key``.
            environment: where to look for the key instead of the process' own.

        Raises:
            StoreTrouble: without a key, with a wrong one, or when the file is none of ours.
        """
        self._vault = Vault(find_key(key, environment))
        self._lock = threading.Lock()
        try:
            self._connection = _connect(str(path))
            self._unlock()
        except (OSError, sqlite3.Error) as trouble:
            raise StoreTrouble(f"{path} cannot be used as a store: {trouble}") from trouble
        except StoreTrouble as trouble:
            self._connection.close()
            raise StoreTrouble(f"{path}: {trouble}") from trouble

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def put(self, kind: str, rows: Mapping[str, Any]) -> None:
        """Keep all rows or none; what was there under a name is replaced."""
        sealed = [
            (kind, self._vault.index(name), self._vault.seal(json.dumps(value).encode()))
            for name, value in rows.items()
        ]
        with self._lock, self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO row VALUES (?, ?, ?)", sealed)

    def get(self, kind: str, names: Iterable[str]) -> dict[str, Any]:
        """Return those rows that are there, by name."""
        found: dict[str, Any] = {}
        with self._lock:
            for name in names:
                row = self._connection.execute(
                    "SELECT value FROM row WHERE kind = ? AND name = ?",
                    (kind, self._vault.index(name)),
                ).fetchone()
                if row is not None:
                    found[name] = json.loads(self._vault.open(row[0]))
        return found

    def drop(self, kind: str, names: Iterable[str]) -> None:
        """Forget rows; those that are not there do not matter."""
        with self._lock, self._connection:
            self._connection.executemany(
                "DELETE FROM row WHERE kind = ? AND name = ?",
                [(kind, self._vault.index(name)) for name in names],
            )

    def values(self, kind: str) -> list[Any]:
        """Return all values of a kind, in no particular order."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT value FROM row WHERE kind = ?", (kind,)
            ).fetchall()
        return [json.loads(self._vault.open(value)) for (value,) in rows]

    def _unlock(self) -> None:
        """Read the seal with our key, or put it into a new file."""
        kind, text = _SEAL
        rows = self._connection.execute("SELECT value FROM row WHERE kind = ?", (kind,)).fetchall()
        if not rows:
            self.put(kind, {text: text})
        for (value,) in rows:
            self._vault.open(value)


def _connect(path: str) -> sqlite3.Connection:
    if path != ":memory:":
        # SQLite would make it readable for others.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, check_same_thread=False)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.executescript(_TABLES)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
