"""A sandbox's time. Knows the clock's form."""

from __future__ import annotations

from typing import Any

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.control.serializers import clock_row
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.services.durations import read_time
from adsmock.mockserver.services.sandboxes.advance_clock import advance as move


def get(request: ControlRequest) -> Any:
    """Return the time and how it passes."""
    return clock_row(request.sandbox)


def put(request: ControlRequest) -> Any:
    """Change how time passes and, forward only, what time it is."""
    sandbox, body = request.sandbox, request.body
    if body["mode"] == "scaled" and "rate" not in body:
        raise SetupError('a scaled clock needs a "rate"', pointer="/rate")
    with sandbox.lock:
        present = sandbox.clock.now()
        now = read_time(body["now"], present, "/now") if "now" in body else None
        try:
            sandbox.clock.set(body["mode"], now=now, rate=float(body.get("rate", 1.0)))
        except ValueError as error:
            raise SetupError(f"{error}; it is {format_utc(present)}", pointer="/now") from None
        return clock_row(sandbox)


def advance(request: ControlRequest) -> Any:
    """Move time forward and return what fired on the way."""
    sandbox = request.sandbox
    fired = move(sandbox, float(request.body["seconds"]), request.shut_offs())
    now = sandbox.clock.now()
    return {
        "now": format_utc(now),
        "nowSeconds": now,
        "fired": [{"at": format_utc(each.at), "kind": each.kind, "id": each.id} for each in fired],
    }
