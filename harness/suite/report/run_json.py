"""run.json: one run and its verdicts in a stable format (``contracts/meta/run.schema.json``).

The only wall-clock time is the day, so that two runs with one seed can be compared.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from msgspec import Struct, to_builtins

from adsmock.harness.suite.case import digest
from adsmock.harness.suite.checks import Evidence
from adsmock.harness.suite.journal import Noise
from adsmock.harness.suite.verdict import CaseVerdict, RunVerdict, Verdict

FORMAT = "adsmock.run/1"


def render(run: RunVerdict) -> dict[str, Any]:
    """Return the run as JSON values."""
    meta = run.record.meta
    return {
        "format": FORMAT,
        "suite": {"version": version("adsmock"), "digest": digest()},
        "client": {"driver": meta.driver, "name": meta.client, "command": meta.command},
        "server": {"version": meta.server},
        "profile": meta.profile,
        "seed": meta.seed,
        "date": meta.date,
        "manifest": meta.manifest,
        "baseline": meta.baseline,
        "orphans": meta.orphans,
        "verdict": run.word,
        "exit": run.exit_code,
        "hint": run.hint,
        "counts": dict(run.counts),
        "cases": [_case(case) for case in run.cases],
    }


def _noise(noise: Noise | None) -> dict[str, Any] | None:
    return _members(noise) if noise else None


def _case(verdict: CaseVerdict) -> dict[str, Any]:
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
        "noise": _noise(record.noise),
        "faults": list(to_builtins(record.faults)),
        "ending": _members(record.ending),
        "tasks": list(record.tasks),
        "checks": [_check(check) for check in verdict.verdicts],
    }


def _check(check: Verdict) -> dict[str, Any]:
    return {
        "id": check.check,
        "severity": check.severity,
        "status": check.status,
        "sentence": check.sentence,
        "rows": [_evidence(row) for row in check.rows],
        "numbers": check.numbers,
        "baseline": asdict(check.expectation) if check.expectation else None,
    }


def _evidence(row: Evidence) -> dict[str, Any]:
    """Return one row; only a row of an invariant names its case."""
    members = {_camel(key): value for key, value in asdict(row).items()}
    return members if row.case else {key: members[key] for key in members if key != "case"}


def _members(record: Struct) -> dict[str, Any]:
    return {_camel(key): value for key, value in to_builtins(record).items()}


def _camel(name: str) -> str:
    return re.sub(r"_(.)", lambda match: match.group(1).upper(), name)
