"""The report of a rehearsal as text and JSON, and its verdict."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from typing import Any, Literal

from adsmock.harness.suite.verdict import RunVerdict
from adsmock.loadtests import own_work
from adsmock.loadtests.counters import Counters
from adsmock.loadtests.mock_setup import PROFILES
from adsmock.loadtests.operations import operations
from adsmock.loadtests.plan import Program
from adsmock.loadtests.planned_work import PlanFit
from adsmock.loadtests.refusals import Bottleneck
from adsmock.loadtests.roles import ROLES
from adsmock.loadtests.series import HOURS_SHOWN, Series
from adsmock.loadtests.shape import Shape
from adsmock.loadtests.threshold import Finding
from adsmock.loadtests.verdict import Limit, MockLoad, Outcome, is_carried

VERSION = 1
"""Version of ``run.json``; its schema is ``contracts/meta/load.schema.json``."""

Status = Literal["within", "missed", "incomplete"]

EXITS: dict[Status, int] = {"within": 0, "missed": 1, "incomplete": 3}

SHOWN = 3
"""Reasons of deaths and failures, and errors, that the terminal shows."""

OUR_LIMITS = frozenset({"generator", "mock", "machine"})
"""Limits outside the integration: times measured under them say nothing about it."""


@dataclass(frozen=True, slots=True)
class Report:
    """All results of one rehearsal."""

    settings: dict[str, Any]
    outcome: Outcome
    mock_load: MockLoad
    measures: dict[str, float]
    limits: list[Limit]
    findings: list[Finding]
    gaps: list[str]
    series: Series
    judged: RunVerdict | None = None
    """The suite's verdict on the cases of a peak, from the same run."""
    bottleneck: Bottleneck | None = None
    """The quota that refused most."""
    fit: PlanFit | None = None
    """Whether the partner's plan fits its quotas, as its estimate says."""
    is_stopped: bool = False
    """Whether it was stopped before the end of the event."""

    @property
    def status(self) -> Status:
        """The verdict: misses that a busy machine cannot explain count first."""
        missed = [each for each in self.findings if not each.holds]
        if any(not each.threshold.is_timed for each in missed):
            return "missed"
        is_ours = any(limit.name in OUR_LIMITS for limit in self.limits)
        if self.gaps or (missed and is_ours):
            return "incomplete"
        return "missed" if missed else "within"

    @property
    def is_carried(self) -> bool:
        """Whether all requested work was done within the thresholds."""
        return self.status == "within" and is_carried(self.measures)

    @property
    def statement(self) -> str:
        """The limit, and what else was seen."""
        said = ". ".join(f"{self.heading(each)}: {each.why}" for each in self.limits)
        is_near = self.is_carried and any(each.name != "nothing" for each in self.limits)
        return f"{_CARRIED}. {said}" if is_near else said

    def heading(self, limit: Limit) -> str:
        """Return the heading of a limit; only the first is the limit of the run."""
        if limit.name == "nothing":
            return "No limit was reached"
        name, verb = _NAMES.get(limit.name, (limit.name, "was"))
        if limit is not self.limits[0]:
            return f"Also the {name}"
        # Of a program's own work nobody knows what was due.
        is_near = self.is_carried or (self.status == "within" and self.outcome.has_own_work)
        return f"Nearest limit: the {name}" if is_near else f"The {name} {verb} the limit"

    def document(self) -> dict[str, Any]:
        """Return the report as JSON."""
        outcome = self.outcome
        return {
            "version": VERSION,
            "kind": "load",
            "settings": self.settings,
            "verdict": {
                "status": self.status,
                "exit": EXITS[self.status],
                "statement": self.statement,
                "limits": [asdict(each) for each in self.limits],
                "gaps": self.gaps,
                "plan": asdict(self.fit) if self.fit else None,
                "bottleneck": asdict(self.bottleneck) if self.bottleneck else None,
            },
            "findings": [_finding(each) for each in self.findings],
            "cases": cases(self),
            "measures": self.measures,
            "calls": outcome.counters.totals()
            | {"needed": outcome.least, "downloads": outcome.downloads},
            "operations": operations(outcome.counters),
            "work": {
                name: outcome.counters.work(name) | {"waiting": outcome.counters.waiting(name)}
                for name in ROLES
            },
            "own_work": own_work.seen(outcome.counters) if outcome.has_own_work else {},
            "reconciliation": asdict(outcome.reconciliation)
            | {"examples": list(outcome.reconciliation.examples)},
            "copies": copy_counts(outcome.counters),
            "elapsed": outcome.elapsed,
            "processes": [
                {name: each[name] for name in ("cpu", "late")} for each in outcome.processes
            ],
            "mock": asdict(self.mock_load),
            "series": asdict(self.series),
        }

    def write(self, path: Path) -> None:
        """Write the report as JSON."""
        path.write_text(json.dumps(self.document(), indent=1) + "\n", encoding="utf-8")


_NAMES = {"generator": ("load generator", "was"), "plan": ("quotas", "were")}
_CARRIED = "No limit was reached: the due work was done"


