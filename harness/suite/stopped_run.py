"""Verdicts of a run that ended before its cases: what is not there decides nothing."""

from __future__ import annotations

from dataclasses import replace

from adsmock.harness.suite.case import Case
from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.journal import CaseRecord, RunMeta
from adsmock.harness.suite.verdict import CaseVerdict, RunVerdict, Status, Verdict

INTERRUPTED = "it was interrupted"

RUN_AGAIN = "run it again to its end"

_BREACHES: frozenset[Status] = frozenset({"FAIL", "WARN", "ERROR"})


def reason(cause: BaseException) -> str:
    """Return why a run ended early, in words."""
    return INTERRUPTED if isinstance(cause, KeyboardInterrupt) else f"the mock failed: {cause}"


def without_record(case: Case, meta: RunMeta) -> CaseVerdict:
    """Return the verdicts of a case that had not ended: INCONCLUSIVE."""
    sentence = f"not judged: the run was stopped before this case ended ({meta.stopped})"
    record = CaseRecord(case.id, case.version, "monotonic", entries=0)
    verdicts = (
        Verdict(check.id, check.severity, "INCONCLUSIVE", sentence) for check in case.checks
    )
    return CaseVerdict(case, record, tuple(verdicts))


def on_part(judged: CaseVerdict, ended: int) -> CaseVerdict:
    """Return the verdicts of an invariant, which only a breach decides on a part of the cases.

    ``ended`` is the number of cases that it was judged on.
    """
    part = f"judged on only {counted(ended, 'case')}, then the run was stopped"
    return replace(
        judged,
        verdicts=tuple(
            one
            if one.status in _BREACHES
            else replace(one, status="INCONCLUSIVE", sentence=f"{part}: {one.sentence}")
            for one in judged.verdicts
        ),
    )


def words(run: RunVerdict) -> str | None:
    """Return in a sentence how much of a stopped run there is, None for a whole run."""
    meta = run.record.meta
    if not meta.stopped:
        return None
    own = [one.case.id for one in run.cases if not one.case.every]
    ended = len({one.case for one in run.record.cases}.intersection(own))
    return (
        f"This run was stopped ({meta.stopped}): {ended} of {counted(len(own), 'case')} ended, "
        f"the others are not judged. For a verdict, {RUN_AGAIN}."
    )
