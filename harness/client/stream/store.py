"""What a consumer keeps, in SQLite: sums and the ids in them, newest states, parked messages."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

_TABLES = """
CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sum (
    dataset TEXT, key TEXT, metric TEXT, value TEXT, PRIMARY KEY (dataset, key, metric)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (
    dataset TEXT, key TEXT, position REAL, record TEXT, PRIMARY KEY (dataset, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parked (body TEXT, reason TEXT);
"""

DIMENSIONS = (
    "advertiser_id",
    "marketplace_id",
    "time_window_start",
    "campaign_id",
    "ad_group_id",
    "ad_id",
    "keyword_id",
    "target_id",
    "placement",
    "placement_type",
    "currency",
)
"""Members that identify a sum. Others may appear any day and must not split it."""


class Sum(NamedTuple):
    """The total of a metric for a combination of dimensions."""

    dimensions: dict[str, Any]
    metric: str
    value: Decimal


class StreamStore:
    """A SQLite file, or ``:memory:``; use it from one thread at a time."""

    def __init__(self, path: str | Path) -> None:
        """Open or make the file."""
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all changes inside or none; on disk when it ends."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def record(self) -> Iterator[None]:
        """Keep all changes inside or none, as a part of the transaction."""
        self._connection.execute("SAVEPOINT record")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK TO record")
            raise
        finally:
            self._connection.execute("RELEASE record")

    def add(self, dataset: str, record: Mapping[str, Any]) -> bool:
        """Add the numbers of a record to their sums; False for a record that is in them already."""
        is_new = self._connection.execute(
            "INSERT OR IGNORE INTO seen VALUES (?)", (record["idempotency_id"],)
        ).rowcount
        if not is_new:
            return False
        key = _text({name: record[name] for name in DIMENSIONS if name in record})
        for metric, number in record.items():
            if isinstance(number, int | Decimal) and not isinstance(number, bool):
                self._increase(dataset, key, metric, Decimal(number))
        return True

    def keep_newest(
        self, dataset: str, names: Sequence[str], order: str, record: Mapping[str, Any]
    ) -> bool:
        """Keep a record unless a newer one of the same key is kept; say whether it was new."""
        owner = [str(record.get(each)) for each in ("advertiser_id", "marketplace_id")]
        return bool(
            self._connection.execute(
                "INSERT INTO state VALUES (?, ?, ?, ?) ON CONFLICT (dataset, key) DO UPDATE SET "
                "position = excluded.position, record = excluded.record "
                "WHERE excluded.position > position",
                (dataset, _text([*owner, *names]), _position(record[order]), _text(record)),
            ).rowcount
        )

    def park(self, body: str, reason: str) -> None:
        """Keep a message that cannot be processed, for a person or a later version."""
        self._connection.execute("INSERT INTO parked VALUES (?, ?)", (body, reason))

    def sums(self, dataset: str) -> list[Sum]:
        """Return the sums of a dataset."""
        rows = self._connection.execute(
            "SELECT key, metric, value FROM sum WHERE dataset = ? ORDER BY key, metric", (dataset,)
        )
        return [Sum(json.loads(key), metric, Decimal(value)) for key, metric, value in rows]

    def totals(self, day: str = "") -> dict[str, dict[str, Decimal]]:
        """Return the sums over all dimensions, by dataset and metric.

        With ``day`` (``YYYY-MM-DD``) only the hours of that day count, in the time zone of the
        advertiser: ``time_window_start`` is written in it.
        """
        found: dict[str, dict[str, Decimal]] = {}
        for dataset, key, metric, value in self._connection.execute(
            "SELECT dataset, key, metric, value FROM sum ORDER BY dataset, metric"
        ):
            if day and self.day_of(json.loads(key)) != day:
                continue
            metrics = found.setdefault(dataset, {})
            metrics[metric] = metrics.get(metric, Decimal()) + Decimal(value)
        return found

    def day_of(self, dimensions: Mapping[str, Any]) -> str:
        """Return the day of the advertiser to which a sum belongs, empty without an hour."""
        return str(dimensions.get("time_window_start", ""))[:10]

    def states(self, dataset: str) -> list[dict[str, Any]]:
        """Return the newest record of each key of a dataset."""
        rows = self._connection.execute(
            "SELECT record FROM state WHERE dataset = ? ORDER BY key", (dataset,)
        )
        return [json.loads(record) for (record,) in rows]

    def parked(self) -> list[tuple[str, str]]:
        """Return the parked messages, each with the reason."""
        return self._connection.execute("SELECT body, reason FROM parked").fetchall()

    def _increase(self, dataset: str, key: str, metric: str, number: Decimal) -> None:
        """Add to a sum; decimal text, because binary fractions of money would drift."""
        found = self._connection.execute(
            "SELECT value FROM sum WHERE dataset = ? AND key = ? AND metric = ?",
            (dataset, key, metric),
        ).fetchone()
        total = number + Decimal(found[0] if found else 0)
        self._connection.execute(
            "INSERT OR REPLACE INTO sum VALUES (?, ?, ?, ?)", (dataset, key, metric, str(total))
        )


def _position(value: Any) -> float:
    """Return a version or a time as a number.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(value, str) and "T" in value:
        return datetime.fromisoformat(value).timestamp()
    return float(value)


def _text(value: Any) -> str:
    return json.dumps(value, default=str, sort_keys=True)
