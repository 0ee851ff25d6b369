"""Whether a scenario did anything while a program ran, for ``exec --scenario``."""

from __future__ import annotations

from collections.abc import Iterable

from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.services.sandboxes.scenario import scenarios

NOTHING_PROVEN = 3

_THROTTLED = 429


def idle(name: str, over: str | None, entries: Iterable[Entry]) -> str | None:
    """Return that a scenario did nothing and what to do, None when it did something.

    A scenario that changes dates or durations acts without a fault: its effect is not measured.
    """
    scenario = scenarios()[name]
    if scenario.shut_off or scenario.choices:
        return None
    if any(entry.fault or entry.status == _THROTTLED for entry in entries):
        return None
    found = (
        f"the scenario {name} did nothing while the program ran: no fault, no throttled call. "
        "The calls show nothing about faults"
    )
    if scenario.lasts is None:
        return f"{found}. 'adsmock ctl scenarios.list' shows which calls it affects"
    lasts = over or scenario.lasts
    return (
        f"{found}. It lasts {lasts.removeprefix('PT').lower()}: scale it to the time that the "
        "program runs, such as --over 2m, or let the program work longer"
    )
