"""The path of a call: every step once, in the order in which the service refuses.

Knows the order. Must not know Flask, sockets or any resource. The order is behaviour (campaign
management reference 11, assumed): unknown or retired path, dark region, token, scope, media
types, quota, planned fault, body, items.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass

from adsmock.contracts.model import Contract, Operation
from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.core.call import Call, Reply
from adsmock.mockserver.core.caller import Caller, Place
from adsmock.mockserver.core.connection_event import ConnectionEvent
from adsmock.mockserver.core.error import ApiError, Injected
from adsmock.mockserver.core.exchange import Exchange
from adsmock.mockserver.core.fault import Effect, Planned, Subject
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.core.sandbox import Principal, Sandbox
from adsmock.mockserver.render import dialect
from adsmock.mockserver.runtime import Runtime
from adsmock.mockserver.services.faults.patch import edited
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.request_body import parse
from adsmock.mockserver.stages.ad_product import meant
from adsmock.mockserver.stages.auth import authenticate
from adsmock.mockserver.stages.client import resolve_client
from adsmock.mockserver.stages.connection_event import note_knock
from adsmock.mockserver.stages.dispatch import dispatch
from adsmock.mockserver.stages.fault import meet, plan
from adsmock.mockserver.stages.journaling import (
    chain_of,
    count_items,
    kept_body,
    note_reply,
    open_entry,
)
from adsmock.mockserver.stages.throttle import throttle

LOG = logging.getLogger("adsmock.pipeline")

__all__ = ["Exchange", "Pipeline", "Runtime", "answer", "refuse", "serve"]

REFUSALS = {408: "tooSlow", 413: "tooLarge"}
"""What the edge refuses by itself: status and the kind that words it."""


@dataclass(slots=True)
class CallState:
    """A call on its path and what is known of it so far."""

    runtime: Runtime
    call: Call
    place: Place
    caller: Caller
    sandbox: Sandbox
    entry: Entry
    now: float
    dialect: str = dialect.FALLBACK
    media: str = ""
    """What the operation answers with."""


def serve(call: Call, runtime: Runtime) -> Exchange:
    """Answer a call. Never raises for what a client may send, never waits."""
    passage = _arrive(call, runtime)
    try:
        reply = answer(passage)
    except ApiError as error:
        reply = _refused(passage, error)
    except Exception:  # a defect of ours: the client gets a clean 500, the log gets the trace
        LOG.exception("no answer for %s %s", call.method, call.path)
        reply = _refused(passage, ApiError("internal", 500))
    return _leave(passage, reply)


def refuse(call: Call, kind: str, status: int, runtime: Runtime) -> Exchange:
    """Refuse a call whose body could not be taken: ``tooLarge`` 413, ``tooSlow`` 408."""
    passage = _arrive(call, runtime)
    return _leave(passage, _refused(passage, ApiError(kind, status)))


def answer(passage: CallState) -> Reply:
    """Take a call down its path and return the reply.

    Raises:
        ApiError: a step refused it.
    """
    runtime, call, caller, sandbox = passage.runtime, passage.call, passage.caller, passage.sandbox
    operation, parameters = runtime.calendar.find_operation(call.method, passage.place, passage.now)
    contract = _enter(passage, operation)
    _meet_outage(passage, operation)
    principal = authenticate(operation, contract, caller, passage.place.region)
    media = runtime.calendar.negotiate(operation, contract, call, sandbox)
    body = caller.form or caller.file or parse(call.body)
    passage.entry.items = count_items(contract, body)
    if sandbox.journal.mode == "full":
        passage.entry.request = kept_body(call, caller, body)
    with sandbox.lock:
        if operation.product:  # several operations share the path: the body says which is meant
            operation = meant(operation, body, principal, sandbox, runtime.models)
            contract = _enter(passage, operation)
        throttle(operation, body, passage.place.region, sandbox, runtime.metrics)
        planned = _plan(passage, operation, body)
        before = _meet(passage, planned, "before")
        context = _work(passage, operation, contract, principal, body)
        context.parameters, context.planned = parameters, before
        if call.query:
            context.parameters |= call.parameters()
        if operation.parameters:
            context.parameters |= _headers(operation, call)
        context.media, context.sent = media, call.sent
        reply = dispatch(context, runtime.validators, media)
    passage.entry.committed = reply.committed
    reply.wire = _meet_late(passage, planned, reply)
    return reply


def _arrive(call: Call, runtime: Runtime) -> CallState:
    """Attribute the call and open its journal entry."""
    place = runtime.hosts.resolve_region(call)
    caller = resolve_client(call, runtime.sandboxes, place)
    sandbox = caller.sandbox or runtime.nobody
    now = sandbox.clock.now()
    entry = open_entry(call, place, caller, sandbox.journal, now)
    if caller.sandbox is None:
        runtime.metrics.orphans += 1
    return CallState(runtime, call, place, caller, sandbox, entry, now)


def _enter(passage: CallState, operation: Operation) -> Contract:
    """Note which operation is meant; from here on its family words the refusals."""
    contract = passage.runtime.contracts[operation.id]
    passage.dialect = operation.dialect or contract.dialect
    passage.media = operation.reply
    passage.entry.operation, passage.entry.route = operation.id, operation.path
    passage.entry.generic = contract.shape == "generic"
    return contract


def _meet_outage(passage: CallState, operation: Operation) -> None:
    """A dark region answers nobody, so this is asked before the token."""
    if len(passage.sandbox.faults):
        subject = _subject(passage, operation, key=passage.call.path, attempt=1)
        _meet(passage, plan(subject, passage.sandbox, outage=True), "before")


def _plan(passage: CallState, operation: Operation, body: object) -> Planned | None:
    """Name the logical request and ask the plan; neither is needed without rules or readers."""
    sandbox, entry = passage.sandbox, passage.entry
    if not len(sandbox.faults) and sandbox.journal.mode != "full":
        return None
    entry.chain = chain_of(entry, operation.path, body)
    entry.attempt = sandbox.attempt(entry.chain)
    subject = _subject(passage, operation, key=entry.chain, attempt=entry.attempt, body=body)
    return plan(subject, sandbox)


def _subject(
    passage: CallState, operation: Operation, *, key: str, attempt: int, body: object = None
) -> Subject:
    return Subject(
        region=passage.place.region,
        operation=operation.id,
        profile_id=passage.caller.scope or "",
        method=passage.call.method,
        path=passage.place.path,
        key=key,
        attempt=attempt,
        body=body,
    )


def _meet(passage: CallState, planned: Planned | None, point: str) -> Effect | None:
    if planned is None or planned.rule.effect.point != point:
        return None
    rule = planned.rule
    passage.entry.fault = {"id": rule.id, "kind": rule.effect.kind, "point": point}
    passage.runtime.metrics.fault_met(rule.effect.kind, point)
    return meet(planned, passage.caller, passage.runtime.contract_set, passage.now)


def _meet_late(passage: CallState, planned: Planned | None, reply: Reply) -> Effect | None:
    """Meet what acts once the work is done: an edit of the reply here, the rest at the edge."""
    effect = planned.rule.effect if planned is not None else None
    if planned is not None and effect is not None and (effect.edits or effect.shuffle):
        body = edited(reply.body, effect, passage.sandbox.seed, planned.rule.id)
        if body is None and effect.kind == "patch":
            return None  # nothing in this reply to edit: the rule was not felt
        reply.body = body or reply.body
    return _meet(passage, planned, "after_commit") or _meet(passage, planned, "on_wire")


def _work(
    passage: CallState, operation: Operation, contract: Contract, principal: Principal, body: object
) -> RequestContext:
    runtime, call, sandbox = passage.runtime, passage.call, passage.sandbox
    region, now = passage.place.region, passage.now
    context = RequestContext(
        operation,
        contract,
        body,
        principal,
        region,
        sandbox,
        runtime.sandboxes,
        now,
        runtime.contract_set.lwa,
    )
    context.resource, context.plan = CATALOG.get(contract.name), runtime.plans.find(contract.name)
    context.model = runtime.models.get(contract.name) if operation.product else None
    context.wants_entities = operation.whole or (operation.prefer and _wants_entities(call))
    context.accept = call.headers.get("accept", "")
    context.base_url = runtime.hosts.storage_base(call) or runtime.storage_url
    return context


def _headers(operation: Operation, call: Call) -> dict[str, str]:
    """Return the headers that an operation names among its parameters."""
    named = [row.name for row in operation.parameters if row.place == "header"]
    found = {name: call.headers.get(name.lower()) for name in named}
    return {name: value for name, value in found.items() if value is not None}


def _wants_entities(call: Call) -> bool:
    """Say whether ``Prefer: return=representation`` was sent; other preferences are ignored."""
    return "return=representation" in call.headers.get("prefer", "").replace(" ", "").lower()


def _refused(passage: CallState, error: ApiError) -> Reply:
    request_id = _request_id(passage)
    reply = dialect.render(
        passage.runtime.contract_set, error, passage.dialect, request_id, passage.media
    )
    reply.committed = passage.entry.committed  # the answer was lost, the work was not
    if isinstance(error, Injected) and (error.effect.kind == "reset" or error.effect.latency):
        reply.wire = error.effect
    return reply


def _leave(passage: CallState, reply: Reply) -> Exchange:
    """Add what every reply carries and hand it to the door."""
    entry, sandbox = passage.entry, passage.sandbox
    _name_unread(passage)
    entry.request_id = _request_id(passage)
    reply.headers["x-amzn-RequestId"] = entry.request_id
    reply.pace = sandbox.clock.rate
    is_full = sandbox.journal.mode == "full"
    note_reply(entry, reply, full=is_full, secret=entry.operation == "lwa.token")
    return Exchange(reply, entry, sandbox.journal, passage.runtime.metrics, sandbox.clock)


def _name_unread(passage: CallState) -> None:
    """Name a call that was refused before its body was read: it is an attempt like any other."""
    entry, sandbox, caller = passage.entry, passage.sandbox, passage.caller
    if entry.chain is not None or sandbox.journal.mode != "full":
        return
    body = caller.form or caller.file or parse(passage.call.body)
    if not caller.form:
        entry.request = kept_body(passage.call, caller, body)
    entry.chain = chain_of(entry, entry.route or passage.place.path, body)
    entry.attempt = sandbox.attempt(entry.chain)


def _request_id(passage: CallState) -> str:
    """Return the call's id: the same for the same sandbox and number."""
    return passage.sandbox.mint.request(passage.entry.seq)


class Pipeline:
    """The pipeline over one world, as the doors call it."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    def serve(self, call: Call) -> Exchange:
        """Answer a call."""
        return serve(call, self.runtime)

    def refuse(self, call: Call, status: int) -> Exchange:
        """Refuse a call whose body could not be taken."""
        return refuse(call, REFUSALS[status], status, self.runtime)

    def knocked(self, knock: ConnectionEvent) -> None:
        """Write down a connection's beginning; say aloud that a host was refused."""
        sandboxes = self.runtime.sandboxes
        sandbox = sandboxes.get(knock.door.sandbox) if knock.door.sandbox else None
        now = sandbox.clock.now() if sandbox else sandboxes.source.epoch()
        note_knock(knock, sandbox, sandboxes.orphans, now)
        if knock.host:
            text = f"adsmock: refused {knock.method} {knock.host}: nothing leaves this machine\n"
            sys.stderr.write(text)
            sys.stderr.flush()
