"""Clients x cases as one HTML page: several runs compared, or the proof of the suite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.report.html.check import slug
from adsmock.harness.suite.report.html.document import environment, policy, read
from adsmock.harness.suite.report.html.labels import ORDER, Verdict, verdict
from adsmock.harness.suite.report.html.masking import mask_text


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run: the client, its overall verdict, and the status of each case by id.

    ``tone`` is the CSS tone of the word, ``note`` a remark, ``link`` a report. ``blank`` says why
    a case has no status.
    """

    name: str
    word: str
    tone: str
    statuses: Mapping[str, str]
    note: str = ""
    link: str = ""
    blank: str = "not run"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a case with its title; ``opens`` at the start of a new area."""

    id: str
    title: str
    area: str
    opens: bool
    practice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """The verdict of a client in a case, None where it did not run it, and a link to the case."""

    verdict: Verdict | None
    link: str


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One row: a cell for each column."""

    client: RunSummary
    cells: tuple[Cell, ...]


_TONES = {
    "conformant": "pass",
    "passed": "pass",
    "as-expected": "info",
    "outdated-baseline": "fail",
    "non-conformant": "fail",
    "incomplete": "unproven",
    "error": "error",
    "nothing": "na",
}


def of_run(run: Mapping[str, Any], link: str = "") -> RunSummary:
    """Return the summary of a run."""
    client = run["client"]
    manifest = (run.get("manifest") or {}).get("values", {})
    name = manifest.get("name") or client["command"] or client["name"]
    facts = [
        "stopped early" if run.get("stopped") else "",
        f"profile {run['profile']}",
        f"seed {run['seed']}",
        run.get("date") or "",
    ]
    return RunSummary(
        name=mask_text(str(name)),
        word=run["verdict"],
        tone=_TONES.get(run["verdict"], "error"),
        statuses={case["id"]: case["status"] for case in run["cases"]},
        note=" · ".join(fact for fact in facts if fact),
        link=link,
        blank=f"not part of this run ({_selected(run)})",
    )


def _selected(run: Mapping[str, Any]) -> str:
    if run["client"]["driver"] == "free":
        return "a free run judges what the program does by itself"
    return f"profile {run['profile']}, {counted(len(run['cases']), 'case')}"


def render(title: str, sentence: str, clients: Sequence[RunSummary], cases: Sequence[Any]) -> str:
    """Return the page; ``cases`` have ``id``, ``title`` and ``area``."""
    areas = list(dict.fromkeys(case.area for case in cases))
    ordered = sorted(cases, key=lambda case: areas.index(case.area))
    before = [None, *(case.area for case in ordered)]
    columns = [
        Column(case.id, case.title, case.area, case.area != area, tuple(case.practice))
        for case, area in zip(ordered, before, strict=False)
    ]
    spans = [(area, sum(case.area == area for case in ordered)) for area in areas]
    rows = [
        ClientRow(client, tuple(_cell(client, column.id) for column in columns))
        for client in clients
    ]
    style, script = read("report.css"), read("matrix.js")
    text = (
        environment()
        .get_template("matrix.html.jinja")
        .render(
            title=title,
            sentence=sentence,
            spans=spans,
            columns=columns,
            rows=rows,
            legend=[verdict(word) for word in ORDER],
            words=_choices(word for each in clients for word in each.statuses.values()),
            areas=_choices(areas),
            practices=_choices(sorted({code for each in columns for code in each.practice})),
            style=style,
            script=script,
            policy=policy(style, script),
        )
    )
    return text.encode("utf-8", "replace").decode("utf-8")


def _choices(values: Iterable[str]) -> list[tuple[str, str]]:
    """Return values to filter by, each with its text."""
    return [(value, value) for value in dict.fromkeys(values)]


def _cell(client: RunSummary, case: str) -> Cell:
    """Return a cell; its link leads to the case in the client's report."""
    status = client.statuses.get(case)
    is_linked = status is not None and client.link
    return Cell(
        None if status is None else verdict(status),
        f"{client.link}#case-{slug(case)}" if is_linked else "",
    )
