"""Checks of network failures: short files, lost answers, reused connections.

Source: Well-Architected Framework, recover from network faults; documented.
"""

from __future__ import annotations

import math
from typing import Any

from adsmock.harness.suite.checks.finding import (
    Evidence,
    Finding,
    broken,
    counted,
    holds,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.job_files import downloads_by_job
from adsmock.harness.suite.journal import CaseView, Ending, Entry
from adsmock.harness.suite.journal.item import DUPLICATE, batch

FILE_VERBS = frozenset({"export", "report"})
"""The verbs of tasks that need one file each."""


def whole_file_is_fetched(view: CaseView, files: int = 0) -> Finding:
    """Hold when each job with a short or corrupt file got a complete one, or was reported failed.

    Each download counts for its own job; a job beyond the number of tasks replaces a spoiled one.
    ``files`` is that number where no tasks show it.
    The client's own report can only count against it here: its results of single tasks, or exit
    code 0, which claims that all work was done.
    """
    jobs = downloads_by_job(view)
    spoiled = {job: [file for file in files if file.fault_id] for job, files in jobs.items()}
    every = [file for files in spoiled.values() for file in files]
    if not every:
        return unproven("no download was short or corrupt")
    complete = {
        job: [file for file in files if file.is_success and not file.fault_id]
        for job, files in jobs.items()
    }
    whole = [files[0] for files in complete.values() if files]
    never = [files[-1] for job, files in spoiled.items() if files and not complete[job]]
    wanted = files or sum(task["verb"] in FILE_VERBS for task in view.record.tasks) or len(jobs)
    lost = min(len(never), max(0, wanted - len(whole)))
    numbers = {"spoiled": len(every), "whole": len(whole), "lost": lost}
    evidence = [*rows(every, "short or corrupt"), *rows(whole, "complete file")]
    if not lost:
        return holds(
            f"{counted(len(every), 'short or corrupt download')}, then the complete file",
            evidence,
            **numbers,
        )
    return _incomplete(view.record.ending, numbers, evidence, never)


def _incomplete(
    ending: Ending, numbers: dict[str, int], evidence: list[Evidence], never: list[Entry]
) -> Finding:
    """Return the result for jobs whose file was never downloaded completely."""
    lost = numbers["lost"]
    sentence = (
        f"the file of {counted(lost, 'job')} was short or corrupt and never downloaded completely"
    )
    if _reported_failures(ending) >= lost:
        return holds(f"{sentence}, and the client reported that", evidence, **numbers)
    if ending.timed_out:
        return unproven(
            f"{sentence}, but adsmock stopped the client at its time limit: give it more time with "
            "--timeout",
            stopped=True,
            **numbers,
        )
    return broken(
        f"{sentence}, but the client did not report this work as failed",
        rows(never, "last download of this job"),
        **numbers,
    )


def _reported_failures(ending: Ending) -> float:
    """Return the number of tasks that the client reported as failed; infinite for all work."""
    if ending.claims:
        return float(sum(claim.get("status") != "done" for claim in ending.claims))
    has_failed = ending.exit_code not in {None, 0} or ending.error
    return math.inf if has_failed and not ending.timed_out else 0.0


def lost_create_is_looked_up(view: CaseView, resource: str) -> Finding:
    """Hold when the client found out the result of a create with a lost answer."""
    calls = view.of_operation(f"{resource}.create")
    lost = next((call for call in calls if call.fault_id and call.committed), None)
    if lost is None:
        return unproven("no create was stored with its answer lost")
    looks = [
        call
        for call in view.of_operation(f"{resource}.list")
        if call.seq > lost.seq and call.is_success
    ]
    duplicates = [call for call in calls if call.seq > lost.seq and _names_twins(call)]
    first = row(lost, "stored, but the answer was an error")
    if looks:
        return holds("the client listed the entities afterwards", [first, *rows(looks, "list")])
    if duplicates:
        evidence = [first, *rows(duplicates, "duplicate error")]
        return holds("the client got a duplicate error for it", evidence)
    return broken("the client never found out the result of the create", [first])


def connections_are_reused(view: CaseView, most: float, calls: int) -> Finding:
    """Hold when connections per call stay at or below ``most``."""
    made = [entry for entry in view.entries if entry.connection]
    if len(made) < calls:
        return unproven(f"{counted(len(made), 'call')}; {calls} are needed")
    opened = {call.connection: call for call in reversed(made)}
    ratio = len(opened) / len(made)
    numbers: dict[str, Any] = {"connections": len(opened), "calls": len(made)}
    sentence = f"{counted(len(opened), 'connection')} for {counted(len(made), 'call')}"
    if ratio <= most:
        return holds(sentence, **numbers)
    first = sorted(opened.values(), key=lambda call: call.seq)
    return broken(sentence, rows(first, "opened a connection"), **numbers)


def _names_twins(entry: Entry) -> bool:
    sent = batch(entry)
    return sent is not None and any(DUPLICATE in sent.errors_of(index) for index in sent.error)


JUDGES = (
    connections_are_reused,
    lost_create_is_looked_up,
    whole_file_is_fetched,
)
