"""One defect that breaks several checks: the later checks name the one to fix first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adsmock.harness.suite.verdict import CaseVerdict, Verdict

BREACHES = frozenset({"FAIL", "WARN"})


def with_first_causes(judged: Sequence[CaseVerdict]) -> tuple[CaseVerdict, ...]:
    """Return the verdicts of a run; a breach that follows another one names it."""
    broken = {one.check for case in judged for one in case.verdicts if one.status in BREACHES}
    return tuple(
        replace(case, verdicts=tuple(_named(case, one, broken) for one in case.verdicts))
        for case in judged
    )


def _named(judged: CaseVerdict, verdict: Verdict, broken: set[str]) -> Verdict:
    follows = next((one.follows for one in judged.case.checks if one.id == verdict.check), ())
    first = next((name for name in follows if name in broken), None)
    if first is None or verdict.status not in BREACHES:
        return verdict
    case = first.partition(".")[0]
    words = f"probably the same defect as {first}: fix {case} first"
    return replace(verdict, sentence=f"{verdict.sentence} ({words})")
