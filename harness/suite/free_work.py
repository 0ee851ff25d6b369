"""The verdict on the work of one case of a free run, in its round and in its replays.

Where a round with several faults ends with an exit code other than 0, the replays of single faults
decide: see ``free_run/replay.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adsmock.harness.suite.checks import Finding
from adsmock.harness.suite.checks.finding import Outcome, counted
from adsmock.harness.suite.checks.work import work_is_done_once
from adsmock.harness.suite.journal import CaseRecord, CaseView
from adsmock.harness.suite.manifest import Manifest
from adsmock.harness.suite.unlisted_checks import WORK
from adsmock.harness.suite.verdict import Status, Verdict

NAMED = 3
"""Faults that a sentence names."""

DECIDES: tuple[Outcome, ...] = ("broken", "unproven")
"""Outcomes that decide over all others, the first before the second."""


def work_verdict(
    record: CaseRecord, replays: Sequence[CaseRecord], manifest: Manifest, orphans: int
) -> tuple[Verdict, ...]:
    """Return the verdict on lost and doubled work, none where a round has none to compare."""
    if not record.work or record.failure:
        return ()
    if failed := [one for one in replays if one.failure]:
        sentence = f"the suite could not replay {failed[0].case}: {failed[0].failure}"
        return (Verdict(WORK, "MUST", "ERROR", sentence),)
    found = [(one, _finding(one, manifest)) for one in (record, *replays)]
    for outcome in DECIDES:
        for one, finding in found:
            if finding.outcome == outcome:
                return (_verdict(one, finding, orphans),)
    finding = found[0][1]
    if record.not_replayed:
        sentence = f"{_open(record)}; {finding.sentence}"
        return (Verdict(WORK, "MUST", "N/A", sentence, finding.rows, finding.numbers),)
    if replays:
        again = f"{counted(len(replays), 'fault')} played alone, and no work lost silently"
        finding = replace(finding, sentence=f"{finding.sentence}; {again}")
    return (_verdict(record, finding, orphans),)


def _finding(record: CaseRecord, manifest: Manifest) -> Finding:
    """Return the result on one round; that of a replay names the fault."""
    finding = work_is_done_once(CaseView.of(record, manifest))
    if not record.replay_of:
        return finding
    return replace(finding, sentence=f"with the fault {record.case} alone, {finding.sentence}")


def _verdict(record: CaseRecord, finding: Finding, orphans: int) -> Verdict:
    by_outcome: dict[Outcome, Status] = {"broken": "FAIL", "unproven": "UNPROVEN"}
    status = by_outcome.get(finding.outcome, "PASS")
    if record.dropped or (orphans and status == "FAIL"):
        status = "INCONCLUSIVE"
    return Verdict(WORK, "MUST", status, finding.sentence, finding.rows, finding.numbers)


def _open(record: CaseRecord) -> str:
    """Return which faults were not replayed, and why."""
    names = record.not_replayed
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return (
        f"not judged: the exit code may report another fault, and {', '.join(names[:NAMED])}{more} "
        f"{'was' if len(names) == 1 else 'were'} not played again alone: {record.no_replay}"
    )
