"""Clients x cases as one HTML page: several runs compared, or the proof of the suite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adsmock.harness.suite.report.html.document import environment, policy, read
from adsmock.harness.suite.report.html.labels import ORDER, Verdict, verdict
from adsmock.harness.suite.report.html.masking import mask_text


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run: the client, its overall verdict, and the status of each case by id.

    ``tone`` is the CSS tone of the word, ``note`` a remark, ``link`` a report.
    """

    name: str
    word: str
    tone: str
    statuses: Mapping[str, str]
    note: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a case with its title; ``opens`` at the start of a new area."""

    id: str
    title: str
    area: str
    opens: bool


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One row: a verdict for each column, None where the client did not run the case."""

    client: RunSummary
    cells: tuple[Verdict | None, ...]


_TONES = {
    "conformant": "pass",
    "passed": "pass",
    "as-expected": "info",
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
    facts = [f"profile {run['profile']}", f"seed {run['seed']}", run.get("date") or ""]
    return RunSummary(
        name=mask_text(str(name)),
        word=run["verdict"],
        tone=_TONES.get(run["verdict"], "error"),
        statuses={case["id"]: case["status"] for case in run["cases"]},
        note=" · ".join(fact for fact in facts if fact),
        link=link,
    )


def render(title: str, sentence: str, clients: Sequence[RunSummary], cases: Sequence[Any]) -> str:
    """Return the page; ``cases`` have ``id``, ``title`` and ``area``."""
    areas = list(dict.fromkeys(case.area for case in cases))
    ordered = sorted(cases, key=lambda case: areas.index(case.area))
    before = [None, *(case.area for case in ordered)]
    columns = [
        Column(case.id, case.title, case.area, opens=case.area != area)
        for case, area in zip(ordered, before, strict=False)
    ]
    spans = [(area, sum(case.area == area for case in ordered)) for area in areas]
    rows = [
        ClientRow(client, tuple(_cell(client.statuses.get(column.id)) for column in columns))
        for client in clients
    ]
    style = read("report.css")
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
            style=style,
            policy=policy(style, ""),
        )
    )
    return text.encode("utf-8", "replace").decode("utf-8")


def _cell(status: str | None) -> Verdict | None:
    return None if status is None else verdict(status)
