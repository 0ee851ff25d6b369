"""A store of encrypted values for everything that must survive a restart.

Names are stored as keyed hashes and values are encrypted: without the key, the file shows only how
many rows it has.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol, Self

from .encryption import Encryptor, find_key
from .errors import StoreError

_TABLES = """
CREATE TABLE IF NOT EXISTS row (
    kind TEXT NOT NULL, name BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, name)
) WITHOUT ROWID;
"""
_KEY_CHECK = ("seal", "adsmock store 1")
"""A row that reveals a wrong key before anything else is read or written."""


class Store(Protocol):
    """Stores JSON values by kind and name."""

    def put(self, kind: str, rows: Mapping[str, Any]) -> None:
        """Store all rows or none; existing ones are replaced."""
        ...

    def get(self, kind: str, names: Iterable[str]) -> dict[str, Any]:
        """Return the rows that exist, by name."""
        ...

    def drop(self, kind: str, names: Iterable[str]) -> None:
        """Delete rows; missing ones are ignored."""
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
            path: the file; only the owner can read a new one.
            key: see ``encryption.find_key``.
            environment: the variables to take the key from, instead of the process's.

        Raises:
            StoreError: the key is missing or wrong, or the file is not a store.
        """
        self._encryptor = Encryptor(find_key(key, environment))
        self._lock = threading.Lock()
        try:
            self._connection = _connect(str(path))
            self._check_key()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{path} cannot be used as a store: {error}") from error
        except StoreError as error:
            self._connection.close()
            raise StoreError(f"{path}: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def put(self, kind: str, rows: Mapping[str, Any]) -> None:
        """Store all rows or none; existing ones are replaced."""
        encrypted = [
            (
                kind,
                self._encryptor.blind_index(name),
                self._encryptor.encrypt(json.dumps(value).encode()),
            )
            for name, value in rows.items()
        ]
        with self._lock, self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO row VALUES (?, ?, ?)", encrypted)

    def get(self, kind: str, names: Iterable[str]) -> dict[str, Any]:
        """Return the rows that exist, by name."""
        found: dict[str, Any] = {}
        with self._lock:
            for name in names:
                row = self._connection.execute(
                    "SELECT value FROM row WHERE kind = ? AND name = ?",
                    (kind, self._encryptor.blind_index(name)),
                ).fetchone()
                if row is not None:
                    found[name] = json.loads(self._encryptor.decrypt(row[0]))
        return found

    def drop(self, kind: str, names: Iterable[str]) -> None:
        """Delete rows; missing ones are ignored."""
        with self._lock, self._connection:
            self._connection.executemany(
                "DELETE FROM row WHERE kind = ? AND name = ?",
                [(kind, self._encryptor.blind_index(name)) for name in names],
            )

    def values(self, kind: str) -> list[Any]:
        """Return all values of a kind, in no particular order."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT value FROM row WHERE kind = ?", (kind,)
            ).fetchall()
        return [json.loads(self._encryptor.decrypt(value)) for (value,) in rows]

    def _check_key(self) -> None:
        """Decrypt the check row, or write it into a new file."""
        kind, text = _KEY_CHECK
        rows = self._connection.execute("SELECT value FROM row WHERE kind = ?", (kind,)).fetchall()
        if not rows:
            self.put(kind, {text: text})
        for (value,) in rows:
            self._encryptor.decrypt(value)


def _connect(path: str) -> sqlite3.Connection:
    if path != ":memory:":
        # SQLite would create it readable for others.
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
