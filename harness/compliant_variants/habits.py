"""Compliant habits of whole programs: how they divide, space and order their calls."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Self, cast

import requests

from adsmock.harness.client.call import Call
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.errors import AdsError, UnknownOutcome
from adsmock.harness.client.export import Exporter
from adsmock.harness.client.limiter import Limiter
from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.pager import Pager
from adsmock.harness.client.report import Reporter
from adsmock.harness.client.retry.backoff import ExponentialBackoff
from adsmock.harness.client.retry.context import RateLimitKey
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.settings import Settings
from adsmock.harness.client.stream import Consumer, Message, SqsQueue, Subscribed, Subscriber
from adsmock.harness.client.stream.reader import StreamReader
from adsmock.harness.client.stream.subscriber import token_of
from adsmock.harness.client.transport import Reply, Request
from adsmock.harness.client.writer import Batch, Writer

Records = list[dict[str, Any]]
Outcomes = list[Outcome]

DAY = 86_400


class Requeued(ExponentialBackoff):
    """One retry after a few seconds; then a queue starts the job again after five minutes."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        if retry % 2:
            return super().wait(1, floor)
        return max(300.0, floor) + 10.0 * self._random_source.fraction()


class OldVersionUntilItsEnd(Sender):
    """Calls Sponsored Products v2 as well as its replacement until the day of its end."""

    _end = datetime(2023, 6, 30, tzinfo=UTC).timestamp()
    _tried = 0

    def deliver(self, call: Call, token: str) -> Reply:
        now = self._tokens._clock.now()  # noqa: SLF001 -- a sender has no clock of its own
        is_list = call.operation.id == "sp.campaigns.list"
        if is_list and self._tried != now // DAY and now < self._end:
            self._tried = int(now // DAY)
            url = self.router.ads(call.region) + "/v2/sp/campaigns"
            headers = self.headers(call, token) | {"Accept": "application/json"}
            self._transport.send(Request("GET", url, headers))
        return super().deliver(call, token)


class UniqueQueries(Sender):
    """Adds a number to the query of each attempt, so that no cache on the way answers it."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._numbers = itertools.count(1)

    def request(self, call: Call, token: str) -> Request:
        request = super().request(call, token)
        mark = "&" if "?" in request.url else "?"
        return replace(request, url=f"{request.url}{mark}_={next(self._numbers)}")


class SingleItemWriter(Writer):
    """Sends each item in a request of its own."""

    def _batches(
        self, verb: str, resource: str, profile: str, items: Sequence[Any]
    ) -> Iterator[Batch]:
        for item in items:
            yield from super()._batches(verb, resource, profile, [item])


def polling(
    first: float, first_report: float = 0.0, growth: float = 1.0, longest: float = 0.0
) -> tuple[type, type]:
    """Return the classes of a client that polls its jobs in its own rhythm.

    Args:
        first: seconds before the first poll of an export.
        first_report: the same for reports, where it differs.
        growth: the factor from one gap to the next.
        longest: the longest gap in seconds, where it is not the first.
    """
    rhythm = {"growth": growth, "longest_gap": longest or first}
    exports = replace(Exporter.schedule, first_gap=first, **rhythm)
    reports = replace(Reporter.schedule, first_gap=first_report or first, **rhythm)
    return (
        type("PollingExporter", (Exporter,), {"schedule": exports}),
        type("PollingReporter", (Reporter,), {"schedule": reports}),
    )


class ThreeSecondLimiter(Limiter):
    """Waits three seconds before each call."""

    def admit(self, limit_key: RateLimitKey) -> None:
        self._sleeper.sleep(3.0)
        super().admit(limit_key)


class OneASecondLimiter(Limiter):
    """Starts at most one call a second, over all regions and workers."""

    _free_at = 0.0

    def admit(self, limit_key: RateLimitKey) -> None:
        super().admit(limit_key)
        with self._lock:
            now = self._clock.now()
            start = max(now, self._free_at)
            self._free_at = start + 1.0
        self._sleeper.sleep(start - now)


class SmallPager(Pager):
    """Reads pages of at most 50 entities."""

    def pages(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Iterator[dict[str, Any]]:
        return super().pages(resource, profile, filters, min(page_size or 50, 50))


class ProfilesFirst(AdsClient):
    """Lists the profiles of the region before each list and each create."""

    def list(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        page_size: int | None = None,
    ) -> Records:
        self.list_profiles(self.router.region_of(profile))
        return super().list(resource, profile, filters, page_size)

    def create(self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]) -> Outcomes:
        self.list_profiles(self.router.region_of(profile))
        return super().create(resource, profile, items)


class ListsFirst(AdsClient):
    """Lists what exists before each create; a refused list does not stop the create."""

    def create(self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]) -> Outcomes:
        with suppress(AdsError):
            self.list(resource, profile)
        return super().create(resource, profile, items)


class ReadsBackCreates(AdsClient):
    """Reads the entities back after each create."""

    def create(self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]) -> Outcomes:
        outcomes = super().create(resource, profile, items)
        ids = [outcome.id for outcome in outcomes if outcome.is_done and outcome.id]
        if ids:
            self.get(resource, profile, ids)
        return outcomes


class _SingleDeletesQueue(SqsQueue):
    """Deletes each message in a call of its own."""

    def delete(self, messages: list[Message]) -> None:
        for each in messages:
            super().delete([each])


class _DeadLettersConsumer(Consumer):
    """Leaves a message that it cannot read in the queue, which moves it after some receipts."""

    def unreadable(self, body: str, error: Exception) -> bool:
        super().unreadable(body, error)
        return False


class SingleDeletes(StreamReader):
    """Deletes each message of a queue in a call of its own."""

    queue_class = _SingleDeletesQueue


class DeadLetters(StreamReader):
    """Leaves messages that it cannot read to the dead-letter queue."""

    consumer_class = _DeadLettersConsumer


class _SortsQueue(SqsQueue):
    """Returns the messages of a receipt from the newest hour to the oldest."""

    def receive(self) -> list[Message]:
        return sorted(super().receive(), key=_hour_of, reverse=True)


def _hour_of(message: Message) -> str:
    found = re.search(r'"time_window_start": ?"([^"]*)"', message.body)
    return found[1] if found else ""


class SortsReceipts(StreamReader):
    """Stores the messages of each receipt from the newest hour to the oldest."""

    queue_class = _SortsQueue


class ComparesWithReports(AdsClient):
    """Requests a report of the day and one of the day before, to compare them with its sums."""

    _profile = ""

    def subscribe_stream(
        self, profile: str, datasets: Sequence[str], queue_arn: str
    ) -> list[Subscribed]:
        """Subscribe, and remember the profile."""
        self._profile = profile
        return super().subscribe_stream(profile, datasets, queue_arn)

    def consume_stream(
        self, queue_url: str, seconds: float, day: str = ""
    ) -> dict[str, dict[str, Decimal]]:
        """Read the queue, then the reports."""
        sums = super().consume_stream(queue_url, seconds, day)
        last = date.fromisoformat(day) if self._profile and day else None
        for each in (last, last - timedelta(days=1)) if last else ():
            of_day = {"reportTypeId": "spCampaigns", "startDate": str(each), "endDate": str(each)}
            columns = {"columns": ["campaignId", "clicks"], "groupBy": ["campaign"]}
            self.report(self._profile, of_day | columns)
        return sums


class _OpensUrlConsumer(Consumer):
    """Confirms by opening the SubscribeURL."""

    def _is_confirmed(self, record: Mapping[str, Any]) -> bool:
        reply = requests.get(str(record["SubscribeURL"]), timeout=60)
        return reply.status_code == HTTPStatus.OK


class OpensUrl(StreamReader):
    """Confirms by opening the SubscribeURL."""

    consumer_class = _OpensUrlConsumer


class ReadsBackSubscriptions(Subscriber):
    """Lists after a lost answer instead of sending the creation again; names queues in full."""

    _number = 0

    def _next_number(self) -> int:
        self._number += 1
        return self._number

    def create(self, profile: str, dataset: str, queue_arn: str, ended: int) -> str:
        body = {
            "clientRequestToken": token_of(profile, dataset, self._next_number()),
            "dataSetId": dataset,
            "destination": {"sqsDestination": {"queueArn": queue_arn}},
        }
        call = replace(self._call("create", profile, body), idempotent=False)
        try:
            return str(self._sender.send(call).json["subscriptionId"])
        except UnknownOutcome:
            rows = [row for row in self.read(profile) if row["dataSetId"] == dataset]
            live = next((row for row in rows if self.is_live(row)), None)
            return (
                str(live["subscriptionId"])
                if live
                else self.create(profile, dataset, queue_arn, ended)
            )


class RaisesSoon(AdsClient):
    """Raises budgets several times while it reads, each at once."""

    def raise_budgets(
        self, profile: str, queue_url: str, seconds: float, percent: float, amount: float
    ) -> Outcomes:
        looks = 4
        return [
            outcome
            for _ in range(looks)
            for outcome in super(RaisesSoon, self).raise_budgets(
                profile, queue_url, seconds / looks, percent, amount
            )
        ]


class ProcessPerTask:
    """A new client, with no memory of the last, for each call of a verb."""

    def __init__(self, settings: Settings, **parts: Any) -> None:
        self._settings = settings
        self._parts = parts

    def __getattr__(self, verb: str) -> Any:
        client = AdsClient(self._settings, **self._parts)
        return getattr(client, verb)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Do nothing: each client ended with its task."""


def process_per_task(settings: Settings, **parts: Any) -> AdsClient:
    """Return an object with every verb of a client, backed by a new client for each use."""
    return cast("AdsClient", ProcessPerTask(settings, **parts))
