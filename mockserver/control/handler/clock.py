"""A sandbox's clock: read, set, advance."""

from __future__ import annotations

from typing import Any

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.control.serializers import clock_row
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.services.durations import read_time
from adsmock.mockserver.services.sandboxes.advance_clock import advance as move


def get(request: ControlRequest) -> Any:
    """Return the time, the mode and the rate."""
    return clock_row(request.sandbox)


def put(request: ControlRequest) -> Any:
    """Set the mode, and optionally a later time."""
    sandbox, body = request.sandbox, request.body
    if body["mode"] == "scaled" and "rate" not in body:
        raise SetupError('mode "scaled" needs a "rate": add one, such as 60', pointer="/rate")
    with sandbox.lock:
        present = sandbox.clock.now()
        now = read_time(body["now"], present, "/now") if "now" in body else None
        try:
            sandbox.clock.set(body["mode"], now=now, rate=float(body.get("rate", 1.0)))
        except ValueError as error:
            raise SetupError(
                f"{error}: it is {format_utc(present)}, use a later time", pointer="/now"
            ) from None
        return clock_row(sandbox)


def advance(request: ControlRequest) -> Any:
    """Advance the clock and return the events until then."""
    sandbox = request.sandbox
    fired = move(sandbox, float(request.body["seconds"]), request.shut_offs())
    now = sandbox.clock.now()
    return {
        "now": format_utc(now),
        "nowSeconds": now,
        "fired": [{"at": format_utc(each.at), "kind": each.kind, "id": each.id} for each in fired],
    }
