"""The path of a call: every step once, in the order in which the service refuses.

The order is behavior (campaign management reference 11, assumed): unknown or retired path, region
that is down, token, scope, media types, quota, planned fault, body, items.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from adsmock.contracts.model import Contract, Operation
from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.core.call import Call, Reply
from adsmock.mockserver.core.caller import Caller, Place
from adsmock.mockserver.core.connection_event import ConnectionEvent
from adsmock.mockserver.core.effect import Point
from adsmock.mockserver.core.error import ApiError, Injected, StorageFull
from adsmock.mockserver.core.exchange import Exchange
from adsmock.mockserver.core.fault import CallFacts
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.core.sandbox import Principal, Sandbox
from adsmock.mockserver.core.selected_fault import SelectedFault
from adsmock.mockserver.render import dialect
from adsmock.mockserver.render.gateway import answered_type
from adsmock.mockserver.runtime import Runtime
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.stream.aws.signature import find_action
from adsmock.mockserver.services.validation.request_body import parse
from adsmock.mockserver.stages import fault as fault_stage
from adsmock.mockserver.stages.ad_product import select_operation
from adsmock.mockserver.stages.auth import authenticate
from adsmock.mockserver.stages.client import resolve_client
from adsmock.mockserver.stages.connection_event import journal_connection
from adsmock.mockserver.stages.dispatch import dispatch
from adsmock.mockserver.stages.journaling import (
    chain_of,
    count_items,
    kept_body,
    named_body,
    note_reply,
    open_entry,
)
from adsmock.mockserver.stages.parameters import parameters_of, wants_entities
from adsmock.mockserver.stages.shard import check_shard
from adsmock.mockserver.stages.throttle import throttle

LOG = logging.getLogger("adsmock.pipeline")

__all__ = ["Exchange", "Pipeline", "Runtime", "answer", "refuse", "serve"]

_REPORTS = frozenset({"report", "fieldReport"})
"""Shapes of contracts whose files come from the storage host of reports."""

REFUSALS = {
    400: "invalid",
    408: "tooSlow",
    413: "tooLarge",
    414: "uriTooLong",
    431: "headersTooLarge",
    503: "unavailable",
}
"""What the edge itself refuses: the status and the error kind."""


@dataclass(slots=True)
class CallState:
    """A call on its way through the pipeline, and what is known of it so far."""

    runtime: Runtime
    call: Call
    place: Place
    caller: Caller
    sandbox: Sandbox
    entry: Entry
    now: float
    operation: Operation | None = None
    dialect: str = dialect.FALLBACK
    is_full: bool = False
    """Whether the journal keeps bodies."""
    fault: SelectedFault | None = None


def serve(call: Call, runtime: Runtime) -> Exchange:
    """Answer a call. Never raises, whatever the client sends, and never waits."""
    state = _arrive(call, runtime)
    try:
        reply = answer(state)
    except ApiError as error:
        reply = _refused(state, error)
    except StorageFull as full:
        reply = _refused(state, _unrecorded(full))
    except Exception:  # a defect of the mock: the client gets a 500, the log gets the traceback
        LOG.exception("no answer for %s %s", call.method, state.entry.path)
        reply = _refused(state, ApiError("internal", 500))
    return _leave(state, reply)


def refuse(call: Call, kind: str, status: int, runtime: Runtime) -> Exchange:
    """Refuse a call whose head or body exceeds a limit or is invalid; see ``REFUSALS``."""
    state = _arrive(call, runtime)
    return _leave(state, _refused(state, ApiError(kind, status)))


def answer(state: CallState) -> Reply:
    """Pass a call through every step and return the reply.

    Raises:
        ApiError: a step refused it.
    """
    runtime, call, caller, sandbox = state.runtime, state.call, state.caller, state.sandbox
    if caller.sandbox is None:
        check_shard(call, caller, runtime.sandboxes, runtime.metrics)
    operation, parameters = _find_operation(state)
    contract = _enter(state, operation)
    has_faults = len(sandbox.faults) > 0
    if has_faults:
        _check_outage(state, operation)
    principal = authenticate(operation, contract, caller, state.place.region)
    media = runtime.calendar.negotiate(operation, contract, call, sandbox)
    body = _body_of(state)
    _note_body(state, contract, body)
    with sandbox.lock:
        if operation.product:  # several operations share the path: the body selects one
            operation = select_operation(operation, body, principal, sandbox, runtime.models)
            contract = _enter(state, operation)
        throttle(operation, body, state.place.region, sandbox, runtime.metrics, now=state.now)
        fault = _select_fault(state, operation, body) if has_faults or state.is_full else None
        context = _context(state, operation, contract, principal, body)
        context.parameters = parameters_of(operation, call, parameters)
        if fault is not None and fault.effect.point == "before":
            context.fault = fault
        context.media, context.sent, context.raw = media, call.sent, call.body
        context.can_wait = call.can_wait and fault is None  # a fault may edit the reply
        reply = dispatch(context, runtime.validators, media)
    state.entry.committed = reply.committed
    if fault is not None:
        _refuse_by_fault(state, fault, "after_commit")
        fault_stage.change(fault, reply, sandbox)
    return reply


def _arrive(call: Call, runtime: Runtime) -> CallState:
    """Attribute the call and open its journal entry."""
    place = runtime.hosts.resolve_region(call)
    caller = resolve_client(call, runtime.sandboxes, place)
    sandbox = caller.sandbox or runtime.nobody
    now = sandbox.clock.now()
    entry = open_entry(call, place, caller, sandbox, now)
    if caller.sandbox is None:
        runtime.metrics.orphans += 1
    state = CallState(runtime, call, place, caller, sandbox, entry, now)
    state.is_full = sandbox.journal.mode == "full"
    return state


def _find_operation(state: CallState) -> tuple[Operation, dict[str, str]]:
    if state.caller.aws is not None:
        return find_action(state.caller.aws)
    return state.runtime.calendar.find_operation(state.call.method, state.place, state.now)


def _enter(state: CallState, operation: Operation) -> Contract:
    """Record the operation; from here on its family's dialect words the refusals."""
    contract = state.runtime.contracts[operation.id]
    state.operation, state.dialect = operation, operation.dialect or contract.dialect
    state.entry.operation, state.entry.route = operation.id, operation.path
    state.entry.generic = contract.shape == "generic"
    return contract


