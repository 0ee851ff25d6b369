"""What a program with its own work did, seen in the journal of the mock.

Nobody knows what such a program intends. A run in which it wrote nothing proves nothing about its
writes, so the kinds of work that are expected of it must occur.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adsmock.harness.suite.checks.finding import counted
from adsmock.loadtests.counters import Counters, is_accepted

KINDS = ("writes", "reads", "exports", "reports")
"""Kinds of work: items of writes that took effect, lists and reads by id, exports, and reports that
have rows."""

EXPECTED = ("writes",)
"""What is expected of a program, unless the user says otherwise."""

EMPTY = "empty_reports"
"""Reports that were completed without a row."""

EMPTY_BYTES = 22
"""The length of a gzip file with an empty array; one row takes more."""

RECENT = 10_000
"""Completed jobs that are remembered, so that a second poll of one does not count."""

WRITES, READS = (
    frozenset({"create", "update", "archive", "delete"}),
    frozenset({"get", "list", "query"}),
)
"""Verbs of operations."""

FAMILIES = ("portfolios.", "sb.", "sd.", "sp.", "st.", "v1.")
"""Prefixes of operations on what an advertiser has."""

JOBS: Mapping[str, tuple[str, str]] = {
    "exports.": ("exports", "exportId"),
    "reporting.": ("reports", "reportId"),
}
"""Prefixes of the operations on jobs, with the kind of work and the member of their id."""

UNIFIED_REPORT = "v1.reports."
"""Prefix of the reports of the unified API, which are counted when they are requested."""


class OwnWorkCounter:
    """Counts kinds of work in finished journal entries."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._completed: dict[str, None] = {}

    def count(self, row: Mapping[str, Any]) -> None:
        """Count the work of an entry; that of an export or report when it is completed."""
        name, reply = str(row["operation"] or ""), row.get("reply")
        if not is_accepted(int(row["status"] or 0)):
            return
        verb = name.rpartition(".")[2]
        job = next((job for prefix, job in JOBS.items() if name.startswith(prefix)), None)
        if job is not None:
            self._follow(*job, reply)
        elif name.startswith(FAMILIES) and verb in READS:
            self._counters.add("did", "reads")
        elif (
            name.startswith(FAMILIES) and verb in WRITES and (items := effects(reply, row["items"]))
        ):
            is_report = name.startswith(UNIFIED_REPORT)
            self._counters.add("did", "reports" if is_report else "writes", times=items)

    def _follow(self, kind: str, identity: str, reply: Any) -> None:
        """Count a job when it is seen completed for the first time."""
        if not isinstance(reply, dict) or reply.get("status") != "COMPLETED":
            return
        job = str(reply.get(identity))
        if job not in self._completed:
            is_empty = kind == "reports" and (reply.get("fileSize") or 0) <= EMPTY_BYTES
            self._counters.add("did", EMPTY if is_empty else kind)
        self._completed[job] = None
        if len(self._completed) > RECENT:
            del self._completed[next(iter(self._completed))]


def effects(reply: Any, items: int | None) -> int:
    """Return how many items of a write took effect; all ``items`` where its reply is unknown."""
    if isinstance(reply, list):
        return sum(isinstance(row, dict) and row.get("code") == "SUCCESS" for row in reply)
    parts = (reply, *reply.values()) if isinstance(reply, dict) else ()
    batches = [
        each.get("success") or []
        for each in parts
        if isinstance(each, dict) and not each.keys().isdisjoint({"success", "error"})
    ]
    return sum(map(len, batches)) if batches else items or 1


def seen(counters: Counters) -> dict[str, int]:
    """Return how often each kind of work was done, and the empty reports."""
    found = {str(kind): times for (kind,), times in counters.of("did")}
    return {kind: found.get(kind, 0) for kind in (*KINDS, EMPTY)}


def described(counters: Counters) -> str:
    """Return what the program did, in words."""
    found = seen(counters)
    empty = f" and {found[EMPTY]} without a row" if found[EMPTY] else ""
    return (
        f"{counted(found['writes'], 'written item')}, {counted(found['reads'], 'read')}, "
        f"{counted(found['exports'], 'export')}, {counted(found['reports'], 'report')}{empty}"
    )


def missing(counters: Counters, expected: Sequence[str]) -> Iterator[str]:
    """Yield why the work of a program is unproven: each expected kind that it never did."""
    found = seen(counters)
    if not any(found.values()):
        yield (
            "the program did none of the event's work (no write, read, export or report): nothing "
            "was rehearsed; see its output in copy-1.log"
        )
        return
    for kind in (each for each in KINDS if each in expected and not found[each]):
        others = ",".join(each for each in KINDS if found[each]) or "reads"
        empty = f" ({found[EMPTY]} without a row)" if kind == "reports" and found[EMPTY] else ""
        yield (
            f"{kind} are unproven: the program had none that took effect{empty}; it did "
            f"{described(counters)}. Give it something to do, or name its work: --expect {others}"
        )


def taken_words(counts: Mapping[str, Any], program: Mapping[str, Any]) -> str:
    """Return how to share the work of copies that create the same entities; else nothing."""
    if not counts.get("taken") or program.get("copies", 1) == 1:
        return ""
    return (
        f"{counted(counts['taken'], 'create')} got duplicateValueError: the copies, or a copy in "
        "its later runs, create the same entities. Share the work with ADSMOCK_COPY (from 1) and "
        "ADSMOCK_COPIES"
    )
