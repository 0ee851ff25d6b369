"""A sandbox's clock: read, set, advance."""

from __future__ import annotations

from typing import Any

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.iso8601 import format_utc, parse_utc
from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.control.serializers import clock_row
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.services.durations import read_time
from adsmock.mockserver.services.sandboxes.advance_clock import advance as move
from adsmock.mockserver.services.stream.delivery import catch_up_wholly


def get(request: ControlRequest) -> Any:
    """Return the time, the mode and the rate."""
    return clock_row(request.sandbox)


def put(request: ControlRequest) -> Any:
    """Set the mode, and optionally a later time."""
    sandbox, body = request.sandbox, request.body
    with sandbox.lock:
        check_set(body, sandbox.clock.now())
        return set_clock(sandbox, body)


def check_set(body: dict[str, Any], present: float) -> None:
    """Check that a clock which shows ``present`` can be set.

    Raises:
        SetupError: the mode needs a rate, or the time has passed.
    """
    if body["mode"] == "scaled" and "rate" not in body:
        raise SetupError('mode "scaled" needs a "rate": add one, such as 60', pointer="/rate")
    if "now" in body and read_time(body["now"], present, "/now") < present:
        raise SetupError(
            f"a clock cannot go back: it is {format_utc(present)}, use a later time",
            pointer="/now",
        )


def set_clock(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    """Set a clock after ``check_set``, and return what it shows."""
    mode, rate = body["mode"], float(body.get("rate", 1.0))
    with sandbox.lock:
        present = sandbox.clock.now()
        now = read_time(body["now"], present, "/now") if "now" in body else None
        try:
            sandbox.clock.set(mode, now=now, rate=rate)
        except ValueError:  # it was later when it was checked
            sandbox.clock.set(mode, rate=rate)
        return clock_row(sandbox)


def advance(request: ControlRequest) -> Any:
    """Advance the clock and return the events until then."""
    calendar = shut_offs(request.contract_set)
    return advanced(request.sandbox, request.sandboxes, float(request.body["seconds"]), calendar)


def shut_offs(contract_set: ContractSet) -> list[tuple[str, float]]:
    """Return the deprecation calendar's dates, as (id, seconds since 1970)."""
    return [(row.id, parse_utc(row.shut_off)) for row in contract_set.deprecations]


def advanced(
    sandbox: Sandbox, sandboxes: Sandboxes, seconds: float, calendar: list[tuple[str, float]]
) -> dict[str, Any]:
    """Advance a clock, deliver what is due, and return the events until then."""
    fired = move(sandbox, seconds, calendar)
    now = sandbox.clock.now()
    catch_up_wholly(sandbox, sandboxes, now)
    return {
        "now": format_utc(now),
        "nowSeconds": now,
        "fired": [{"at": format_utc(each.at), "kind": each.kind, "id": each.id} for each in fired],
    }