def _finding(each: Finding) -> dict[str, Any]:
    return {
        "name": each.name,
        "value": each.value,
        "bound": each.threshold.bound,
        "holds": each.holds,
        "timed": each.threshold.is_timed,
        "why": each.threshold.why,
    }


def cases(report: Report) -> list[dict[str, Any]]:
    """Return the suite's verdicts on the run, one row for each case of a peak."""
    if report.judged is None:
        return []
    return [
        {
            "id": case.case.id,
            "title": case.case.title,
            "status": case.status,
            "checks": [
                {
                    "id": check.check,
                    "severity": check.severity,
                    "status": check.status,
                    "sentence": check.sentence,
                }
                for check in case.verdicts
            ],
        }
        for case in report.judged.cases
    ]


def copies(program: Program) -> str:
    """Return what works in the event, in words."""
    what = {
        "adapter": "with the event's work as tasks",
        "command": "started once for each task of the event",
        "observed": "with work of its own",
    }[program.kind]
    number = "1 copy" if program.copies == 1 else f"{program.copies} copies"
    return f"{number} of `{program.target or program.command}`, {what}"


def copy_counts(counters: Counters) -> dict[str, Any]:
    """Return what happened to the copies of a program, with its longest task and last words."""
    events = Counter({str(event): times for (event,), times in counters.of("copy")})
    if not events:
        return {}
    tasks = [(int(took), times) for (_role, took), times in counters.of("task")]
    found = {name: events[name] for name in ("started", "ended", "failed", "died", "full")}
    return found | {
        "taken": sum(times for _key, times in counters.of("taken")),
        "tasks": sum(times for _took, times in tasks),
        "slowest": float(max((took for took, _times in tasks), default=0)),
        "deaths": {str(why): times for (why,), times in counters.of("death")},
        "failures": {str(why): times for (why,), times in counters.of("failure")},
        "errors": {f"{role}: {text}": times for (role, text), times in counters.of("error")},
    }


def counted(workers: int) -> str:
    """Return a number of processes in words."""
    return "1 process" if workers == 1 else f"{workers} processes"


def opening(settings: dict[str, Any]) -> Iterator[str]:
    """Yield the settings of the run."""
    has_own_work = settings.get("program", {}).get("kind") == "observed"
    generator = "" if has_own_work else f", {counted(settings['workers'])} to generate load"
    yield (
        f"{who(settings)}; {settings['shape']} ({settings['title']}), "
        f"{settings['duration']:g} s{generator}"
    )
    for each in settings.get("advertisers", ()):
        yield (
            f"advertisers {each['group']} ({each['region']}): {each['profiles']} at once, each "
            f"with {each['campaigns']} campaigns and {each['keywords']} keywords"
        )
    granted = ", ".join(
        f"{name} {quota['rate']:g}/s (burst {quota['burst']:g})"
        for name, quota in settings["quotas"].items()
    )
    yield f"quotas of the client per region: {granted}"


def who(settings: dict[str, Any]) -> str:
    """Return who works in the event: copies of a program, or bundled users with their number."""
    if "program" in settings:
        return str(settings["behavior_title"])
    return f"behavior {settings['behavior']}, up to {most_users(settings)} users"


def most_users(settings: dict[str, Any]) -> int:
    """Return how many bundled users work at the peak: at least one of each role for a profile."""
    profiles = sum(each["profiles"] for each in settings.get("advertisers", ())) or len(PROFILES)
    workers: int = settings["workers"]
    return max(int(settings["users"]), len(ROLES) * ceil(profiles / workers) * workers)


def progress(
    row: dict[str, Any], shape: Shape, duration: float, *, of_program: bool = False
) -> str:
    """Return one line of progress: the time of the run, and the hour of the event.

    Users that only give tasks to a program are left out.
    """
    part = min(1.0, row["elapsed"] / duration)
    hour, phase = part * shape.hours, shape.phase(part)
    users = "" if of_program else f"{row['users']:4} users  "
    working = f"{row['copies']:4} copies  " if "copies" in row else users
    place = f"hour {hour:4.1f}" if shape.hours >= HOURS_SHOWN else f"minute {hour * 60:4.1f}"
    calls = row["accepted"] + row["throttled"] + row["failed"]
    share = row["throttled"] / calls if calls else 0.0
    return (
        f"{row['elapsed']:5.0f} s  {place}  {phase:16} {working}"
        f"{calls:7} calls  {share:6.1%} throttled  {row['failed']:5} failed  "
        + ("" if "copies" in row else f"{row['waiting']:6} items wait")
    )


def closing(report: Report) -> Iterator[str]:
    """Yield the results: calls, percentiles, thresholds, limits."""
    yield ""
    yield from _operations(operations(report.outcome.counters))
    yield ""
    yield from _totals(report)
    yield ""
    for each in report.findings:
        mark = "holds " if each.holds else "MISSED"
        yield f"{mark}  {each.name:32} {each.value:>8.3g}  ({each.threshold.bound})"
    yield from _cases(report)
    for gap in report.gaps:
        yield f"incomplete: {gap}"
    yield report.statement
    if report.fit:
        yield str(report.fit)
    if report.bottleneck:
        yield str(report.bottleneck)
    yield _LAST[report.status]


