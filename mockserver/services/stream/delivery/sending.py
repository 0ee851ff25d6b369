"""Sending of messages to the queue of a subscription, with the faults that the plan selects.

A fault counts as triggered when the message that it changed was sent, lost or refused. A queue
whose policy refuses the topic anyway gives it nothing to act on. The journal has one entry for
each rule and burst.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import orjson

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core.delivery import Delivery, Outgoing
from adsmock.mockserver.core.fault import CallFacts, PlannedRule
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.core.queue import Queue
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.services.stream import confirmation, facts, queues
from adsmock.mockserver.services.stream.delivery import envelope
from adsmock.mockserver.services.stream.delivery.record import Record
from adsmock.mockserver.services.stream.files.access import may_notify
from adsmock.mockserver.services.stream.subscription import Subscription
from adsmock.mockserver.services.stream.subscription_table import Subscriptions

NAMED = 100
"""Ids of messages that a journal entry has at most."""


@dataclass(frozen=True, slots=True)
class Burst:
    """The messages of a subscription that are due at one time, in the order of sending.

    ``make`` makes the messages of a burst that costs much: it is called when the burst is sent.
    """

    at: float
    subscription: Subscription
    records: list[Record]
    is_confirmation: bool = False
    make: Callable[[], list[Record]] | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the messages are sent as they are, without the envelope of records."""
        return self.is_confirmation or self.subscription.has_files

    @property
    def operation(self) -> str:
        """The operation by which fault rules and the journal name the messages."""
        if self.is_confirmation:
            return facts.CONFIRMATION
        return facts.delivery_of(self.subscription.dataset)


@dataclass(frozen=True, slots=True)
class _Sending:
    """A burst on its way to a queue, from the SNS topic ``topic`` (ARN); files have none."""

    burst: Burst
    queue: Queue
    topic: str

    @property
    def is_permitted(self) -> bool:
        """Whether the policy of the queue permits it."""
        if self.burst.subscription.has_files:
            return may_notify(self.queue.settings.get("Policy", ""), self.queue.arn)
        return queues.permits(self.queue, self.topic)


@dataclass(slots=True)
class _Effects:
    """What one rule did to a burst: how many messages it changed, and the ids of those sent."""

    planned: PlannedRule
    count: int = 0
    sent: list[str] = field(default_factory=list)


