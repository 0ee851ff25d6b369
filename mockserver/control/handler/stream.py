"""Marketing Stream's inbox: subscriptions, queues, messages. Looking receives nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.control.unknown_name import UnknownName
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.queue import Queue
from adsmock.mockserver.services.stream import queues
from adsmock.mockserver.services.stream.delivery import catch_up_wholly
from adsmock.mockserver.services.stream.subscription import Subscription
from adsmock.mockserver.services.stream.subscription_table import Subscriptions

AWS_REGION = "us-east-1"
"""The AWS region of a queue that is named without one."""

_CONFLICT = 409


def list_subscriptions(request: ControlRequest) -> Any:
    """Return every subscription, oldest first."""
    with request.sandbox.lock:
        subscriptions = Subscriptions(request.sandbox, request.sandbox.clock.now())
        return {"subscriptions": [_row(subscriptions, each) for each in subscriptions.all()]}


def confirm(request: ControlRequest) -> Any:
    """Confirm a subscription now."""
    return _change(request, {"PENDING_CONFIRMATION"}, Subscriptions.confirm)


def suspend(request: ControlRequest) -> Any:
    """Suspend a subscription now."""
    return _change(request, {"ACTIVE", "PENDING_CONFIRMATION"}, Subscriptions.suspend)


def list_queues(request: ControlRequest) -> Any:
    """Return every queue with the numbers of its messages."""
    sandbox, now = request.sandbox, request.sandbox.clock.now()
    catch_up_wholly(sandbox, request.sandboxes, now)
    with sandbox.lock:
        return {"queues": [_queue_row(each, now) for each in sandbox.queues.values()]}


def list_messages(request: ControlRequest) -> Any:
    """Return messages of one queue or of all, in the order in which they were sent."""
    sandbox, wanted = request.sandbox, request.query.get("queue")
    now = sandbox.clock.now()
    catch_up_wholly(sandbox, request.sandboxes, now)
    with sandbox.lock:
        found = [each for each in sandbox.queues.values() if wanted in {None, each.name, each.arn}]
        if wanted and not found:
            raise UnknownName("queue", wanted, [each.name for each in sandbox.queues.values()])
        limit = request.query["limit"]
        rows = [row for each in found for row in _message_rows(each, limit, now)]
    return {"messages": rows[:limit]}


def send_messages(request: ControlRequest) -> Any:
    """Put messages into a queue and return it; no policy is checked and no call is journaled."""
    sandbox, name = request.sandbox, request.body["queue"]
    arn = name if name.startswith("arn:") else queues.arn_of(AWS_REGION, name)
    with sandbox.lock:
        now = sandbox.clock.now()
        queue = queues.create_queue(sandbox, arn, now)
        if not queues.has_room(sandbox, sum(map(len, request.body["bodies"]))):
            raise SetupError(
                f"the messages of the sandbox would have more than {queues.MAX_CHARACTERS} "
                "characters: receive and delete messages, or purge a queue",
                pointer="/bodies",
                status=_CONFLICT,
            )
        for body in request.body["bodies"]:
            queues.send(sandbox, queue, body, now)
        return _queue_row(queue, now)


def _change(
    request: ControlRequest,
    states: set[str],
    change: Callable[[Subscriptions, Subscription], Subscription],
) -> Any:
    """Change a subscription that is in one of ``states``."""
    sandbox, subscription_id = request.sandbox, request.path["subscription"]
    with sandbox.lock:
        subscriptions = Subscriptions(sandbox, sandbox.clock.now())
        found = subscriptions.get(subscription_id)
        if found is None:
            known = [each.id for each in subscriptions.all()]
            raise UnknownName("subscription", subscription_id, known)
        status = subscriptions.status(found)
        if status not in states:
            expected = " or ".join(sorted(states))
            detail = f"subscription {subscription_id} is {status}: it must be {expected}"
            raise SetupError(detail, status=_CONFLICT)
        return _row(subscriptions, change(subscriptions, found))


def _row(subscriptions: Subscriptions, subscription: Subscription) -> dict[str, Any]:
    owner = subscription.owner
    return {
        "subscriptionId": subscription.id,
        "dataSetId": subscription.dataset,
        "status": subscriptions.status(subscription),
        "destination": subscription.arn,
        "region": owner.region,
        "account": owner.account,
        "user": owner.user,
        "created": format_utc(subscription.created),
        "delivered": format_utc(subscription.delivered) if subscription.delivered else None,
    }


def _queue_row(queue: Queue, now: float) -> dict[str, Any]:
    visible, hidden, delayed = queue.counts(now)
    oldest = queue.peek(1, now)
    return {
        "arn": queue.arn,
        "name": queue.name,
        "visible": visible,
        "inFlight": hidden,
        "delayed": delayed,
        "oldestSeconds": round(now - oldest[0].sent, 3) if oldest else None,
    }


def _message_rows(queue: Queue, limit: int, now: float) -> list[dict[str, Any]]:
    return [
        {
            "queue": queue.name,
            "messageId": message.id,
            "sent": format_utc(message.sent),
            "receives": message.receives,
            "isHidden": queue.is_hidden(message.id),
            "body": message.body,
        }
        for message in queue.peek(limit, now)
    ]
