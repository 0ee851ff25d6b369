"""Reads that a client repeats for each of its writes: they are no retries.

Many programs list what exists before they write. Where that list is refused, the next write lists
it again: the same call, but for other work.
"""

from __future__ import annotations

from adsmock.harness.suite.journal import CaseView

WRITES = ("create", "update", "archive")


def reads_before_writes(view: CaseView) -> frozenset[int]:
    """Return the sequence numbers of reads that come directly before a new write.

    Several reads may come before one write, each call once: an equal one before is a retry.
    """
    found: set[int] = set()
    run: dict[str, int] = {}
    written: set[str] = set()
    for call in view.api:
        if call.operation.rpartition(".")[2] in WRITES:
            found |= set() if call.chain in written else set(run.values())
            written.add(call.chain)
            run = {}
        elif call.chain in run:
            run = {call.chain: call.seq}
        else:
            run[call.chain] = call.seq
    return frozenset(found)
