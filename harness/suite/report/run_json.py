"""run.json: one run and its verdicts in a stable format (``contracts/meta/run.schema.json``).

The only wall-clock time is the day, so that two runs with one seed can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from msgspec import Struct, to_builtins

from adsmock.harness.suite import stopped_run
from adsmock.harness.suite.case import digest
from adsmock.harness.suite.checks import Evidence
from adsmock.harness.suite.journal import CaseRecord, CaseView, Noise
from adsmock.harness.suite.report import failures
from adsmock.harness.suite.scope import largest_overlap
from adsmock.harness.suite.unlisted_checks import UNLISTED, WORK, how_to_fix
from adsmock.harness.suite.verdict import CaseVerdict, RunVerdict, Verdict

FORMAT = "adsmock.run/1"

BREACHES = frozenset({"FAIL", "WARN"})


def render(run: RunVerdict) -> dict[str, Any]:
    """Return the run as JSON values."""
    meta = run.record.meta
    records = {one.case: one for one in run.record.cases}
    cases = [_case(case, records, meta.driver) for case in run.cases]
    return {
        "format": FORMAT,
        "suite": {"version": version("adsmock"), "digest": digest()},
        "client": {"driver": meta.driver, "name": meta.client, "command": meta.command},
        "server": {"version": meta.server},
        "profile": meta.profile,
        "seed": meta.seed,
        "date": meta.date,
        "throughProxy": meta.through_proxy,
        "manifest": meta.manifest,
        "baseline": meta.baseline,
        "orphans": meta.orphans,
        "verdict": run.word,
        "exit": run.exit_code,
        "hint": run.hint or failures.crash_headline(run.cases, meta.driver),
        "stopped": stopped_run.words(run),
        "refused": failures.refused_summary(cases),
        "counts": dict(run.counts),
        "cases": cases,
    }


def _noise(noise: Noise | None) -> dict[str, Any] | None:
    return _members(noise) if noise else None


def _case(verdict: CaseVerdict, records: Mapping[str, CaseRecord], driver: str) -> dict[str, Any]:
    case, record = verdict.case, verdict.record
    return {
        "id": case.id,
        "version": case.version,
        "title": case.title,
        "area": case.area,
        "level": case.level,
        "claim": case.claim,
        "practice": list(case.practice),
        "anchor": case.anchor,
        "howToFix": case.how_to_fix,
        "status": verdict.status,
        "timebase": record.timebase,
        "entries": record.entries,
        "dropped": record.dropped,
        "seconds": failures.duration(record),
        "refused": failures.refused_calls(record),
        "crashed": failures.has_crashed(record, driver),
        "noise": _noise(record.noise),
        "faults": list(to_builtins(record.faults)),
        "ending": _members(record.ending),
        "tasks": list(record.tasks),
        "checks": [_check(check, verdict, records) for check in verdict.verdicts],
    }


def _check(
    check: Verdict, verdict: CaseVerdict, records: Mapping[str, CaseRecord]
) -> dict[str, Any]:
    call = _call(check, verdict, records) if check.status in BREACHES else None
    return {
        "id": check.check,
        "severity": check.severity,
        "status": check.status,
        "sentence": check.sentence,
        "call": call,
        "howToFix": _fix(check, verdict),
        "toProve": _to_prove(check, verdict),
        "rows": [_evidence(row) for row in check.rows],
        "numbers": check.numbers,
        "baseline": asdict(check.expectation) if check.expectation else None,
    }


def _evidence(row: Evidence) -> dict[str, Any]:
    """Return one row; a row of an invariant or of ``x.work`` names its case."""
    members = {_camel(key): value for key, value in asdict(row).items()}
    return members if row.case else {key: members[key] for key in members if key != "case"}


def _call(
    check: Verdict, verdict: CaseVerdict, records: Mapping[str, CaseRecord]
) -> dict[str, Any] | None:
    """Return the last call of the evidence; for an invariant, of the first case it was broken in.

    That is the case which the sentence is about.
    """
    if not check.rows:
        return None
    last = [row for row in check.rows if row.case == check.rows[0].case][-1]
    return failures.call_of(records.get(last.case) or verdict.record, last.seq)


def _fix(check: Verdict, verdict: CaseVerdict) -> str:
    """Return the advice for one check."""
    if check.check in UNLISTED:
        return how_to_fix(check.check, check.numbers)
    return verdict.case.fix_of(check.check)


def _to_prove(check: Verdict, verdict: CaseVerdict) -> str | None:
    """Return what the program has to do for a verdict, None where there is one."""
    if check.status != "UNPROVEN" or check.check == WORK:
        return None  # the sentence about the work of a free run says what to do
    work = failures.work_words(verdict.case)
    if check.numbers.get("stopped"):  # it may do all of it, given the time
        return f"the program has to end by itself, or get a longer --timeout; the work: {work}"
    own = next((each.to_prove for each in verdict.case.checks if each.id == check.check), "")
    if not own:
        return f"the program has to do the work of the case: {work}"
    return f"the program has to {own}; the work: {work}{_few_calls(verdict)}"


def _few_calls(verdict: CaseVerdict) -> str:
    """Return what a program declares that never makes as many calls at once as a case needs.

    Nothing where it made as many.
    """
    needed = verdict.case.concurrent_calls
    if needed == 1:
        return ""
    most = max(1, largest_overlap(CaseView.of(verdict.record)))
    if most >= needed:
        return ""
    return (
        f". A program that never makes {needed} calls at the same time says so in the manifest "
        f"(--manifest ads-client.toml), such as: concurrent_calls = {most}. Then "
        f"{verdict.case.id} is N/A"
    )


def _members(record: Struct) -> dict[str, Any]:
    return {_camel(key): value for key, value in to_builtins(record).items()}


def _camel(name: str) -> str:
    return re.sub(r"_(.)", lambda match: match.group(1).upper(), name)
