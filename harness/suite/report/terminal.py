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

from harness.suite.report.known import remark

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
    for case in run["cases"]:
        for number, check in enumerate(case["checks"]):
            table.add_row(
                case["id"] if number == 0 else "",
                check["id"],
                check["severity"],
                status(check["status"]),
                escape(_seen(check)),
            )
    console.print(table)
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


def _fixes(run: Mapping[str, Any], console: Console) -> None:
    for case in run["cases"]:
        if case["status"] in {"FAIL", "WARN"}:
            console.print(
                f"[bold]{case['id']}[/] {escape(case['title'])}\n"
                f"    {escape(case['howToFix'])}\n"
                f"    [dim]{escape(case['anchor'])}; practice {', '.join(case['practice'])}[/]"
            )


def matrix(
    rows: Sequence[tuple[str, Mapping[str, str], str]], cases: Sequence[str], console: Console
) -> None:
    """Print clients x cases, then what was not as known of each client."""
    table = Table(title="kill matrix", title_justify="left", title_style="bold", box=None)
    table.padding = (0, 1, 0, 0)  # twelve cases fit into 80 columns
    table.add_column("client", no_wrap=True)
    for case in cases:
        table.add_column(case, no_wrap=True, justify="center")
    table.add_column("exact", no_wrap=True)
    for name, statuses, word in rows:
        exact = Text("yes", style="green") if word == "exact" else Text("NO", style="bold red")
        table.add_row(name, *(_mark(statuses.get(case, "")) for case in cases), exact)
    console.print(table)
    console.print("[dim]· pass  F fail  W warn  ? unproven  E error[/]")
    for name, _, word in rows:
        if word != "exact":
            console.print(f"[bold red]{name}[/]: {escape(word)}", soft_wrap=True)


def _mark(word: str) -> Text:
    """Return a status as one sign."""
    sign = {"PASS": "·", "UNPROVEN": "?", "INCONCLUSIVE": "?"}.get(word, word[:1])
    return Text(sign, style=COLOUR.get(word, ""))
