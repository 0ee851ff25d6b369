"""The path of a call: every step once, in the order in which the service refuses.

Knows the order. Must not know Flask, sockets or any resource. The order is behaviour (campaign
management reference 11, assumed): unknown or retired path, dark region, token, scope, media
types, quota, planned fault, body, items.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass

from adsmock.contracts.form import Contract, Operation
from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.core.call import Call, Reply
from adsmock.mockserver.core.caller import Caller, Place
from adsmock.mockserver.core.error import ApiError, Injected
from adsmock.mockserver.core.exchange import Exchange
from adsmock.mockserver.core.fault import Effect, Planned, Subject
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.core.knock import Knock
from adsmock.mockserver.core.sandbox import Principal, Sandbox
from adsmock.mockserver.render import dialect
from adsmock.mockserver.services.body import parse
from adsmock.mockserver.services.edit import edited
from adsmock.mockserver.services.work import Work
from adsmock.mockserver.stages.auth import authenticate
from adsmock.mockserver.stages.client import resolve_client
from adsmock.mockserver.stages.dispatch import dispatch
from adsmock.mockserver.stages.fault import meet, plan
from adsmock.mockserver.stages.knock import note_knock
from adsmock.mockserver.stages.note import chain_of, count_items, kept_body, note_reply, open_entry
from adsmock.mockserver.stages.product import meant
from adsmock.mockserver.stages.throttle import throttle
from adsmock.mockserver.world import World

LOG = logging.getLogger("adsmock.pipeline")

__all__ = ["Exchange", "Pipeline", "World", "answer", "refuse", "serve"]

REFUSALS = {408: "tooSlow", 413: "tooLarge"}
"""What the edge refuses by itself: status and the kind that words it."""


@dataclass(slots=True)
class Passage:
    """A call on its path and what is known of it so far."""

    world: World
    call: Call
    place: Place
    caller: Caller
    sandbox: Sandbox
    entry: Entry
    now: float
    dialect: str = dialect.FALLBACK
    media: str = ""
    """What the operation answers with."""


def serve(call: Call, world: World) -> Exchange:
    """Answer a call. Never raises for what a client may send, never waits."""
    passage = _arrive(call, world)
    try:
        reply = answer(passage)
    except ApiError as error:
        reply = _refused(passage, error)
    except Exception:  # a defect of ours: the client gets a clean 500, the log gets the trace
        LOG.exception("no answer for %s %s", call.method, call.path)
        reply = _refused(passage, ApiError("internal", 500))
    return _leave(passage, reply)


def refuse(call: Call, kind: str, status: int, world: World) -> Exchange:
    """Refuse a call whose body could not be taken: ``tooLarge`` 413, ``tooSlow`` 408."""
    passage = _arrive(call, world)
    return _leave(passage, _refused(passage, ApiError(kind, status)))


def answer(passage: Passage) -> Reply:
    """Take a call down its path and return the reply.

    Raises:
        ApiError: a step refused it.
    """
    world, call, caller, sandbox = passage.world, passage.call, passage.caller, passage.sandbox
    operation, parameters = world.calendar.find_operation(call.method, passage.place, passage.now)
    contract = _enter(passage, operation)
    _meet_outage(passage, operation)
    principal = authenticate(operation, contract, caller, passage.place.region)
    media = world.calendar.negotiate(operation, contract, call, sandbox)
    body = caller.form or caller.file or parse(call.body)
    passage.entry.items = count_items(contract, body)
    if sandbox.journal.mode == "full":
        passage.entry.request = kept_body(call, caller, body)
    with sandbox.lock:
        if operation.product:  # several operations share the path: the body says which is meant
            operation = meant(operation, body, principal, sandbox, world.models)
            contract = _enter(passage, operation)
        throttle(operation, body, passage.place.region, sandbox, world.metrics)
        planned = _plan(passage, operation, body)
        before = _meet(passage, planned, "before")
        work = _work(passage, operation, contract, principal, body)
        work.parameters, work.planned = parameters, before
        if call.query:
            work.parameters |= call.parameters()
        if operation.parameters:
            work.parameters |= _headers(operation, call)
        work.media, work.sent = media, call.sent
        reply = dispatch(work, world.validators, media)
    passage.entry.committed = reply.committed
    reply.wire = _meet_late(passage, planned, reply)
    return reply


def _arrive(call: Call, world: World) -> Passage:
    """Attribute the call and open its journal entry."""
    place = world.hosts.resolve_region(call)
    caller = resolve_client(call, world.sandboxes, place)
    sandbox = caller.sandbox or world.nobody
    now = sandbox.clock.now()
    entry = open_entry(call, place, caller, sandbox.journal, now)
    if caller.sandbox is None:
        world.metrics.orphans += 1
    return Passage(world, call, place, caller, sandbox, entry, now)


def _enter(passage: Passage, operation: Operation) -> Contract:
    """Note which operation is meant; from here on its family words the refusals."""
    contract = passage.world.contracts[operation.id]
    passage.dialect = operation.dialect or contract.dialect
    passage.media = operation.reply
    passage.entry.operation, passage.entry.route = operation.id, operation.path
    passage.entry.generic = contract.shape == "generic"
    return contract


def _meet_outage(passage: Passage, operation: Operation) -> None:
    """A dark region answers nobody, so this is asked before the token."""
    if len(passage.sandbox.faults):
        subject = _subject(passage, operation, key=passage.call.path, attempt=1)
        _meet(passage, plan(subject, passage.sandbox, outage=True), "before")


def _plan(passage: Passage, operation: Operation, body: object) -> Planned | None:
    """Name the logical request and ask the plan; neither is needed without rules or readers."""
    sandbox, entry = passage.sandbox, passage.entry
    if not len(sandbox.faults) and sandbox.journal.mode != "full":
        return None
    entry.chain = chain_of(entry, operation.path, body)
    entry.attempt = sandbox.attempt(entry.chain)
    subject = _subject(passage, operation, key=entry.chain, attempt=entry.attempt, body=body)
    return plan(subject, sandbox)


def _subject(
    passage: Passage, operation: Operation, *, key: str, attempt: int, body: object = None
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


def _meet(passage: Passage, planned: Planned | None, point: str) -> Effect | None:
    if planned is None or planned.rule.effect.point != point:
        return None
    rule = planned.rule
    passage.entry.fault = {"id": rule.id, "kind": rule.effect.kind, "point": point}
    passage.world.metrics.fault_met(rule.effect.kind, point)
    return meet(planned, passage.caller, passage.world.book, passage.now)


def _meet_late(passage: Passage, planned: Planned | None, reply: Reply) -> Effect | None:
    """Meet what acts once the work is done: an edit of the reply here, the rest at the edge."""
    effect = planned.rule.effect if planned is not None else None
    if planned is not None and effect is not None and (effect.edits or effect.shuffle):
        body = edited(reply.body, effect, passage.sandbox.seed, planned.rule.id)
        if body is None and effect.kind == "patch":
            return None  # nothing in this reply to edit: the rule was not felt
        reply.body = body or reply.body
    return _meet(passage, planned, "after_commit") or _meet(passage, planned, "on_wire")


def _work(
    passage: Passage, operation: Operation, contract: Contract, principal: Principal, body: object
) -> Work:
    world, call, sandbox = passage.world, passage.call, passage.sandbox
    region, now = passage.place.region, passage.now
    work = Work(
        operation, contract, body, principal, region, sandbox, world.sandboxes, now, world.book.lwa
    )
    work.resource, work.plan = CATALOG.get(contract.name), world.plans.find(contract.name)
    work.model = world.models.get(contract.name) if operation.product else None
    work.wants_entities = operation.whole or (operation.prefer and _wants_entities(call))
    work.accept = call.headers.get("accept", "")
    work.base_url = world.hosts.storage_base(call) or world.storage_url
    return work


def _headers(operation: Operation, call: Call) -> dict[str, str]:
    """Return the headers that an operation names among its parameters."""
    named = [row.name for row in operation.parameters if row.place == "header"]
    found = {name: call.headers.get(name.lower()) for name in named}
    return {name: value for name, value in found.items() if value is not None}


def _wants_entities(call: Call) -> bool:
    """Say whether ``Prefer: return=representation`` was sent; other preferences are ignored."""
    return "return=representation" in call.headers.get("prefer", "").replace(" ", "").lower()


def _refused(passage: Passage, error: ApiError) -> Reply:
    request_id = _request_id(passage)
    reply = dialect.render(passage.world.book, error, passage.dialect, request_id, passage.media)
    reply.committed = passage.entry.committed  # the answer was lost, the work was not
    if isinstance(error, Injected) and (error.effect.kind == "reset" or error.effect.latency):
        reply.wire = error.effect
    return reply


def _leave(passage: Passage, reply: Reply) -> Exchange:
    """Add what every reply carries and hand it to the door."""
    entry, sandbox = passage.entry, passage.sandbox
    _name_unread(passage)
    entry.request_id = _request_id(passage)
    reply.headers["x-amzn-RequestId"] = entry.request_id
    reply.pace = sandbox.clock.rate
    is_full = sandbox.journal.mode == "full"
    note_reply(entry, reply, full=is_full, secret=entry.operation == "lwa.token")
    return Exchange(reply, entry, sandbox.journal, passage.world.metrics, sandbox.clock)


def _name_unread(passage: Passage) -> None:
    """Name a call that was refused before its body was read: it is an attempt like any other."""
    entry, sandbox, caller = passage.entry, passage.sandbox, passage.caller
    if entry.chain is not None or sandbox.journal.mode != "full":
        return
    body = caller.form or caller.file or parse(passage.call.body)
    if not caller.form:
        entry.request = kept_body(passage.call, caller, body)
    entry.chain = chain_of(entry, entry.route or passage.place.path, body)
    entry.attempt = sandbox.attempt(entry.chain)


def _request_id(passage: Passage) -> str:
    """Return the call's id: the same for the same sandbox and number."""
    return passage.sandbox.mint.request(passage.entry.seq)


class Pipeline:
    """The pipeline over one world, as the doors call it."""

    def __init__(self, world: World) -> None:
        self.world = world

    def serve(self, call: Call) -> Exchange:
        """Answer a call."""
        return serve(call, self.world)

    def refuse(self, call: Call, status: int) -> Exchange:
        """Refuse a call whose body could not be taken."""
        return refuse(call, REFUSALS[status], status, self.world)

    def knocked(self, knock: Knock) -> None:
        """Write down a connection's beginning; say aloud that a host was refused."""
        sandboxes = self.world.sandboxes
        sandbox = sandboxes.get(knock.door.sandbox) if knock.door.sandbox else None
        now = sandbox.clock.now() if sandbox else sandboxes.source.epoch()
        note_knock(knock, sandbox, sandboxes.orphans, now)
        if knock.host:
            text = f"adsmock: refused {knock.method} {knock.host}: nothing leaves this machine\n"
            sys.stderr.write(text)
            sys.stderr.flush()
