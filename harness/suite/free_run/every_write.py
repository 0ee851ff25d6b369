"""Faults on every operation with which a program writes, in every region, and on later pages.

A program may read the 207 of campaigns and not that of keywords, or repeat a failed list and not a
failed update.
"""

from __future__ import annotations

from msgspec.structs import replace

from adsmock.harness.suite.case import Case, Fault
from adsmock.harness.suite.free_run.opportunity import (
    also_on,
    is_for_each_region,
    is_for_later_pages,
)
from adsmock.harness.suite.free_run.traffic import TOKEN, Traffic, kind_of

TWIN = "__"
"""Separates the id of a fault from the other operation that gets the same fault."""


def on_every_write(case: Case, traffic: Traffic) -> Case:
    """Return a case with its fault on all operations of the program that write, if it is such one.

    Each of them has an id of its own in the fault plan: see ``plain_id``.
    """
    kinds = also_on(case)
    found = dict.fromkeys(slot.operation for kind in kinds for slot in traffic.of_kind(kind))
    faults = [
        replace(fault, id=f"{fault.id}{TWIN}{name}", match=fault.match | {"operation": [name]})
        for fault in case.faults
        for name in sorted(found)
        if name not in fault.match["operation"]
    ]
    return replace(case, faults=(*case.faults, *faults)) if faults else case


def in_each_region(case: Case, traffic: Traffic) -> Case:
    """Return a case with its fault in each region of these calls, if it is such one.

    The first fault keeps its id: that of the region that the case names, if the program calls it.
    """
    if not is_for_each_region(case):
        return case
    (fault,) = case.faults
    slots = (one for name in fault.match["operation"] for one in traffic.of_kind(name))
    own = fault.match["region"]
    regions = sorted(
        {slot.region for slot in slots}, key=lambda region: (region not in own, region)
    )
    faults = tuple(
        replace(
            fault,
            id=fault.id if region == regions[0] else f"{fault.id}{TWIN}{region}",
            match=fault.match | {"region": [region]},
        )
        for region in regions
    )
    return replace(case, faults=faults or case.faults)


def on_later_pages(case: Case, traffic: Traffic) -> Case:
    """Return a case with its fault on the later pages of each list too, if it is such one.

    A program may take the pages before a failure for the whole list.
    """
    if not is_for_later_pages(case):
        return case
    (fault,) = case.faults
    kinds = {kind_of(name) for name in fault.match["operation"]}
    slots = (one for kind in kinds for one in traffic.of_kind(kind) if one.tokens)
    pages = tuple(
        replace(
            fault,
            id=f"{fault.id}{TWIN}{name}",
            match={"operation": [name], "body": {TOKEN: "*"}},
        )
        for name in sorted({slot.operation for slot in slots})
    )
    return replace(case, faults=(fault, *pages)) if pages else case


def is_twin(fault: Fault) -> bool:
    """Say whether a fault is that of a case on another operation."""
    return TWIN in fault.id


def plain_id(name: str) -> str:
    """Return the id by which the checks of a case name a fault."""
    return name.partition(TWIN)[0]
