"""Operations on the fault rules of a sandbox."""

from __future__ import annotations

from typing import Any

import orjson

from adsmock.mockserver.control.json_stream import array, in_pieces
from adsmock.mockserver.control.request import ControlReply, ControlRequest
from adsmock.mockserver.control.schema import check, components
from adsmock.mockserver.control.unknown_name import UnknownName
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.fault import FaultRule, PlannedRule
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.turns import free_in_slices
from adsmock.mockserver.services.faults.registry import kinds, settings
from adsmock.mockserver.services.faults.schema import (
    OperationGlobs,
    ParseContext,
    new_rule_id,
    parse,
    show,
)

MAX_RULES = 10_000
"""Rules of one sandbox: the most that one request can give."""


def list_kinds(request: ControlRequest) -> Any:
    """Return what a form for a rule needs: kinds with their settings, members, operations."""
    rule = components()["FaultRule"]["properties"]
    return {
        "kinds": [
            {
                "kind": name,
                "summary": kind.summary,
                "points": list(kind.points),
                "required": list(kind.required),
                "settings": {each: setting.schema for each, (_, setting) in settings(name).items()},
            }
            for name, kind in kinds().items()
        ],
        "match": components()["Match"]["properties"],
        "when": rule["when"]["properties"],
        "operations": sorted(OperationGlobs(request.contract_set).names),
    }


def list_all(request: ControlRequest) -> Any:
    """Return all rules in the order in which they are tried."""
    return _listing(request.sandbox.faults.rules(), request.sandbox.clock.now())


def create(request: ControlRequest) -> Any:
    """Add a rule; its id must be free."""
    sandbox = request.sandbox
    with sandbox.lock:
        given = request.body.get("id")
        if given is not None and sandbox.faults.find(given) is not None:
            detail = f"fault {given} already exists: replace it with PUT, or choose another id"
            raise SetupError(detail, pointer="/id", status=409)
        now = sandbox.clock.now()
        return show(_add(sandbox, parse(request.body, _parse_context(request, now))), now)


def replace(request: ControlRequest) -> Any:
    """Replace all rules; nothing changes if one of them is refused.

    Calls wait for the sandbox's lock on the event loop, so the rules are read without it.
    """
    sandbox = request.sandbox
    now = sandbox.clock.now()
    rules = _parse_all(request, now)
    ids = [rule.id for rule in rules]
    if len(set(ids)) < len(ids):
        raise SetupError("two rules have the same id: give each its own", pointer="/faults")
    plan = sandbox.faults.emptied()
    for rule in rules:
        plan.add(rule)
    with sandbox.lock:
        sandbox.faults = plan
    return _listing(plan.rules(), now)


def _listing(rules: list[PlannedRule], now: float) -> ControlReply:
    """Return the rules as JSON; the text of thousands is written one by one."""
    rows = (orjson.dumps(show(each, now)) for each in rules)
    return ControlReply(in_pieces(array(b'{"faults":', rows, b"}")))


def _parse_all(request: ControlRequest, now: float) -> list[FaultRule]:
    sandbox, context, rules = request.sandbox, _parse_context(request, now), []
    documents = request.body["faults"]
    with sandbox.lock:
        ids = [each.get("id") or new_rule_id(sandbox.mint) for each in documents]
    for place, document in enumerate(documents):
        try:
            rules.append(parse(document, context, ids[place]))
        except SetupError as error:
            pointer = f"/faults/{place}{error.pointer}"
            raise SetupError(error.detail, pointer=pointer) from None
    return rules


def _add(sandbox: Sandbox, rule: FaultRule) -> PlannedRule:
    """Add a rule, or replace the rule of the same id.

    Raises:
        SetupError: 409, the sandbox has the maximum of rules.
    """
    plan = sandbox.faults
    if len(plan) >= MAX_RULES and plan.find(rule.id) is None:
        raise SetupError(
            f"the sandbox has {MAX_RULES} fault rules, which is the limit: delete some", status=409
        )
    return plan.add(rule)


def clear(request: ControlRequest) -> None:
    """Remove all rules."""
    sandbox = request.sandbox
    rules = sandbox.faults.rules()
    with sandbox.lock:
        sandbox.faults.clear()
    free_in_slices(rules)


def get(request: ControlRequest) -> Any:
    """Return one rule with its counts."""
    return show(_find(request), request.sandbox.clock.now())


def put(request: ControlRequest) -> Any:
    """Add a rule under the id of the path, or replace the rule with that id."""
    sandbox, rule_id = request.sandbox, request.path["fault"]
    check(request.route.body, request.body | {"id": rule_id})
    with sandbox.lock:
        now = sandbox.clock.now()
        rule = parse(request.body, _parse_context(request, now), rule_id)
        return show(_add(sandbox, rule), now)


def delete(request: ControlRequest) -> None:
    """Remove one rule."""
    planned = _find(request)
    sandbox = request.sandbox
    with sandbox.lock:
        sandbox.faults.remove(planned.rule.id)


def _parse_context(request: ControlRequest, now: float) -> ParseContext:
    return ParseContext(request.contract_set, now, request.sandbox.mint)


def _find(request: ControlRequest) -> PlannedRule:
    rule_id, plan = request.path["fault"], request.sandbox.faults
    planned = plan.find(rule_id)
    if planned is None:
        known = [each.rule.id for each in plan.rules()]
        raise UnknownName("fault", rule_id, known)
    return planned
