"""The verdicts as tables in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from adsmock.harness.suite.report.baseline_note import remark

COLORS = {
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
"""Width of one case in a matrix, in characters."""

WORDS = {
    "conformant": ("green", "conformant: every MUST check passed"),
    "passed": ("green", "passed: all selected checks (only a whole profile can be conformant)"),
    "as-expected": ("green", "as expected: only failures that the baseline lists"),
    "non-conformant": ("bold red", "non-conformant"),
    "incomplete": ("magenta", "incomplete: at least one MUST check could not be decided"),
    "error": (
        "bold red",
        "error: the suite or the mock failed; this says nothing about the client",
    ),
    "nothing": ("yellow", "nothing to judge: no selected check applies"),
}


def show(run: Mapping[str, Any], console: Console) -> None:
    """Print the table of checks, the fixes, and the overall verdict."""
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
    table.add_column("finding")
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
    color, word = WORDS[run["verdict"]]
    counts = ", ".join(f"{count} {name}" for name, count in run["counts"].items())
    console.print(f"[{color}]{word}[/] ({counts or 'no checks'})")


def offer(template: str, console: Console) -> None:
    """Print baseline rows for the failures that cannot be fixed today."""
    if template:
        heading = "# to accept this until a date: paste into the --baseline file and write a reason"
        console.print(f"\n[dim]{heading}[/]", highlight=False, soft_wrap=True)
        console.print(template, markup=False, highlight=False, soft_wrap=True, end="")


def _seen(check: Mapping[str, Any]) -> str:
    """Return the sentence, with the baseline's expectation in parentheses."""
    words = remark(check["baseline"])
    return f"{check['sentence']} ({words})" if words else str(check["sentence"])


def status(word: str) -> Text:
    """Return a status in its color."""
    return Text(word, style=COLORS.get(word, ""))


def _absent(cases: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Print the cases that are N/A, one line per reason."""
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
    """Print clients x cases, then the differences of each client.

    If the cases do not fit into the width, only those that did not pass are listed.
    """
    widest = max((len(name) for name, _, _ in rows), default=0)
    is_wide = widest + len(cases) * CELL + CELL > console.width
    table = Table(title=title, title_justify="left", title_style="bold", box=None)
    table.padding = (0, 1, 0, 0)  # twelve cases fit into 80 columns
    table.add_column("client", no_wrap=True)
    for case in ["cases that did not pass"] if is_wide else cases:
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
    """Return the last column: yes or NO for exactness, else the word."""
    color = "green" if word in good else "bold red"
    if "exact" in good:
        return Text("yes" if word in good else "NO", style=color)
    return Text(word, style=color)


def _others(statuses: Mapping[str, str]) -> Text:
    """Return the cases that did not pass, each with its sign."""
    cells = [
        Text.assemble(case, " ", _mark(word)) for case, word in statuses.items() if word != "PASS"
    ]
    return Text("  ").join(cells)


def _mark(word: str) -> Text:
    """Return a status as one sign."""
    sign = {"PASS": "·", "UNPROVEN": "?", "INCONCLUSIVE": "?"}.get(word, word[:1])
    return Text(sign, style=COLORS.get(word, ""))
