"""Checks of what a client does with a version that is shut off.

Source: compatibility policy and release notes; documented. What a shut-off path answers differs
by API (404, 406, 410 and 415 were seen), so a case lists the statuses; observed.
"""

from __future__ import annotations

from collections import Counter

from harness.suite.checks.finding import Finding, broken, counted, holds, rows, unproven
from harness.suite.journal import CaseView


def retired_version_is_left_alone(
    view: CaseView, prefix: str, statuses: list[int], calls_per_task: int
) -> Finding:
    """Hold when the dead version was called a few times for each task and nothing repeated."""
    refused = [
        entry
        for entry in view.api
        if entry.path.startswith(prefix) and entry.status in statuses and not entry.fault_id
    ]
    if not refused:
        return unproven("no call was answered as retired")
    tasks = len(view.record.tasks)
    most = calls_per_task * tasks
    counts = Counter(entry.chain for entry in refused)
    first = {entry.chain: entry.seq for entry in reversed(refused)}
    again = [entry for entry in refused if entry.seq > first[entry.chain]]
    numbers = {"refused": len(refused), "repeated": len(again), "tasks": tasks, "most": most}
    if again:
        return broken(
            f"{again[0].operation or again[0].path} was answered {again[0].status} as retired "
            f"and sent {counted(counts[again[0].chain], 'time')}; once is right",
            rows(again, "the same call to a retired version"),
            **numbers,
        )
    if len(refused) > most:
        return broken(
            f"{counted(len(refused), 'call')} to a retired version for {counted(tasks, 'task')}; "
            f"{calls_per_task} for each are allowed",
            rows(refused, "a call to a retired version"),
            **numbers,
        )
    return holds(
        f"{counted(len(refused), 'call')} to the retired version for {counted(tasks, 'task')}, "
        "none of them repeated",
        rows(refused, "answered as retired"),
        **numbers,
    )


JUDGES = (retired_version_is_left_alone,)
