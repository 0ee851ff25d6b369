"""Calls without faults that a case needs for itself, so that no fault of another case is on them.

A check of a write with a lost answer, for example, has to see whether the program looks it up.
"""

from __future__ import annotations

from collections.abc import Sequence

from adsmock.harness.suite.case import Case
from adsmock.harness.suite.free_run.opportunity import is_looked_up, shows_other_data
from adsmock.harness.suite.free_run.traffic import Slot, Traffic


def undisturbed(case: Case, used: Sequence[Slot], traffic: Traffic) -> list[Slot]:
    """Return the slots without faults that a case with faults on some slots needs for itself.

    A program that reads other data than there is does other work for that profile.
    """
    operations = {used[0].operation} if _reads_in_order(case) else set()
    profiles = {slot.profile for slot in used} if shows_other_data(case) else set()
    needed = [s for s in traffic.slots if s.operation in operations or s.profile in profiles]
    return needed + [look for slot in used for look in _look_ups(case, slot, traffic)]


def observable(case: Case, free: Sequence[Slot], traffic: Traffic) -> list[Slot]:
    """Return the free slots without the writes whose look-ups get faults of other cases."""
    return [slot for slot in free if all(s in free for s in _look_ups(case, slot, traffic))]


def _look_ups(case: Case, write: Slot, traffic: Traffic) -> list[Slot]:
    """Return the lists with which a program may find out what a write with a lost answer did."""
    if not is_looked_up(case):
        return []
    listed = f"{write.operation.rpartition('.')[0]}.list"
    return [s for s in traffic.slots if (s.operation, s.profile) == (listed, write.profile)]


def _reads_in_order(case: Case) -> bool:
    return any(check.judge == "pages_are_read_in_order" for check in case.checks)
