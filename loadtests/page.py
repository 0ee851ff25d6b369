"""The report of a rehearsal as one HTML page that loads nothing and opens offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adsmock.charts import assets, chart
from adsmock.charts.chart import Chart
from adsmock.loadtests import own_work
from adsmock.loadtests.figures import QUEUE, charts
from adsmock.loadtests.operations import operations
from adsmock.loadtests.report import (
    Report,
    Status,
    cases,
    copy_counts,
    counted,
    most_users,
)
from adsmock.loadtests.roles import ROLES

HERE = Path(__file__).parent
TEMPLATE, STYLE = "page.html.jinja", "page.css"

HEADLINES: dict[Status, tuple[str, str]] = {
    "within": ("Within the thresholds", "pass"),
    "missed": ("Thresholds missed", "fail"),
    "incomplete": ("Incomplete", "unsure"),
}
DONE = {
    "writes": "items that took effect",
    "reads": "lists and reads by id",
    "exports": "completed",
    "reports": "completed, with rows",
    own_work.EMPTY: "completed, without a row",
}
"""What is counted of the work of a program that brings its own."""

TONES = {"PASS": "pass", "FAIL": "fail", "WARN": "fail"}
"""Colors of the suite's verdicts; all others are neutral."""


def write(report: Report, path: Path) -> None:
    """Write the page of a report."""
    path.write_text(render(report), encoding="utf-8")


def render(report: Report) -> str:
    """Return the page of a report as HTML."""
    # Values may come from a mock that someone else runs: escape all of them.
    loader = FileSystemLoader(HERE)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    headline, tone = HEADLINES[report.status]
    style = assets.style() + (HERE / STYLE).read_text(encoding="utf-8")
    drawn, rows = _charts(report), report.document()["findings"]
    return environment.get_template(TEMPLATE).render(
        policy=assets.policy(scripts=[assets.script()], styles=[style]),
        style=style,
        script=assets.script(),
        data=chart.data(drawn),
        headline=headline,
        tone=tone,
        sentence=_sentence(report),
        limits=[(report.heading(each), each.why) for each in report.limits],
        is_carried=report.is_carried,
        gaps=report.gaps,
        quotas=_quotas(report),
        facts=_facts(report),
        totals=_totals(report),
        figures=[chart.figure(each) for each in drawn],
        findings=_findings([each for each in rows if not _is_quick(each)]),
        quick=_findings([each for each in rows if _is_quick(each)]),
        missed=[_finding(each) for each in rows if not each["holds"]],
        cases=cases(report),
        tones=TONES,
        operations=operations(report.outcome.counters),
        work=[
            (role.title, report.outcome.counters.work(name), report.outcome.counters.waiting(name))
            for name, role in ROLES.items()
            if report.outcome.counters.work(name)["arrived"]
        ],
        **_copies(report),
        reconciliation=report.outcome.reconciliation,
        settings=report.settings,
    )


def _copies(report: Report) -> dict[str, Any]:
    """Return what happened to the copies of a program, and how they could share their work."""
    counts = copy_counts(report.outcome.counters)
    return {
        "copies": counts,
        "taken": own_work.taken_words(counts, report.settings.get("program", {})),
    }


def _charts(report: Report) -> list[Chart]:
    """Return the charts of the run; of a program's own work nobody knows what waits."""
    drawn = charts(report.series)
    return [each for each in drawn if each.id != QUEUE or not report.outcome.has_own_work]


def _sentence(report: Report) -> str:
    calls, needs = report.outcome.counters.totals(), report.outcome.needs
    total = sum(calls.values())
    return (
        f"{total:,} calls in {report.outcome.elapsed:.0f} s: {calls['accepted']:,} accepted, "
        f"{calls['throttled']:,} throttled ({report.measures['throttled_share']:.1%}), "
        f"{calls['failed']:,} failed. {needs[:1].upper()}{needs[1:]}."
    )


def _quotas(report: Report) -> list[tuple[str, str]]:
    """Return what is said about quotas: whether the partner's plan fits, and which refused most."""
    said = {"Your plan": report.fit, "Tightest quota": report.bottleneck}
    return [(name, str(value)) for name, value in said.items() if value is not None]


def _totals(report: Report) -> list[tuple[str, str, str]]:
    """Return the totals of the run: a name, a number, and what it compares with."""
    outcome = report.outcome
    calls, work = outcome.counters.totals(), outcome.counters.work()
    total = sum(calls.values())
    found = [
        ("calls", f"{total:,}", outcome.needs),
        *(
            (name, f"{calls[name]:,}", f"{calls[name] / max(1, total):.1%} of all")
            for name in calls
        ),
    ]
    if outcome.has_own_work:
        done = own_work.seen(outcome.counters)
        return [
            *found,
            *(
                (kind.replace("_", " "), f"{times:,}", DONE[kind])
                for kind, times in done.items()
                if times or kind != own_work.EMPTY
            ),
        ]
    waiting = outcome.counters.waiting()
    return [
        *found,
        ("work items done", f"{work['done']:,}", f"of {work['arrived']:,} that arrived"),
        ("work items waiting", f"{waiting:,}", "at the end"),
    ]


def _facts(report: Report) -> list[tuple[str, str]]:
    settings, mock_load = report.settings, report.mock_load
    spent = ", ".join(f"{each['cpu']:.0%}" for each in report.outcome.processes)
    cpu = "unknown" if mock_load.cpu is None else f"{mock_load.cpu:.0%} of a core"
    generator = ("generator", f"{counted(settings['workers'])}, {spent or 'none'} of a core")
    return [
        ("event", f"{settings['shape']}: {settings['title']}"),
        ("program" if "program" in settings else "users", _users(settings)),
        ("length", f"{settings['duration']:g} s"),
        *(() if report.outcome.has_own_work else (generator,)),
        ("mock", cpu),
        ("seed", str(settings["seed"])),
    ]


def _users(settings: dict[str, Any]) -> str:
    """Return who worked; the code marks of the terminal's text are left out."""
    title = str(settings["behavior_title"]).replace("`", "")
    if "program" in settings:
        return title
    return f"{settings['behavior']}, up to {most_users(settings)}: {title}"


def _is_quick(row: dict[str, Any]) -> bool:
    """Return whether a row is a response time of one operation, and holds."""
    return bool(row["holds"] and row["timed"] and ":" in row["name"])


def _findings(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the rows of the table; a reason that equals the one above is left out."""
    found: list[dict[str, str]] = []
    shown = ""
    for each in rows:
        found.append(_finding(each) | ({"why": ""} if each["why"] == shown else {}))
        shown = each["why"]
    return found


def _finding(each: dict[str, Any]) -> dict[str, str]:
    return {
        "name": each["name"],
        "value": f"{each['value']:.3g}",
        "bound": each["bound"],
        "tone": "pass" if each["holds"] else "fail",
        "word": "holds" if each["holds"] else "missed",
        "why": each["why"],
    }
