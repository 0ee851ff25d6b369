"""Checks of network failures: short files, lost answers, reused connections.

Source: Well-Architected
Framework, recover from network faults; documented.
"""

from __future__ import annotations

from typing import Any

from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.journal import CaseView, Ending, Entry
from adsmock.harness.suite.journal.item import batch

DUPLICATE = "duplicateValueError"


def whole_file_is_fetched(view: CaseView) -> Finding:
    """Hold when a complete download followed a short or corrupt one, or no success was reported.

    The client's own report can only count against it here.
    """
    downloads = view.of_operation("storage.get")
    spoiled = [one for one in downloads if one.fault_id]
    if not spoiled:
        return unproven("no download was short or corrupt")
    last = spoiled[-1]
    whole = [one for one in downloads if one.seq > last.seq and one.is_success]
    numbers = {"spoiled": len(spoiled), "whole": len(whole)}
    evidence = [*rows(spoiled, "short or corrupt"), *rows(whole, "complete file")]
    if whole:
        return holds(
            f"{counted(len(spoiled), 'short or corrupt download')}, then the complete file",
            evidence,
            **numbers,
        )
    if _claims_success(view.record.ending):
        return broken(
            "the file was short or corrupt and was never downloaded completely, "
            "but the client reported success",
            evidence,
            **numbers,
        )
    return holds(
        "the file was never downloaded completely, and the client reported no success",
        evidence,
        **numbers,
    )


def lost_create_is_looked_up(view: CaseView, resource: str) -> Finding:
    """Hold when the client found out the result of a create with a lost answer."""
    calls = view.of_operation(f"{resource}.create")
    lost = next((one for one in calls if one.fault_id and one.committed), None)
    if lost is None:
        return unproven("no create was stored with its answer lost")
    looks = [
        one
        for one in view.of_operation(f"{resource}.list")
        if one.seq > lost.seq and one.is_success
    ]
    duplicates = [one for one in calls if one.seq > lost.seq and _names_twins(one)]
    first = row(lost, "stored, but the answer was an error")
    if looks:
        return holds("the client listed the entities afterwards", [first, *rows(looks, "list")])
    if duplicates:
        evidence = [first, *rows(duplicates, "duplicate error")]
        return holds("the client got a duplicate error for it", evidence)
    return broken("the client never found out the result of the create", [first])


def connections_are_reused(view: CaseView, most: float, calls: int) -> Finding:
    """Hold when connections per call stay at or below ``most``."""
    made = [one for one in view.entries if one.connection]
    if len(made) < calls:
        return unproven(f"{counted(len(made), 'call')}; {calls} are needed")
    opened = {one.connection: one for one in reversed(made)}
    ratio = len(opened) / len(made)
    numbers: dict[str, Any] = {"connections": len(opened), "calls": len(made)}
    sentence = f"{counted(len(opened), 'connection')} for {counted(len(made), 'call')}"
    if ratio <= most:
        return holds(sentence, **numbers)
    first = sorted(opened.values(), key=lambda one: one.seq)
    return broken(sentence, rows(first, "opened a connection"), **numbers)


def _claims_success(ending: Ending) -> bool:
    failed = any(claim.get("status") != "done" for claim in ending.claims)
    return ending.exit_code in {None, 0} and not (ending.error or ending.timed_out or failed)


def _names_twins(entry: Entry) -> bool:
    sent = batch(entry)
    return sent is not None and any(DUPLICATE in sent.errors_of(index) for index in sent.error)


JUDGES = (
    connections_are_reused,
    lost_create_is_looked_up,
    whole_file_is_fetched,
)
