"""Mutants: consumers of Marketing Stream that count twice, leave out or lose records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from adsmock.harness.client.stream import Consumer, StreamStore
from adsmock.harness.client.stream.reader import StreamReader
from adsmock.harness.client.stream.store import DIMENSIONS
from adsmock.harness.mutants.mutant import mutant

KNOWN = frozenset(
    {*DIMENSIONS, "idempotency_id", "dataset_id", "keyword_text", "match_type"}
    | {"impressions", "clicks", "cost"}
)
"""The members of sp-traffic that a strict consumer expects."""


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


class _KnownMembersStore(StreamStore):
    """Leaves out a record with a member that it does not know."""

    def add(self, dataset: str, record: Mapping[str, Any]) -> bool:
        return record.keys() <= KNOWN and super().add(dataset, record)


class _KnownDatasetsConsumer(Consumer):
    """Lets one record of an unknown dataset keep it from the whole batch."""

    def step(self) -> int:
        try:
            return super().step()
        except LookupError:
            return 0

    def _store_record(self, record: Mapping[str, Any]) -> str:
        reason = super()._store_record(record)
        if reason.startswith("unknown dataset"):
            raise LookupError(reason)
        return reason


class _UtcDaysStore(StreamStore):
    """Takes the day of an hour in UTC."""

    def day_of(self, dimensions: Mapping[str, Any]) -> str:
        hour = datetime.fromisoformat(str(dimensions["time_window_start"]))
        return hour.astimezone(UTC).date().isoformat()


class _SingleHoursStore(StreamStore):
    """Leaves out the hour that comes again when clocks go back."""

    def __init__(self, path: str | Path) -> None:
        super().__init__(path)
        self._offsets: dict[str, str] = {}

    def add(self, dataset: str, record: Mapping[str, Any]) -> bool:
        hour = str(record["time_window_start"])
        return self._offsets.setdefault(hour[:16], hour) == hour and super().add(dataset, record)


class _RestsConsumer(Consumer):
    """Waits after each batch, although more messages may be there."""

    def step(self) -> int:
        super().step()
        return 0


class _KnownMembers(StreamReader):
    store_class = _KnownMembersStore


class _KnownDatasets(StreamReader):
    consumer_class = _KnownDatasetsConsumer


class _CountsCopies(StreamReader):
    store_class = _CountsCopiesStore


class _OnlyGains(StreamReader):
    store_class = _OnlyGainsStore


class _InMemory(StreamReader):
    store_class = _InMemoryStore


class _WholeBatch(StreamReader):
    consumer_class = _WholeBatchConsumer


class _UtcDays(StreamReader):
    store_class = _UtcDaysStore


class _SingleHours(StreamReader):
    store_class = _SingleHoursStore


class _Rests(StreamReader):
    consumer_class = _RestsConsumer


MUTANTS = (
    mutant("stream-copies", "adds each copy of a record", "ST03.sums", _CountsCopies),
    mutant("stream-only-gains", "leaves out negative records", "ST04.sums", _OnlyGains),
    mutant(
        "stream-known-members",
        "leaves out records with a member that it does not know",
        "ST06.sums",
        _KnownMembers,
    ),
    mutant(
        "stream-known-datasets",
        "does not process a batch with a record of an unknown dataset",
        "ST06.deleted ST06.sums",
        _KnownDatasets,
    ),
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
    mutant("stream-utc-days", "takes the day of an hour in UTC", "ST05.sums", _UtcDays),
    mutant(
        "stream-single-hours",
        "leaves out the hour that comes again when clocks go back",
        "ST05.sums",
        _SingleHours,
    ),
    mutant(
        "stream-rests",
        "waits after each batch although more messages are there",
        "ST14.lag",
        _Rests,
    ),
)