class Sender:
    """Sends what is due in one sandbox at ``now`` (sandbox seconds)."""

    def __init__(
        self, sandbox: Sandbox, sandboxes: Sandboxes, subscriptions: Subscriptions, now: float
    ) -> None:
        self._sandbox = sandbox
        self._sandboxes = sandboxes
        self._subscriptions = subscriptions
        self._now = now
        self._style = sandbox.choices.get(envelope.CHOICE, "raw")
        self._has_faults = len(sandbox.faults) > 0

    def confirmation(self, subscription: Subscription) -> int:
        """Send the confirmation message of a subscription; return how many messages were sent."""
        value = confirmation.message_of(subscription, self._sandbox, self._sandboxes.signer)
        record = Record(subscription.provisioned, "confirmation", value)
        return self.burst(Burst(record.at, subscription, [record], is_confirmation=True))

    def burst(self, burst: Burst) -> int:
        """Send a burst; return how many messages were sent."""
        queue = queues.create_queue(self._sandbox, burst.subscription.arn, burst.at)
        if self._sandboxes.pushes.targets.of(burst.subscription.service):
            queue.keep_all()
        has_topic = not burst.subscription.has_files
        topic = confirmation.topic_of(burst.subscription) if has_topic else ""
        sending = _Sending(burst, queue, topic)
        if not sending.is_permitted:
            return 0
        queue.release(burst.at)
        effects: dict[str, _Effects] = {}
        sent = 0
        for record in burst.records if burst.make is None else burst.make():
            planned = self._select(burst, record) if self._has_faults else None
            if planned is None:
                self._publish(sending, record, Outgoing(record.value, record.at))
                sent += 1
                continue
            done = effects.setdefault(planned.rule.id, _Effects(planned))
            count, is_over = self._send_changed(sending, record, done)
            sent += count
            if is_over:
                break
        for each in effects.values():
            if each.count:
                self._note(burst, each)
        return sent

    def _select(self, burst: Burst, record: Record) -> PlannedRule | None:
        """Return the rule that acts on a message. Its window is compared with the due time."""
        owner = burst.subscription.owner
        call = CallFacts(
            region=owner.region,
            operation=burst.operation,
            profile_id=owner.account,
            method="",
            path="",
            key=f"{burst.subscription.id} {record.key} {record.at}",
            attempt=1,
            body=record.value,
            subject="confirmation" if burst.is_confirmation else "record",
        )
        return self._sandbox.faults.select(call, burst.at)

    def _send_changed(self, sending: _Sending, record: Record, done: _Effects) -> tuple[int, bool]:
        """Send what a fault makes of a message.

        Return how many messages were sent, and whether nothing more of the burst can be sent.
        """
        burst = sending.burst
        delivery = self._delivery(burst, record, done.planned)
        is_changed = done.planned.rule.effect.change_delivery(delivery)
        if delivery.policy is not None:
            sending.queue.change_policy(orjson.dumps(delivery.policy).decode())
            is_changed = not sending.is_permitted
        if delivery.is_suspended:
            suspended = replace(burst.subscription, ended="SUSPENDED", ended_at=burst.at)
            self._subscriptions.put(suspended)
        ids: list[str] = []
        is_over = delivery.is_suspended or not sending.is_permitted
        if not is_over:
            ids = [self._publish(sending, record, each) for each in delivery.messages]
        if is_changed:
            done.count += 1
            done.sent += ids[: NAMED - len(done.sent)]
        return len(ids), is_over

    def _delivery(self, burst: Burst, record: Record, planned: PlannedRule) -> Delivery:
        profile = self._sandbox.profiles.get(burst.subscription.owner.account)
        dataset = burst.subscription.dataset
        is_summed = profile is not None and not burst.is_confirmation
        return Delivery(
            burst.at,
            record.value,
            facts.measures(dataset, profile.country) if profile and is_summed else {},
            (self._sandbox.seed, planned.rule.id, burst.subscription.id, record.key, record.at),
        )

    def _publish(self, sending: _Sending, record: Record, outgoing: Outgoing) -> str:
        """Put a message into the queue and return its id."""
        if sending.burst.is_plain:
            body = orjson.dumps(outgoing.value).decode()
        else:
            is_same = outgoing.value is record.value
            at = record.at if is_same else outgoing.at
            key = record.key if is_same else str(outgoing.value.get("idempotency_id", record.key))
            body = envelope.body_of(outgoing.value, sending.topic, self._style, key, at)
        if outgoing.is_cut:
            body = body[: len(body) // 2]
        at = sending.burst.at
        return queues.publish(self._sandbox, sending.queue, body, at, outgoing.at).id

    def _note(self, burst: Burst, done: _Effects) -> None:
        """Count what a rule did to a burst, and record it in the journal."""
        rule, subscription = done.planned.rule, burst.subscription
        done.planned.triggered += done.count
        for _ in range(done.count):
            self._sandboxes.metrics.fault_triggered(rule.effect.kind, rule.effect.point)
        arrived = self._sandboxes.source.monotonic()
        entry = Entry(
            "",
            "",
            arrived,
            sandbox=self._sandbox.id,
            region=subscription.owner.region,
            operation=burst.operation,
            client_id=subscription.owner.client,
            profile_id=subscription.owner.account,
            items=done.count,
            request={
                "subscriptionId": subscription.id,
                "queue": subscription.arn,
                "due": format_utc(burst.at),
                "messages": done.sent,
            },
            fault={"id": rule.id, "kind": rule.effect.kind, "point": rule.effect.point},
            ended="complete",
            t_send=arrived,
            t_end=arrived,
            c_arrive=self._now,
            c_send=self._now,
            c_end=self._now,
        )
        self._sandbox.journal.open(entry)
        self._sandbox.journal.close(entry)
