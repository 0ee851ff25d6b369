"""Mutants: consumers of Marketing Stream that count twice, leave out or lose records."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from adsmock.harness.client.stream import Consumer, StreamStore
from adsmock.harness.client.stream.reader import StreamReader
from adsmock.harness.mutants.mutant import mutant


class _CountsCopiesStore(StreamStore):
    """Adds a record again when it comes again."""

    _copies = 0

    def add(self, dataset: str, record: Mapping[str, Any]) -> bool:
        self._copies += 1
        return super().add(dataset, {**record, "idempotency_id": str(self._copies)})


class _OnlyGainsStore(StreamStore):
    """Takes a record with negative numbers for an error."""

    def add(self, dataset: str, record: Mapping[str, Any]) -> bool:
        numbers = [each for each in record.values() if isinstance(each, int | Decimal)]
        return min(numbers, default=0) >= 0 and super().add(dataset, record)


class _InMemoryStore(StreamStore):
    """Keeps its sums in memory only."""

    def __init__(self, path: str | Path) -> None:
        super().__init__(":memory:")


class _WholeBatchConsumer(Consumer):
    """Lets one message that it cannot read keep it from the whole batch."""

    def step(self) -> int:
        try:
            return super().step()
        except ValueError:
            return 0

    def unreadable(self, body: str, error: Exception) -> bool:
        raise ValueError(body) from error


class _CountsCopies(StreamReader):
    store_class = _CountsCopiesStore


class _OnlyGains(StreamReader):
    store_class = _OnlyGainsStore


class _InMemory(StreamReader):
    store_class = _InMemoryStore


class _WholeBatch(StreamReader):
    consumer_class = _WholeBatchConsumer


MUTANTS = (
    mutant("stream-copies", "adds each copy of a record", "ST03.sums", _CountsCopies),
    mutant("stream-only-gains", "leaves out negative records", "ST04.sums", _OnlyGains),
    mutant(
        "stream-in-memory",
        "deletes messages whose sums are only in memory",
        "ST07.sums",
        _InMemory,
    ),
    mutant(
        "stream-whole-batch",
        "does not process a batch with a message that it cannot read",
        "ST07.deleted ST07.sums",
        _WholeBatch,
    ),
)
