"""Fault rules of a sandbox, with what came of them. Knows the plan's verbs."""

from __future__ import annotations

from typing import Any

from adsmock.contracts.suggest import nearest
from adsmock.mockserver.control.request import ControlRequest, Unknown
from adsmock.mockserver.control.schema import check
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.fault import Planned
from adsmock.mockserver.services.faults.schema import Ground, parse, show


def list_all(ask: ControlRequest) -> Any:
    """Return all rules in the order they are asked."""
    sandbox = ask.sandbox
    now = sandbox.clock.now()
    return {"faults": [show(each, now) for each in sandbox.faults.rows()]}


def create(ask: ControlRequest) -> Any:
    """Plan one more rule; its id must be free."""
    sandbox = ask.sandbox
    with sandbox.lock:
        given = ask.body.get("id")
        if given is not None and sandbox.faults.find(given) is not None:
            detail = f"fault {given} exists already; PUT replaces it"
            raise SetupError(detail, pointer="/id", status=409)
        now = sandbox.clock.now()
        return show(sandbox.faults.add(parse(ask.body, _ground(ask, now))), now)


def replace(ask: ControlRequest) -> Any:
    """Plan these rules and no others; nothing changes when one of them is refused."""
    sandbox = ask.sandbox
    with sandbox.lock:
        now = sandbox.clock.now()
        rules = []
        for place, document in enumerate(ask.body["faults"]):
            try:
                rules.append(parse(document, _ground(ask, now)))
            except SetupError as error:
                pointer = f"/faults/{place}{error.pointer}"
                raise SetupError(error.detail, pointer=pointer) from None
        ids = [rule.id for rule in rules]
        if len(set(ids)) < len(ids):
            raise SetupError("two rules have the same id", pointer="/faults")
        sandbox.faults.clear()
        for rule in rules:
            sandbox.faults.add(rule)
        return {"faults": [show(each, now) for each in sandbox.faults.rows()]}


def clear(ask: ControlRequest) -> None:
    """Forget all rules."""
    sandbox = ask.sandbox
    with sandbox.lock:
        sandbox.faults.clear()


def get(ask: ControlRequest) -> Any:
    """Return one rule with its counts."""
    return show(_find(ask), ask.sandbox.clock.now())


def put(ask: ControlRequest) -> Any:
    """Plan the rule under the path's id, in the place of one that has it."""
    sandbox, rule_id = ask.sandbox, ask.path["fault"]
    check(ask.route.body, ask.body | {"id": rule_id})
    with sandbox.lock:
        now = sandbox.clock.now()
        rule = parse(ask.body, _ground(ask, now), rule_id)
        return show(sandbox.faults.add(rule), now)


def delete(ask: ControlRequest) -> None:
    """Forget one rule."""
    planned = _find(ask)
    sandbox = ask.sandbox
    with sandbox.lock:
        sandbox.faults.remove(planned.rule.id)


def _ground(ask: ControlRequest, now: float) -> Ground:
    return Ground(ask.contract_set, now, ask.sandbox.mint)


def _find(ask: ControlRequest) -> Planned:
    rule_id, plan = ask.path["fault"], ask.sandbox.faults
    planned = plan.find(rule_id)
    if planned is None:
        known = [each.rule.id for each in plan.rows()]
        raise Unknown(f"no fault {rule_id}", nearest=nearest(rule_id, known))
    return planned
