"""Scenarios: list, apply, undo."""

from __future__ import annotations

from typing import Any

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.control.unknown_name import UnknownName
from adsmock.mockserver.services.faults.schema import ParseContext, show
from adsmock.mockserver.services.sandboxes.scenario import apply as apply_to
from adsmock.mockserver.services.sandboxes.scenario import scenarios, undo, with_duration


def list_all(_: ControlRequest) -> Any:
    """Return every scenario with its description."""
    rows = [
        {
            "name": row.name,
            "title": row.title,
            "describes": row.describes,
            "faults": [rule["id"] for rule in row.faults],
            "lasts": row.lasts,
            "pressure": row.pressure,
            "shutOff": row.shut_off,
            "choices": row.choices,
            "loadWindows": list(row.load_windows),
        }
        for row in scenarios().values()
    ]
    return {"scenarios": rows}


def apply(request: ControlRequest) -> Any:
    """Apply a scenario to a sandbox and return what it changed."""
    name = request.body["name"]
    scenario = scenarios().get(name)
    if scenario is None:
        raise UnknownName("scenario", name, scenarios(), status=400, pointer="/name")
    sandbox = request.sandbox
    with sandbox.lock:
        now = sandbox.clock.now()
        scenario = with_duration(scenario, request.body.get("over"))
        planned = apply_to(scenario, sandbox, ParseContext(request.contract_set, now, sandbox.mint))
        return {
            "name": name,
            "faults": [show(each, now) for each in planned],
            "throttle": {
                "pressure": dict(sandbox.throttle.pressure),
                "loadWindows": len(sandbox.throttle.load_windows),
            },
            "versions": {family: format_utc(end) for family, end in sandbox.shut_off.items()},
        }


def undo_all(request: ControlRequest) -> None:
    """Undo all scenarios of a sandbox; what was set in other ways stays."""
    with request.sandbox.lock:
        undo(request.sandbox)
