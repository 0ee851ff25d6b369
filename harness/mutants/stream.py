"""Mutants: consumers of Marketing Stream that count twice, leave out or lose records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.stream import Consumer, StreamStore, Subscribed
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


class _ClosedDaysStore(StreamStore):
    """Leaves out a record of a day once a record of a later day has come."""

    _newest = ""

    def add(self, dataset: str, record: Mapping[str, Any]) -> bool:
        day = str(record["time_window_start"])[:10]
        self._newest = max(self._newest, day)
        return day == self._newest and super().add(dataset, record)


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


class _ClosedDays(StreamReader):
    store_class = _ClosedDaysStore


class _PollsReports(AdsClient):
    """Requests a report of the day each time it has read a part of the queue's messages."""

    _profile = ""

    def subscribe_stream(
        self, profile: str, datasets: Sequence[str], queue_arn: str
    ) -> list[Subscribed]:
        self._profile = profile
        return super().subscribe_stream(profile, datasets, queue_arn)

    def consume_stream(
        self, queue_url: str, seconds: float, day: str = ""
    ) -> dict[str, dict[str, Decimal]]:
        metrics = ("impressions", "clicks", "cost") if self._profile and day else ()
        for metric in metrics:
            super().consume_stream(queue_url, seconds / len(metrics), day)
            of_day = {"reportTypeId": "spCampaigns", "startDate": day, "endDate": day}
            columns = {"columns": ["campaignId", metric], "groupBy": ["campaign"]}
            self.report(self._profile, of_day | columns)
        return super().consume_stream(queue_url, seconds, day)


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
    mutant("stream-utc-days", "takes the day of an hour in UTC", "ST05.sums ST16.sums", _UtcDays),
    mutant(
        "stream-single-hours",
        "leaves out the hour that comes again when clocks go back",
        "ST05.sums",
        _SingleHours,
    ),
    mutant(
        "stream-closed-days",
        "leaves out records of a day once a later day has begun",
        "ST16.sums",
        _ClosedDays,
    ),
    mutant(
        "stream-polls-reports",
        "requests reports of the day although it reads Marketing Stream",
        "ST13.reports",
        _PollsReports,
    ),
    mutant(
        "stream-rests",
        "waits after each batch although more messages are there",
        "ST14.lag",
        _Rests,
    ),
)
