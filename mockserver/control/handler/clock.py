"""A sandbox's time. Knows the clock's form."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.control.ask import Ask
from adsmock.mockserver.control.rows import clock_row
from adsmock.mockserver.core.clock import iso
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.services.advance import advance as move
from adsmock.mockserver.services.moment import moment


def get(ask: Ask) -> Any:
    """Return the time and how it passes."""
    return clock_row(ask.sandbox)


def put(ask: Ask) -> Any:
    """Change how time passes and, forward only, what time it is."""
    sandbox, body = ask.sandbox, ask.body
    if body["mode"] == "scaled" and "rate" not in body:
        raise SetupError('a scaled clock needs a "rate"', pointer="/rate")
    with sandbox.lock:
        present = sandbox.clock.now()
        now = moment(body["now"], present, "/now") if "now" in body else None
        try:
            sandbox.clock.set(body["mode"], now=now, rate=float(body.get("rate", 1.0)))
        except ValueError as error:
            raise SetupError(f"{error}; it is {iso(present)}", pointer="/now") from None
        return clock_row(sandbox)


def advance(ask: Ask) -> Any:
    """Move time forward and return what fired on the way."""
    sandbox = ask.sandbox
    fired = move(sandbox, float(ask.body["seconds"]), ask.shut_offs())
    now = sandbox.clock.now()
    return {
        "now": iso(now),
        "nowSeconds": now,
        "fired": [{"at": iso(each.at), "kind": each.kind, "id": each.id} for each in fired],
    }