def _note_body(state: CallState, contract: Contract, body: object) -> None:
    """Record the number of items of a batch, and what a full journal keeps of the body.

    Raises:
        ApiError: 413, there are too many.
    """
    items, most = count_items(contract, body), state.runtime.limits.batch_items
    state.entry.items = items
    if items is not None and items > most:
        text = f"Request Entity Too Large: {items} items, at most {most} are allowed"
        raise ApiError("tooLarge", 413, message=text)
    if state.is_full:
        state.entry.request = kept_body(state.call, state.caller, body, state.sandbox.redactor)


def _check_outage(state: CallState, operation: Operation) -> None:
    """Apply an outage before the token is checked: a region that is down checks nothing."""
    sandbox = state.sandbox
    facts = _facts(state, operation, key=state.call.path, attempt=1)
    metrics = state.runtime.metrics
    fault = fault_stage.select(facts, sandbox, state.entry, metrics, precedes_token=True)
    if fault is not None:
        _refuse_by_fault(state, fault, "before")


def _select_fault(state: CallState, operation: Operation, body: object) -> SelectedFault | None:
    """Name the logical request, select its fault and let it refuse the call.

    Without rules, and without a journal that shows the name, none of this is needed.
    """
    sandbox, entry = state.sandbox, state.entry
    contract = state.runtime.contracts[operation.id]
    named = named_body(entry, state.caller, body, state.call.body)
    entry.chain = chain_of(entry, operation, contract, named)
    entry.attempt = sandbox.attempt(entry.chain)
    facts = _facts(state, operation, key=entry.chain, attempt=entry.attempt, body=body)
    fault = fault_stage.select(facts, sandbox, entry, state.runtime.metrics)
    if fault is not None:
        _refuse_by_fault(state, fault, "before")
    return fault


def _refuse_by_fault(state: CallState, fault: SelectedFault, point: Point) -> None:
    state.fault = fault
    fault_stage.refuse(fault, point, state.caller, state.runtime.contract_set, state.now)


def _facts(
    state: CallState, operation: Operation, *, key: str, attempt: int, body: object = None
) -> CallFacts:
    return CallFacts(
        region=state.place.region,
        operation=operation.id,
        profile_id=state.caller.scope or "",
        method=state.call.method,
        path=state.place.path,
        key=key,
        attempt=attempt,
        body=body,
    )


def _context(
    state: CallState, operation: Operation, contract: Contract, principal: Principal, body: object
) -> RequestContext:
    runtime, call, sandbox = state.runtime, state.call, state.sandbox
    region, now = state.place.region, state.now
    sandboxes, lwa = runtime.sandboxes, runtime.contract_set.lwa
    context = RequestContext(
        operation, contract, body, principal, region, sandbox, sandboxes, now, lwa
    )
    context.resource = CATALOG.get(contract.name)
    context.compiled = runtime.resources.find(contract.name)
    context.model = runtime.models.get(contract.name) if operation.product else None
    context.wants_entities = operation.whole or (operation.prefer and wants_entities(call))
    context.aws = state.caller.aws
    context.accept = call.headers.get("accept", "")
    of_reports = contract.shape in _REPORTS
    context.base_url = (
        runtime.hosts.storage_base(call, of_reports=of_reports) or runtime.storage_url
    )
    return context


def _refused(state: CallState, error: ApiError) -> Reply:
    media = answered_type(state.operation, state.sandbox)
    request_id = state.sandbox.mint.request(state.entry.seq)
    reply = dialect.render(state.runtime.contract_set, error, state.dialect, request_id, media)
    reply.committed = state.entry.committed  # the answer was lost, the work was not
    if not isinstance(error, Injected):
        state.entry.refusal = {"kind": error.kind, "dialect": state.dialect, **error.rule}
    elif state.fault is not None and state.fault.effect.acts_on_wire:
        reply.fault = state.fault
    return reply


