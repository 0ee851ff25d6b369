"""Calls without a sandbox, collected from all shards into one journal with its own numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import Any

from adsmock.mockserver.control.client import ControlError
from adsmock.mockserver.core.journal import Entry, Journal
from adsmock.mockserver.shards.process import AnyShard

_CAPITAL = re.compile(r"(?<=[a-z])([A-Z])|(?<=^[tc])([A-Z])")
_OPEN = "open"


class CollectedOrphans(Journal):
    """The journal of all shards: a read first collects the calls that have ended since the last."""

    __slots__ = ("_lock", "_read", "_shards")

    def __init__(self, shards: Sequence[AnyShard]) -> None:
        super().__init__("lean", max_entries=5_000)
        self._shards = shards
        self._read: dict[tuple[str, int], int] = {}
        """The last number that was read, by shard and start."""
        self._lock = Lock()

    def rows(self, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
        """Yield entries with ``seq > after``, those of shards that start excepted."""
        self._collect()
        yield from super().rows(after, limit)

    def clear(self) -> None:
        """Remove all entries, also those that were not read yet; numbers continue."""
        self._collect()
        super().clear()

    def _collect(self) -> None:
        with self._lock:
            rows = [row for shard in self._shards if shard.is_up for row in self._new(shard)]
            for row in sorted(rows, key=lambda row: float(row["tArrive"])):
                entry = entry_of(row)
                self.open(entry)
                self.close(entry)

    def _new(self, shard: AnyShard) -> list[dict[str, Any]]:
        """Return the calls since the last read; an open one and those after it come later."""
        key = (shard.name, shard.starts)
        try:
            text = shard.control.call("orphans.get", cursor=self._read.get(key, 0), format="ndjson")
        except ControlError:
            return []  # it is starting: the next read asks again
        found = []
        for line in (text or "").splitlines():
            row = json.loads(line)
            if row["ended"] == _OPEN:
                break
            self._read[key] = row["seq"]
            found.append(row)
        return found


def entry_of(row: dict[str, Any]) -> Entry:
    """Return the journal entry that a row shows."""
    members = {_CAPITAL.sub(_with_underscore, name): value for name, value in row.items()}
    lag = members.pop("lag_ms") / 1000
    members.pop("inexact", None)
    return Entry(**members, lag=lag)


def _with_underscore(match: re.Match[str]) -> str:
    return f"_{match.group().lower()}"
