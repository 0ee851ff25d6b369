"""What happens to each message: confirm, store or park it; delete it only after that.

A crash between storing and deleting brings messages again: their ids are stored with their sums,
in one transaction, so nothing is counted twice.

Source: guides/amazon-marketing-stream: onboarding, data guide, aggregating data (documented).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from .store import StreamStore

_LOG = logging.getLogger(__name__)

DELTAS = (
    "sp-traffic",
    "sp-conversion",
    "sd-traffic",
    "sd-conversion",
    "sb-traffic",
    "sb-conversion",
    "sb-clickstream",
    "sb-rich-media",
)
"""Datasets whose records are summed, by the start of ``dataset_id``."""

STATES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "budget-usage": (("budget_scope_type", "budget_scope_id"), "usage_updated_timestamp"),
    "campaigns": (("campaignId",), "version"),
    "adgroups": (("adGroupId",), "version"),
    "ads": (("adId",), "version"),
    "targets": (("targetId",), "version"),
}
"""Datasets whose newest record counts: the members that identify it, and the one that orders."""

LOST = frozenset({"SUSPENDED", "FAILED_CONFIRMATION", "FAILED_PROVISIONING"})
"""Final states of a subscription that delivers nothing and was not archived."""


@dataclass(frozen=True, slots=True)
class Message:
    """A received message: its text, and the handle that deletes it."""

    body: str
    handle: str


class Queue(Protocol):
    """Where messages come from."""

    def receive(self) -> list[Message]:
        """Return some messages, after a wait if there are none."""
        ...

    def delete(self, messages: list[Message]) -> None:
        """Delete messages for good."""
        ...


class Consumer:
    """Reads a queue into a store."""

    def __init__(
        self, queue: Queue, store: StreamStore, *, confirm: Callable[[str, str], None]
    ) -> None:
        """Join a queue and a store; ``confirm`` takes the topic and the token of a confirmation."""
        self._queue, self._store, self._confirm = queue, store, confirm

    def step(self) -> int:
        """Process one batch and return how many messages it had.

        Raises:
            Exception: that of the queue or the store; messages that were not deleted come again.
        """
        messages = self._queue.receive()
        with self._store.transaction():
            done = [message for message in messages if self._take(message.body)]
        if done:
            self._queue.delete(done)
        return len(messages)

    def _take(self, body: str) -> bool:
        """Store what a message contains; False for one that must come again."""
        try:
            records = list(_records(json.loads(body, parse_float=Decimal)))
        except (ValueError, ArithmeticError, RecursionError) as error:
            return self.unreadable(body, error)
        kept = [record for record in records if not self._take_record(record)]
        return not kept

    def unreadable(self, body: str, error: Exception) -> bool:
        """Park a message that is no JSON; False would leave it to the dead-letter queue."""
        self._store.park(body, f"not readable: {error}")
        return True

    def _take_record(self, record: Mapping[str, Any]) -> bool:
        if record.get("Type") == "SubscriptionConfirmation":
            return self._is_confirmed(record)
        try:
            with self._store.record():
                reason = self._store_record(record)
        except (ValueError, TypeError, ArithmeticError) as error:
            reason = f"not readable: {error}"
        if reason:
            self._store.park(json.dumps(record, default=str), reason)
        return True

    def _is_confirmed(self, record: Mapping[str, Any]) -> bool:
        """Confirm a subscription; a failure must not stop the data that share its queue."""
        topic = str(record.get("TopicArn"))
        try:
            self._confirm(topic, str(record.get("Token")))
        except Exception:  # noqa: BLE001 -- the message comes again, and ends in the dead-letter queue
            _LOG.exception("the subscription to %s is not confirmed", topic)
            return False
        return True

    def _store_record(self, record: Mapping[str, Any]) -> str:
        """Store a record, or return why this version of the program cannot."""
        dataset = str(record.get("dataset_id"))
        if dataset.startswith(DELTAS):
            if not isinstance(record.get("idempotency_id"), str):
                return "no idempotency_id"
            self._store.add(dataset, record)
            return ""
        if dataset not in STATES:
            return f"unknown dataset {dataset}"
        members, order = STATES[dataset]
        missing = [name for name in (*members, order) if name not in record]
        if missing:
            return f"no {', '.join(missing)}"
        names = [str(record[name]) for name in members]
        self._store.keep_newest(dataset, names, order, record)
        return ""


def lost_subscriptions(subscriptions: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the subscriptions to create again: ended against your will and not replaced."""
    rows = list(subscriptions)
    served = {
        (row["dataSetId"], row.get("destinationArn"))
        for row in rows
        if row["status"] in {"ACTIVE", "PENDING_CONFIRMATION", "PROVISIONING"}
    }
    return [
        row
        for row in rows
        if row["status"] in LOST and (row["dataSetId"], row.get("destinationArn")) not in served
    ]


def _records(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the records in a body: one, a list, or either in an SNS envelope.

    Raises:
        ValueError: it is something else.
    """
    if isinstance(value, list):
        for each in value:
            yield from _records(each)
    elif not isinstance(value, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 -- the text of a message is a value
    elif value.get("Type") == "Notification" and isinstance(value.get("Message"), str):
        yield from _records(json.loads(value["Message"], parse_float=Decimal))
    else:
        yield value
