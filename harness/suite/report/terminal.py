"""The verdicts as tables in the terminal.

Knows run.json's form and rich. Must not know how a verdict was found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from adsmock.harness.suite.report.baseline_note import remark

COLOUR = {
    "PASS": "green",
    "FAIL": "bold red",
    "WARN": "yellow",
    "INFO": "cyan",
    "UNPROVEN": "magenta",
    "INCONCLUSIVE": "magenta",
    "N/A": "dim",
    "ERROR": "bold white on red",
}

CELL = 4
"""Columns that one case takes in a matrix."""

WORDS = {
    "conformant": ("green", "conformant: every MUST was kept"),
    "passed": ("green", "all selected checks passed (a selection is never called conformant)"),
    "as-expected": ("green", "as the baseline expects: known failures only"),
    "non-conformant": ("bold red", "non-conformant"),
    "incomplete": ("magenta", "incomplete: something a MUST asks for could not be shown"),
    "error": ("bold red", "the suite itself failed; nothing is said about the client"),
    "nothing": ("yellow", "nothing was selected"),
}


def show(run: Mapping[str, Any], console: Console) -> None:
    """Print the table of checks, how to fix what broke, and the one word that sums it up."""
    client = run["client"]
    table = Table(
        title=f"{client['command'] or client['name']} · profile {run['profile']} · seed "
        f"{run['seed']}",
        title_justify="left",
        title_style="bold",
    )
    table.add_column("case", no_wrap=True)
    table.add_column("check", no_wrap=True)
    table.add_column("severity", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("what was seen")
    left = [case for case in run["cases"] if case["status"] == "N/A"]
    for case in run["cases"]:
        for number, check in enumerate([] if case in left else case["checks"]):
            table.add_row(
                case["id"] if number == 0 else "",
                check["id"],
                check["severity"],
                status(check["status"]),
                escape(_seen(check)),
            )
    console.print(table)
    _absent(left, console)
    _fixes(run, console)
    if run["hint"]:
        console.print(f"[magenta]{escape(run['hint'])}[/]")
    colour, word = WORDS[run["verdict"]]
    counts = ", ".join(f"{count} {name}" for name, count in run["counts"].items())
    console.print(f"[{colour}]{word}[/] ({counts or 'no checks'})")


def offer(template: str, console: Console) -> None:
    """Print rows for a baseline, for whoever cannot mend everything today."""
    if template:
        heading = "# to accept this for a while: paste into a file for --baseline, say why"
        console.print(f"\n[dim]{heading}[/]", highlight=False, soft_wrap=True)
        console.print(template, markup=False, highlight=False, soft_wrap=True, end="")


def _seen(check: Mapping[str, Any]) -> str:
    """Return what was seen, and in brackets what the baseline says of it."""
    words = remark(check["baseline"])
    return f"{check['sentence']} ({words})" if words else str(check["sentence"])


def status(word: str) -> Text:
    """Return a status in its colour."""
    return Text(word, style=COLOUR.get(word, ""))


def _absent(cases: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Print the cases that had nothing to judge, those with one reason on one line."""
    reasons: dict[str, list[str]] = {}
    for case in cases:
        reasons.setdefault(str(case["checks"][0]["sentence"]), []).append(case["id"])
    for reason, ids in reasons.items():
        console.print(f"[dim]N/A: {escape(reason)}: {', '.join(ids)}[/]", highlight=False)


def _fixes(run: Mapping[str, Any], console: Console) -> None:
    for case in run["cases"]:
        if case["status"] in {"FAIL", "WARN"}:
            console.print(
                f"[bold]{case['id']}[/] {escape(case['title'])}\n"
                f"    {escape(case['howToFix'])}\n"
                f"    [dim]{escape(case['anchor'])}; practice {', '.join(case['practice'])}[/]"
            )


def matrix(
    rows: Sequence[tuple[str, Mapping[str, str], str]],
    cases: Sequence[str],
    console: Console,
    *,
    title: str = "kill matrix",
    good: frozenset[str] = frozenset({"exact"}),
) -> None:
    """Print clients x cases, then what was not as it should be of each client.

    Cases that do not fit beside each other are named in words, those that passed left out.
    """
    widest = max((len(name) for name, _, _ in rows), default=0)
    is_wide = widest + len(cases) * CELL + CELL > console.width
    table = Table(title=title, title_justify="left", title_style="bold", box=None)
    table.padding = (0, 1, 0, 0)  # twelve cases fit into 80 columns
    table.add_column("client", no_wrap=True)
    for case in ["but for these, all pass"] if is_wide else cases:
        table.add_column(case, no_wrap=not is_wide, justify="left" if is_wide else "center")
    table.add_column("exact" if "exact" in good else "verdict", no_wrap=True)
    for name, statuses, word in rows:
        marks = [_others(statuses)] if is_wide else [_mark(statuses.get(one, "")) for one in cases]
        table.add_row(name, *marks, _end(word, good))
    console.print(table)
    console.print("[dim]· pass  F fail  W warn  ? unproven  N n/a  I info  E error[/]")
    for name, _, word in rows if "exact" in good else ():
        if word not in good:
            console.print(f"[bold red]{escape(name)}[/]: {escape(word)}", soft_wrap=True)


def _end(word: str, good: frozenset[str]) -> Text:
    """Return the last column: yes or no where a word is exact or not, else the word."""
    colour = "green" if word in good else "bold red"
    if "exact" in good:
        return Text("yes" if word in good else "NO", style=colour)
    return Text(word, style=colour)


def _others(statuses: Mapping[str, str]) -> Text:
    """Return the cases that did not pass, each with its sign."""
    cells = [
        Text.assemble(case, " ", _mark(word)) for case, word in statuses.items() if word != "PASS"
    ]
    return Text("  ").join(cells)


def _mark(word: str) -> Text:
    """Return a status as one sign."""
    sign = {"PASS": "·", "UNPROVEN": "?", "INCONCLUSIVE": "?"}.get(word, word[:1])
    return Text(sign, style=COLOUR.get(word, ""))
