"""Cases about batches, on all writes of the program: also on updates, and on each resource.

A 207 has the same form for all of them, but a program may read that of one and not that of another.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from adsmock.contracts.loader import load
from adsmock.harness.suite.case import Case, Check, Fault
from adsmock.harness.suite.free_run.opportunity import is_about_batches
from adsmock.harness.suite.free_run.traffic import Slot, Traffic

MOST_FAILING = 50
"""Items of a batch that fail where all shall: the journal leaves out replies above 64 KiB, and
error rows are long."""


def on_updates(case: Case, traffic: Traffic) -> Case:
    """Return a case about created batches for the updates of a program that creates nothing.

    A 207 has the same form for both, so its failed items are lost in the same way. Any other case
    is returned as it is.
    """
    updates = traffic.of_kind("update")
    if not is_about_batches(case) or traffic.of_kind("create") or not updates:
        return case
    slot = max(updates, key=lambda slot: (slot.items, slot.calls))
    return replace(
        case,
        faults=tuple(_fault(fault, slot) for fault in case.faults),
        checks=tuple(_check(check, slot) for check in case.checks),
    )


def _fault(fault: Fault, slot: Slot) -> Fault:
    """Return a fault on the updates; one that fails a whole batch fails its items up to a limit."""
    effect: dict[str, Any] = dict(fault.effect)
    if "shuffle" in effect:
        envelope = load().by_name[slot.operation.rpartition(".")[0]].envelope
        lists = (pointer.rpartition("/")[2] for pointer in effect["shuffle"])
        effect["shuffle"] = [f"/{envelope}/{name}" for name in lists]
    if "indexes" in effect:
        effect["indexes"] = list(range(max(1, min(slot.items, MOST_FAILING))))
    return replace(fault, match=fault.match | {"operation": [slot.operation]}, effect=effect)


def _check(check: Check, slot: Slot) -> Check:
    """Return a check of the updates instead of the creates that it names."""
    if "operation" not in check.numbers:
        return check
    return replace(check, numbers=check.numbers | {"operation": slot.operation})