_LAST: dict[Status, str] = {
    "within": "within the thresholds",
    "missed": "NOT within the thresholds",
    "incomplete": "incomplete: no verdict about the integration",
}


def _operations(rows: dict[str, dict[str, Any]]) -> Iterator[str]:
    columns = ("p50", "p95", "p99", "slowest")
    yield (
        f"{'operation':26} {'accepted':>9} {'throttled':>9} {'failed':>7}  "
        + " ".join(f"{each + ' ms':>10}" for each in columns)
    )
    for name, row in rows.items():
        times = " ".join(f"{row[each]:>10.0f}" if each in row else " " * 10 for each in columns)
        counts = f"{row['accepted']:>9} {row['throttled']:>9} {row['failed']:>7}"
        yield f"{name:26} {counts}  {times}"


def _cases(report: Report) -> Iterator[str]:
    """Yield the suite's verdicts on the same run, which never change the exit code."""
    rows = cases(report)
    if rows:
        yield ""
        yield "peak cases and invariants, judged on this run (they do not change its exit code):"
    for row in rows:
        for check in row["checks"]:
            yield f"{check['status']:12}  {check['id']:12} {check['sentence']}"
    if rows:
        yield ""


def _totals(report: Report) -> Iterator[str]:
    outcome, mock_load = report.outcome, report.mock_load
    calls = outcome.counters.totals()
    total = sum(calls.values())
    parts = ", ".join(f"{calls[each] / max(1, total):.1%} {each}" for each in calls)
    yield f"{total:,} calls in {outcome.elapsed:.0f} s: {parts}; {outcome.needs}"
    yield from _copies(copy_counts(outcome.counters), report.settings.get("program", {}))
    if outcome.has_own_work:
        yield f"the program did {own_work.described(outcome.counters)}"
    else:
        yield from _work(outcome)
        yield _waiting(report)
    cpu = "unknown" if mock_load.cpu is None else f"{mock_load.cpu:.0%}"
    lag = "unknown" if mock_load.loop_lag is None else f"{mock_load.loop_lag * 1000:.0f} ms"
    spent = ", ".join(f"{each['cpu']:.0%}" for each in outcome.processes)
    generator = "" if outcome.has_own_work else f"generator {spent} of a core; "
    yield f"{generator}mock {cpu} of a core, largest loop delay {lag}"


def _work(outcome: Outcome) -> Iterator[str]:
    for name, role in ROLES.items():
        work = outcome.counters.work(name)
        if not work["arrived"]:
            continue
        if work["unsupported"]:
            yield f"{role.title}: {work['arrived']} work items arrived; the program supports none"
            continue
        yield (
            f"{role.title}: {work['arrived']} work items arrived, {work['done']} done, "
            f"{work['refused']} given up, {outcome.counters.waiting(name)} wait"
        )
    reconciliation = outcome.reconciliation
    yield (
        f"{reconciliation.checked} acknowledged writes checked in the store: "
        f"{reconciliation.lost} lost, {reconciliation.doubled} doubled"
    )
    yield from (f"  {example}" for example in reconciliation.examples)


def _waiting(report: Report) -> str:
    """Return how much work waited at the end, and how much of it was overdue."""
    waits, overdue = report.outcome.counters.waiting(), report.measures.get("backlog", 0.0)
    if not waits:
        return "no work item waited at the end"
    late = f"the overdue writes are {overdue:.1f} s of work" if overdue else "no write is overdue"
    return f"{waits} work items waited at the end, some to share a call; {late} (the backlog)"


def _more_room(program: dict[str, Any]) -> str:
    """Return what gives a program room for more work."""
    more = "start more processes with --copies"
    if program.get("kind") != "adapter":
        return more
    return (
        f"{more}, or give each one more tasks at once with --tasks if it works on them in parallel"
    )


def _copies(counts: dict[str, Any], program: dict[str, Any]) -> Iterator[str]:
    """Yield what happened to the copies of a program."""
    if not counts:
        return
    parts = [f"{counts['started']} started", f"{counts['died']} died"]
    if program.get("kind") == "observed":
        ends = f"{counts['ended']} ended with exit code 0, {counts['failed']} reported a failure"
        parts.insert(1, ends)
    if counts["tasks"]:
        parts.insert(0, f"{counts['tasks']} tasks, the longest {counts['slowest'] / 1000:.1f} s")
    yield f"copies of the program: {', '.join(parts)}"
    if counts["full"]:
        yield f"  {counts['full']} times all copies were busy: {_more_room(program)}"
    if words := own_work.taken_words(counts, program):
        yield f"  {words}"
    for title in ("deaths", "failures", "errors"):
        common = sorted(counts[title].items(), key=lambda row: -row[1])[:SHOWN]
        yield from (f"  {times} times: {text}" for text, times in common)
