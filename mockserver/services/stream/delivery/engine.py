"""The delivery engine: confirmation messages, then the bursts that are due, in order of time.

A burst is the records of one dataset and account at one time. Its records come in a seeded order;
bursts of all subscriptions come in order of time. Faults of the delivery belong between ``_bursts``
and ``_send``: they change the messages of a burst, never what a dataset says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import merge
from itertools import groupby
from operator import attrgetter

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.sandbox import Profile, Sandbox
from adsmock.mockserver.core.signed_token import TokenSigner
from adsmock.mockserver.services.stream import confirmation, queues
from adsmock.mockserver.services.stream.delivery import envelope
from adsmock.mockserver.services.stream.delivery.record import Period, Record, Renderer
from adsmock.mockserver.services.stream.delivery.renderers import renderer_of
from adsmock.mockserver.services.stream.subscription import Subscription
from adsmock.mockserver.services.stream.subscription_table import Subscriptions

BUFFER = 10_000
"""Messages of a queue above which no more records are made until half of them were deleted.

Records cost more to make than to receive, so they are not made again for each deleted message.
"""


@dataclass(frozen=True, slots=True)
class _Burst:
    """The records of a subscription at one time, in the order in which they are sent."""

    at: float
    subscription: Subscription
    records: list[Record]


def catch_up(sandbox: Sandbox, signer: TokenSigner, now: float) -> int:
    """Deliver what is due at ``now`` and return how many messages were sent.

    The caller holds the sandbox's lock.
    """
    subscriptions = Subscriptions(sandbox, now)
    if subscriptions.next_due > now:
        return 0
    sent = _announce(subscriptions, sandbox, signer, now)
    streams, next_due = _due(subscriptions, sandbox, now)
    is_complete = True
    for burst in merge(*streams, key=attrgetter("at")):
        queue = sandbox.queues.get(burst.subscription.arn)
        if queue is not None and len(queue) >= BUFFER:
            is_complete = False
            break
        sent += _send(burst, sandbox)
        known = subscriptions.get(burst.subscription.id)
        assert known is not None
        subscriptions.put(replace(known, delivered=burst.at))
    if is_complete:
        subscriptions.next_due = next_due
    return sent


def _announce(
    subscriptions: Subscriptions, sandbox: Sandbox, signer: TokenSigner, now: float
) -> int:
    """Send the confirmation message of each subscription once.

    One that the queue's policy refuses is not sent again.
    """
    sent = 0
    for each in subscriptions.unannounced():
        if subscriptions.status(each) != "PENDING_CONFIRMATION":
            continue
        body = confirmation.body_of(each, sandbox, signer)
        sent += queues.publish(
            sandbox, each.arn, confirmation.topic_of(each), [body], each.provisioned
        )
        subscriptions.put(replace(each, announced=now))
    return sent


def _due(
    subscriptions: Subscriptions, sandbox: Sandbox, now: float
) -> tuple[list[Iterator[_Burst]], float]:
    """Return the bursts of each subscription, and when the next record may be due."""
    streams: list[Iterator[_Burst]] = []
    times: list[float] = []
    for each in subscriptions.delivering():
        renderer = renderer_of(each.dataset)
        profile = sandbox.profiles.get(each.owner.account)
        if renderer is None or profile is None or each.confirmed is None:
            continue
        end = each.ended_at if each.ended else now
        until = end - end % renderer.step
        after = max(each.delivered, each.confirmed)
        queue = sandbox.queues.get(each.arn)
        if until > after and queue is not None and len(queue) > BUFFER // 2:
            times.append(now)
            continue
        if until > after:
            streams.append(_bursts(each, sandbox, renderer, profile, (after, until)))
        times.append(until + renderer.step)
    times += [each.provisioned for each in subscriptions.unannounced()]
    return streams, min(times, default=float("inf"))


def _bursts(
    subscription: Subscription,
    sandbox: Sandbox,
    renderer: Renderer,
    profile: Profile,
    span: tuple[float, float],
) -> Iterator[_Burst]:
    """Yield the bursts of a subscription that are due in ``span``, in order of time."""
    period = Period(sandbox, profile, subscription.dataset, *span)
    for at, records in groupby(renderer.records(period), key=attrgetter("at")):
        seed = (sandbox.seed, "burst", subscription.id, at)
        ordered = sorted(records, key=lambda record: seeded_random.digest(8, *seed, record.key))
        yield _Burst(at, subscription, ordered)


def _send(burst: _Burst, sandbox: Sandbox) -> int:
    """Put the messages of a burst into the queue; return how many its policy permitted."""
    style = sandbox.choices.get(envelope.CHOICE, "raw")
    topic = confirmation.topic_of(burst.subscription)
    bodies = [envelope.body_of(record, topic, style) for record in burst.records]
    return queues.publish(sandbox, burst.subscription.arn, topic, bodies, burst.at)
