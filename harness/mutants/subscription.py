"""Mutants: programs that lose or confuse their subscriptions to Marketing Stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from adsmock.harness.client.errors import GaveUp, TransportError
from adsmock.harness.client.stream import Consumer, Subscribed, Subscriber
from adsmock.harness.client.stream.reader import StreamReader
from adsmock.harness.client.stream.subscriber import token_of
from adsmock.harness.mutants.mutant import mutant

ATTEMPTS = 3


class _UnconfirmedConsumer(Consumer):
    """Takes a confirmation for a record that it does not know."""

    def _is_confirmed(self, record: Mapping[str, Any]) -> bool:
        self._store.park(str(record.get("TopicArn")), "unknown")
        return True


class _ConfirmsOnceConsumer(Consumer):
    """Deletes a confirmation whether SNS answered or not."""

    def _is_confirmed(self, record: Mapping[str, Any]) -> bool:
        super()._is_confirmed(record)
        return True


class _ConfirmsFirstConsumer(Consumer):
    """Lets a confirmation that fails keep it from the whole batch."""

    def step(self) -> int:
        try:
            return super().step()
        except ConnectionError:
            return 0

    def _is_confirmed(self, record: Mapping[str, Any]) -> bool:
        if not super()._is_confirmed(record):
            raise ConnectionError(record.get("TopicArn"))
        return True


class _Unconfirmed(StreamReader):
    consumer_class = _UnconfirmedConsumer


class _ConfirmsOnce(StreamReader):
    consumer_class = _ConfirmsOnceConsumer


class _ConfirmsFirst(StreamReader):
    consumer_class = _ConfirmsFirstConsumer


class _TrustsEnded(Subscriber):
    """Takes every subscription that the API lists for a working one."""

    def is_live(self, row: Mapping[str, Any]) -> bool:
        return bool(row)


class _NewTokens(Subscriber):
    """Sends a new token with each attempt."""

    def create(self, profile: str, dataset: str, queue_arn: str, ended: int) -> str:
        for attempt in range(ATTEMPTS):
            token = token_of(profile, dataset, queue_arn, ended, attempt)
            body = {"clientRequestToken": token, "dataSetId": dataset, "destinationArn": queue_arn}
            with suppress(TransportError):
                reply = self._sender.attempt(self._call("create", profile, body))
                if reply.status == HTTPStatus.OK:
                    return str(reply.json["subscriptionId"])
        raise GaveUp(f"{dataset} was refused {ATTEMPTS} times")


class _OneQueue(Subscriber):
    """Subscribes all regions with the queue of the first."""

    _arn = ""

    def subscribe(self, profile: str, datasets: Sequence[str], queue_arn: str) -> list[Subscribed]:
        self._arn = self._arn or queue_arn
        return super().subscribe(profile, datasets, self._arn)


class _FirstRefusalEnds(Subscriber):
    """Gives up a dataset whose creation is refused once, and reports it as subscribed."""

    def _send(
        self, verb: str, profile: str, body: Any = None, query: Mapping[str, str] | None = None
    ) -> Any:
        if verb != "create":
            return super()._send(verb, profile, body, query)
        reply = self._sender.attempt(self._call(verb, profile, body))
        return reply.json if reply.status == HTTPStatus.OK else {"subscriptionId": ""}


MUTANTS = (
    mutant(
        "stream-unconfirmed",
        "takes a confirmation for an unknown record",
        "ST01.confirmed",
        _Unconfirmed,
    ),
    mutant(
        "stream-confirms-once",
        "deletes a confirmation that SNS refused",
        "ST01.confirmed",
        _ConfirmsOnce,
    ),
    mutant(
        "stream-confirms-first",
        "does not process a batch with a confirmation that fails",
        "ST02.deleted ST02.sums",
        _ConfirmsFirst,
    ),
    mutant(
        "stream-trusts-ended",
        "takes a failed subscription for a working one",
        "ST08.created",
        _TrustsEnded,
    ),
    mutant(
        "stream-new-tokens",
        "creates a subscription again with a new token",
        "ST09.token",
        _NewTokens,
    ),
    mutant("stream-one-queue", "subscribes all regions with one queue", "ST10.region", _OneQueue),
    mutant(
        "stream-first-refusal",
        "gives up a dataset whose creation is refused once, and does not report that",
        "I12.lost ST11.pair",
        _FirstRefusalEnds,
    ),
)
