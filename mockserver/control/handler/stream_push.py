"""Messages of Marketing Stream that go outside the mock: what became of them, and once more."""

from __future__ import annotations

from typing import Any

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.control.unknown_name import UnknownName
from adsmock.mockserver.core.push import UNDELIVERED, PushState
from adsmock.mockserver.core.queue import Queue
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.stream.subscription_table import Subscriptions


def list_destinations(request: ControlRequest) -> Any:
    """Return every queue and delivery stream whose messages go outside."""
    sandbox = request.sandbox
    with sandbox.lock:
        now = sandbox.clock.now()
        rows = [_row(sandbox, arn, each, now) for arn, each in _states(request, now).items()]
    return {"destinations": rows}


def redeliver(request: ControlRequest) -> Any:
    """Put back what was set aside, forget waits, and return the destinations."""
    sandbox, wanted = request.sandbox, request.query.get("queue")
    with sandbox.lock:
        now = sandbox.clock.now()
        states = _states(request, now)
        chosen = [arn for arn in states if wanted in {None, arn, _name(arn)}]
        if wanted and not chosen:
            raise UnknownName("destination", wanted, [_name(arn) for arn in states])
        for arn in chosen:
            states[arn].succeed()
            _put_back(sandbox, arn, now)
        return {"destinations": [_row(sandbox, arn, states[arn], now) for arn in chosen]}


def _states(request: ControlRequest, now: float) -> dict[str, PushState]:
    """Return the state of each destination outside by its ARN."""
    sandbox, pushes = request.sandbox, request.sandboxes.pushes
    services = Subscriptions(sandbox, now).destinations()
    targets = {arn: pushes.targets.of(service) for arn, service in services.items()}
    return {arn: pushes.state(sandbox.id, arn, each) for arn, each in targets.items() if each}


def _put_back(sandbox: Sandbox, arn: str, now: float) -> None:
    aside, queue = sandbox.queues.get(arn + UNDELIVERED), sandbox.queues.get(arn)
    if aside is None or queue is None:
        return
    for message in aside.peek(len(aside), now):
        aside.delete(message.id)
        queue.put(message, now)


def _row(sandbox: Sandbox, arn: str, state: PushState, now: float) -> dict[str, Any]:
    return {
        "arn": arn,
        "name": _name(arn),
        "target": state.target,
        "url": state.url,
        "waiting": _count(sandbox.queues.get(arn)),
        "delivered": state.delivered,
        "undelivered": _count(sandbox.queues.get(arn + UNDELIVERED)),
        "attempts": state.attempts,
        "failures": state.failures,
        "lastError": state.error or None,
        "lastErrorAt": format_utc(state.error_at) if state.error else None,
        "nextAttempt": None if state.is_due(now) else format_utc(state.next_at),
    }


def _count(queue: Queue | None) -> int:
    return 0 if queue is None else len(queue)


def _name(arn: str) -> str:
    return arn.rpartition(":")[2].rpartition("/")[2]
