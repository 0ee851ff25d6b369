"""The delivery engine: confirmation messages, then the bursts that are due, in order of time.

A burst is the records of one dataset and account at one time. Its records come in a seeded order;
bursts of all subscriptions come in order of time. ``sending`` puts them into the queues.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from heapq import merge
from itertools import groupby
from operator import attrgetter

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.services.stream import queues
from adsmock.mockserver.services.stream.delivery.record import Period, Renderer
from adsmock.mockserver.services.stream.delivery.renderers import renderer_of
from adsmock.mockserver.services.stream.delivery.sending import Burst, Sender
from adsmock.mockserver.services.stream.files import writing
from adsmock.mockserver.services.stream.subscription import Subscription
from adsmock.mockserver.services.stream.subscription_table import Subscriptions

BUFFER = 10_000
"""Messages of a queue above which no more records are made until half of them were deleted.

Records cost more to make than to receive, so they are not made again for each deleted message.
"""

SLICE = 500
"""Messages after which ``catch_up`` returns although more are due: other calls wait for it."""


def catch_up(sandbox: Sandbox, sandboxes: Sandboxes, now: float) -> int:
    """Deliver a part of what is due at ``now`` and return how many messages were sent.

    It ends after the burst with which ``SLICE`` messages are sent, or one file of a past day,
    because other calls wait for it: see ``catch_up_wholly``. The caller holds the sandbox's lock.
    """
    subscriptions = Subscriptions(sandbox, now)
    if subscriptions.next_due > now:
        return 0
    sender = Sender(sandbox, sandboxes, subscriptions, now)
    sent = _announce(subscriptions, sender, now)
    streams, next_due = _due(subscriptions, sandbox, sandboxes, now)
    is_complete = True
    for burst in merge(*streams, key=attrgetter("at")):
        queue = sandbox.queues.get(burst.subscription.arn)
        is_full = queue is not None and len(queue) >= BUFFER
        if not is_complete or is_full or not queues.has_room(sandbox):
            is_complete = False
            break
        known = subscriptions.get(burst.subscription.id)
        if known is None or (known.ended and known.ended_at < burst.at):
            continue  # a fault ended it meanwhile
        sent += sender.burst(burst)
        known = subscriptions.get(burst.subscription.id) or known
        if known.has_files:
            known = writing.counted(sandbox, known, burst.at)
        subscriptions.put(replace(known, delivered=burst.at))
        is_complete = burst.make is None and sent < SLICE
    if is_complete:
        _note_files(subscriptions, sandbox, now)
        subscriptions.next_due = next_due
    return sent


def catch_up_wholly(sandbox: Sandbox, sandboxes: Sandboxes, now: float) -> None:
    """Deliver everything that is due at ``now``; calls are answered between parts of it."""
    before = None
    while True:
        with sandbox.lock:
            catch_up(sandbox, sandboxes, now)
            subscriptions = Subscriptions(sandbox, now)
            delivered = [each.delivered for each in subscriptions.delivering()]
            if subscriptions.next_due > now or delivered == before:
                return
        before = delivered


def _announce(subscriptions: Subscriptions, sender: Sender, now: float) -> int:
    """Send the confirmation message of each subscription once.

    One that the queue's policy refuses is not sent again.
    """
    sent = 0
    for each in subscriptions.unannounced():
        if subscriptions.status(each) != "PENDING_CONFIRMATION":
            continue
        sent += sender.confirmation(each)
        subscriptions.put(replace(each, announced=now))
    return sent


def _due(
    subscriptions: Subscriptions, sandbox: Sandbox, sandboxes: Sandboxes, now: float
) -> tuple[list[Iterator[Burst]], float]:
    """Return the bursts of each subscription, and when the next record may be due."""
    streams: list[Iterator[Burst]] = []
    times: list[float] = []
    for each in subscriptions.delivering():
        if each.has_files:
            times.append(_due_files(each, sandbox, now, streams))
            continue
        renderer = renderer_of(each.dataset)
        profile = sandbox.profiles.get(each.owner.account)
        if renderer is None or profile is None or each.confirmed is None:
            continue
        end = each.ended_at if each.ended else now
        until = end - end % renderer.step
        after = max(each.delivered, each.confirmed)
        if until > after and _is_full(sandbox, each):
            times.append(now)
            continue
        if until > after:
            period = Period(sandbox, profile, each.dataset, after, until, sandboxes)
            streams.append(_bursts(each, renderer, period))
        times.append(until + renderer.step)
    times += [each.provisioned for each in subscriptions.unannounced()]
    return streams, min(times, default=float("inf"))


def _due_files(
    subscription: Subscription, sandbox: Sandbox, now: float, streams: list[Iterator[Burst]]
) -> float:
    """Add the bursts of a subscription with files; return when the next may be due."""
    until = subscription.ended_at if subscription.ended else now
    if _is_full(sandbox, subscription):
        return now
    streams.append(writing.bursts(sandbox, subscription, subscription.delivered, until))
    return writing.next_due(subscription, until)


def _note_files(subscriptions: Subscriptions, sandbox: Sandbox, now: float) -> None:
    """Note until when files were looked for, so that quiet hours are read once."""
    for each in subscriptions.delivering():
        until = each.ended_at if each.ended else now
        is_behind = until - each.delivered >= writing.QUARTER
        if each.has_files and is_behind and not _is_full(sandbox, each):
            subscriptions.put(replace(each, delivered=until))


def _is_full(sandbox: Sandbox, subscription: Subscription) -> bool:
    queue = sandbox.queues.get(subscription.arn)
    return not queues.has_room(sandbox) or (queue is not None and len(queue) > BUFFER // 2)


def _bursts(subscription: Subscription, renderer: Renderer, period: Period) -> Iterator[Burst]:
    """Yield the bursts of a subscription that are due in a period, in order of time."""
    for at, records in groupby(renderer.records(period), key=attrgetter("at")):
        seed = (period.sandbox.seed, "burst", subscription.id, at)
        ordered = sorted(records, key=lambda record: seeded_random.digest(8, *seed, record.key))
        yield Burst(at, subscription, ordered)