def _leave(state: CallState, reply: Reply) -> Exchange:
    """Add what every reply carries and return the exchange."""
    entry, sandbox = state.entry, state.sandbox
    if entry.chain is None and state.is_full:
        _name_unread(state)
    if sandbox.recorder is not None:
        reply = _recorded(state, reply)
    reply.pace = sandbox.clock.rate
    if reply.poll is not None:
        reply.poll = partial(_try_complete, state, reply, reply.poll)
    elif reply.later is None:
        _note(state, reply)
    else:
        reply.later = partial(_complete, state, reply, reply.later)
    return Exchange(reply, entry, sandbox.journal, state.runtime.metrics, sandbox.clock)


def _note(state: CallState, reply: Reply) -> None:
    """Add the gateway's headers, record the reply in the journal, and compress it."""
    entry, sandbox, gateway = state.entry, state.sandbox, state.runtime.gateway
    entry.request_id = gateway.identify(reply, state.operation, sandbox, entry.seq, state.now)
    is_secret = entry.operation == "lwa.token"
    note_reply(entry, reply, sandbox.redactor, full=state.is_full, secret=is_secret)
    gateway.compress(reply, state.call.headers.get("accept-encoding", ""))


def _complete(state: CallState, reply: Reply, make_body: Callable[[], None]) -> None:
    """Complete a reply whose work takes long, in any thread, and record it."""
    try:
        make_body()
    except Exception:  # as in ``serve``
        LOG.exception("no answer for %s %s", state.call.method, state.call.path)
        failed = _refused(state, ApiError("internal", 500))
        reply.status, reply.body, reply.content_type = 500, failed.body, failed.content_type
    _note(state, reply)


def _try_complete(
    state: CallState, reply: Reply, poll: Callable[..., bool], *, is_last: bool
) -> bool:
    """Try to complete a reply that waits; record it once it is complete."""
    try:
        is_complete = poll(is_last=is_last)
    except Exception:  # as in ``serve``
        LOG.exception("no answer for %s %s", state.call.method, state.call.path)
        failed = _refused(state, ApiError("internal", 500))
        reply.status, reply.body, reply.content_type = 500, failed.body, failed.content_type
        is_complete = True
    if is_complete:
        if state.sandbox.recorder is not None:
            state.sandbox.recorder.record()
        _note(state, reply)
    return is_complete


def _name_unread(state: CallState) -> None:
    """Name a call that was refused before its body was read: it counts as an attempt too."""
    entry, sandbox, caller = state.entry, state.sandbox, state.caller
    body = _body_of(state)
    if not caller.form:
        entry.request = kept_body(state.call, caller, body, sandbox.redactor)
    body = named_body(entry, caller, body, state.call.body)
    operation = state.operation
    contract = state.runtime.contracts[operation.id] if operation else None
    entry.chain = chain_of(entry, operation, contract, body)
    entry.attempt = sandbox.attempt(entry.chain)


def _recorded(state: CallState, reply: Reply) -> Reply:
    """Record what the call changed, before its answer leaves; return the answer.

    A read changes only counts: they are recorded later if the disk is full.
    """
    assert state.sandbox.recorder is not None
    try:
        state.sandbox.recorder.record(state.entry.chain)
    except StorageFull as full:
        if reply.committed:
            return _refused(state, _unrecorded(full))
    return reply


def _unrecorded(full: StorageFull) -> ApiError:
    return ApiError("internal", HTTPStatus.INSUFFICIENT_STORAGE.value, message=str(full))


def _body_of(state: CallState) -> Any:
    """Return the form, the opened signature or the parsed body of a call.

    Storage reads only the signature: a body must not stand in for one.
    """
    caller = state.caller
    if state.place.is_storage:
        return caller.file
    if caller.aws is not None:
        return caller.aws.body
    return caller.form or parse(state.call.body, state.runtime.limits)


class Pipeline:
    """The pipeline of one runtime, as the edge calls it."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    def serve(self, call: Call) -> Exchange:
        """Answer a call."""
        return serve(call, self.runtime)

    def refuse(self, call: Call, status: int) -> Exchange:
        """Refuse a call whose head or body exceeds a limit or is invalid."""
        return refuse(call, REFUSALS[status], status, self.runtime)

    def refusal(self, status: int) -> Reply:
        """Return the reply to bytes that are no call, without a journal entry."""
        error = ApiError(REFUSALS[status], status)
        return dialect.render(self.runtime.contract_set, error, dialect.FALLBACK, "")

    def connection_began(self, event: ConnectionEvent) -> None:
        """Record how a connection began; report a refused host on stderr."""
        sandboxes = self.runtime.sandboxes
        sandbox = sandboxes.get(event.endpoint.sandbox) if event.endpoint.sandbox else None
        now = sandbox.clock.now() if sandbox else sandboxes.source.epoch()
        journal_connection(event, sandbox, sandboxes.orphans, now)
        if event.host:
            text = f"adsmock: refused {event.method} {event.host}: nothing leaves this machine\n"
            sys.stderr.write(text)
            sys.stderr.flush()
