"""What the dashboard shows of one sandbox besides its calls."""

from __future__ import annotations

from itertools import islice
from typing import Any

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.control.handler.throttle import throttle_row
from adsmock.mockserver.control.serializers import clock_row
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.faults.schema import show

MAX_RULES = 500
"""Fault rules that are shown; plans of thousands are read with ``faults.list``."""


def state_summary(sandbox: Sandbox) -> dict[str, Any]:
    """Return the clock, quotas, faults, shut-off dates and counts of a sandbox."""
    with sandbox.lock:
        now, journal = sandbox.clock.now(), sandbox.journal
        return {
            "sandbox": sandbox.id,
            "clock": clock_row(sandbox),
            "throttle": throttle_row(sandbox),
            "faults": [show(each, now) for each in islice(sandbox.faults.rules(), MAX_RULES)],
            "faultsTotal": len(sandbox.faults),
            "versions": {family: format_utc(end) for family, end in sandbox.shut_off.items()},
            "choices": dict(sandbox.choices),
            "scenarios": [
                {"name": name, "applied": format_utc(row["applied"]), "over": row["over"]}
                for name, row in sandbox.scenarios.items()
            ],
            "journal": {
                "mode": journal.mode,
                "oldest": journal.oldest,
                "last": journal.last,
                "dropped": journal.dropped,
            },
        }
