"""The verdicts in the terminal: what needs review, then a line for each area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.report import counts
from adsmock.harness.suite.report.baseline_note import remark, stale
from adsmock.harness.suite.report.failures import call_words, named, refused_sentence

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

INDENT, IDS_NAMED, REFUSED_NAMED, REASONS_NAMED, WAYS_NAMED = 6, 8, 5, 5, 3

CELL = 4
"""Width of one case in a matrix, in characters."""

UNSUPPORTED = "does not support"
DECLARE = (
    "Declare verbs and resources in a manifest, so that cases with others are N/A: "
    "adsmock init --from JOURNAL drafts it from the journal of this run."
)

FREE_PASSED = (
    "passed: every MUST check that the calls of your program give an opportunity for "
    "(a free run is never conformant: see the checks that are N/A)"
)

STRICT = "no MUST check failed, but with --strict each WARN counts"
STRICT_MUTANT = "no MUST check failed, but for a bundled broken client each WARN counts"

WORDS = {
    "conformant": ("green", "conformant: every MUST check passed"),
    "passed": (
        "green",
        "passed: all selected MUST checks (only a whole profile can be conformant)",
    ),
    "as-expected": ("green", "as expected: only failures that the baseline lists"),
    "outdated-baseline": (
        "bold red",
        "outdated baseline: nothing fails that it does not list, but the rows above are wrong",
    ),
    "non-conformant": ("bold red", "non-conformant"),
    "incomplete": ("magenta", "incomplete"),
    "error": (
        "bold red",
        "error: the suite or the mock failed; this says nothing about the client",
    ),
    "nothing": ("yellow", "nothing to judge: no selected check applies"),
}


def show(run: Mapping[str, Any], console: Console, *, verbose: bool = False) -> None:
    """Print what needs review first, then one line for each area, and the overall verdict.

    With ``verbose`` the passed checks are printed, too.
    """
    client = run["client"]
    name = client["command"] or client["name"]
    cases = f"{counted(len(run['cases']), 'case')} of profile {run['profile']}"
    _print(console, f"[bold]{escape(name)} · {cases} · seed {run['seed']}[/]")
    if run["stopped"]:
        _print(console, f"[bold magenta]{escape(run['stopped'])}[/]")
    if run["hint"]:
        _print(console, f"[bold magenta]{escape(run['hint'])}[/]")
    if verbose:
        _passed(run, console)
    _breaches(run, console)
    if verbose or not _made_no_call(run):
        _undecided(run, console, verbose=verbose)
    _refused(run, console)
    for row in stale(run):
        console.print(f"stale: {row}", style="bold red", markup=False, soft_wrap=True)
    color, word = WORDS[run["verdict"]]
    if run["verdict"] == "passed" and client["driver"] == "free":
        word = FREE_PASSED
    why = _why(run)
    _print(console, f"[{color}]{word}{escape(why)}[/] ({counts.words(run)})")


def _made_no_call(run: Mapping[str, Any]) -> bool:
    """Return whether the hint says it all: without a call each check has the same reason.

    An adapter may have made none because it supports no verb; each check then says which.
    """
    has_hint = bool(run["hint"]) and run["client"]["driver"] != "adapter"
    return has_hint and not any(case["entries"] for case in run["cases"])


def _undecided(run: Mapping[str, Any], console: Console, *, verbose: bool) -> None:
    """Print the undecided checks, the areas, and the cases that are N/A."""
    _open(run, console)
    _areas(run, console)
    absent = [case for case in run["cases"] if case["status"] == "N/A"]
    _absent(absent, console, verbose=verbose)


def _print(console: Console, text: str) -> None:
    """Print a line without highlighting; a long one continues on the next line."""
    console.print(text, highlight=False)


def _checks(run: Mapping[str, Any], statuses: Sequence[str]) -> list[tuple[Any, Any]]:
    """Return the checks with these statuses, each with its case, in the order of the statuses."""
    return [
        (case, check)
        for status_name in statuses
        for case in run["cases"]
        for check in case["checks"]
        if check["status"] == status_name
    ]


def _passed(run: Mapping[str, Any], console: Console) -> None:
    for case, check in _checks(run, ("PASS", "INFO")):
        _line(case, check, console)


def _line(case: Mapping[str, Any], check: Mapping[str, Any], console: Console) -> None:
    words = f" {check['severity']}: {_seen(check)}"
    line = Text.assemble(status(check["status"]), " ", (named(case, check), "bold"), words)
    console.print(line, highlight=False)


def _breaches(run: Mapping[str, Any], console: Console) -> None:
    """Print each breach with its call and its fix; equal fixes are printed once."""
    fixed: set[str] = set()
    for case, check in _checks(run, ("ERROR", "FAIL", "WARN")):
        _line(case, check, console)
        if check["call"]:
            _detail("call", call_words(check["call"]), console)
        if check["status"] == "ERROR" or check["howToFix"] in fixed:
            continue
        fixed.add(check["howToFix"])
        _detail("fix", check["howToFix"], console)
        _detail("see", _sources(case), console)


def _sources(case: Mapping[str, Any]) -> str:
    """Return where to read more about a case."""
    anchor = f"; Amazon Ads API documentation: {case['anchor']}" if case["anchor"] else ""
    return f"adsmock explain {case['id']}{anchor}"


def _detail(name: str, text: str, console: Console) -> None:
    """Print one detail of a check, with a hanging indent."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=INDENT, justify="right", style="dim")
    table.add_column(overflow="fold")
    table.add_row(name, escape(text))
    console.print(table, highlight=False)


def _open(run: Mapping[str, Any], console: Console) -> None:
    """Print the undecided checks, one line for each reason, and what would prove them."""
    groups: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
    for case, check in _checks(run, ("INCONCLUSIVE", "UNPROVEN")):
        groups.setdefault((check["status"], _seen(check)), {})[named(case, check)] = check
    for (word, reason), checks in groups.items():
        ids = ", ".join(list(checks)[:IDS_NAMED])
        more = f" and {len(checks) - IDS_NAMED} more" if len(checks) > IDS_NAMED else ""
        line = Text.assemble(status(word), " ", (ids + more, "bold"), f": {reason}")
        console.print(line, highlight=False)
        ways = dict.fromkeys(check["toProve"] for check in checks.values() if check["toProve"])
        for way in list(ways)[:WAYS_NAMED]:
            _detail("prove", way, console)
    if any(UNSUPPORTED in reason for _, reason in groups):
        _detail("next", DECLARE, console)


def _why(run: Mapping[str, Any]) -> str:
    """Return the reason for a verdict that its word alone does not explain, after a colon."""
    if run["verdict"] == "incomplete":
        return f": {_incomplete(run)}"
    if run["verdict"] == "non-conformant" and not _checks(run, ("FAIL",)):
        return f": {STRICT_MUTANT if run['client']['driver'] == 'mutant' else STRICT}"
    return ""


def _incomplete(run: Mapping[str, Any]) -> str:
    """Return what is undecided: all MUST checks by name, or why none proves anything."""
    if run["stopped"]:
        return "the run was stopped before its end"
    names = [
        named(case, check)
        for case, check in _checks(run, ("INCONCLUSIVE", "UNPROVEN"))
        if check["severity"] == "MUST" and (check["baseline"] or {}).get("standing") != "expected"
    ]
    if names and _made_no_call(run):
        return f"no call came, so {counted(len(names), 'MUST check')} could not be decided"
    if names:
        return f"{counted(len(names), 'MUST check')} could not be decided: {', '.join(names)}"
    if run["hint"]:
        return "the first lines say why"
    return "no MUST check passed: the program gave none an opportunity"


def _areas(run: Mapping[str, Any], console: Console) -> None:
    """Print one line for each area: its cases, and its checks by status."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for area in dict.fromkeys(case["area"] for case in run["cases"]):
        cases = [case for case in run["cases"] if case["area"] == area]
        found = [check["status"] for case in cases for check in case["checks"]]
        words = [
            Text(f"{found.count(word)} {word}", style=color)
            for word, color in COLORS.items()
            if word in found
        ]
        size = f"{counted(len(cases), 'case')}, {counted(len(found), 'check')}:"
        table.add_row(area, size, Text(", ").join(words))
    console.print(table)


def _refused(run: Mapping[str, Any], console: Console) -> None:
    """Print the calls that validation refused, by case."""
    cases = [case for case in run["cases"] if case["refused"]]
    for case in cases[:REFUSED_NAMED]:
        _print(console, f"[bold]{case['id']}[/] {escape(refused_sentence(case['refused']))}")
    if len(cases) > REFUSED_NAMED:
        _print(console, f"and {counted(len(cases) - REFUSED_NAMED, 'more case')}: see run.json")
    if run["refused"]:
        _print(console, f"[bold magenta]{escape(run['refused'])}[/]")


def offer(template: str, console: Console, *, accepts_nothing: bool = False) -> None:
    """Print baseline rows for the failures that cannot be fixed today, or why there are none."""
    if template:
        heading = "# to accept this until a date: paste into the --baseline file and write a reason"
        heading = "# nothing of this can be accepted: fix it" if accepts_nothing else heading
        console.print(f"\n[dim]{heading}[/]", highlight=False, soft_wrap=True)
        console.print(template, markup=False, highlight=False, soft_wrap=True, end="")


def advise_again(cases: Sequence[str], stopped: frozenset[str], console: Console) -> None:
    """Print how to run the cases again whose checks are INCONCLUSIVE.

    ``stopped`` are the cases whose program adsmock stopped at its time limit: only more time helps.
    """
    late = [case for case in cases if case in stopped]
    rest = [case for case in cases if case not in stopped]
    ways = []
    if late:
        ways.append(
            "adsmock stopped the program at its time limit: let it end by itself, or run again "
            f"with a longer --timeout: --cases {','.join(late)}"
        )
    if rest:
        ways.append(
            f"Run these cases again, after noise on a quieter machine: --cases {','.join(rest)}"
        )
    if ways:
        text = "\n".join(["INCONCLUSIVE says nothing about the program.", *ways])
        console.print(f"\n{text}", markup=False, highlight=False, soft_wrap=True)


def _seen(check: Mapping[str, Any]) -> str:
    """Return the sentence, with the baseline's expectation in parentheses."""
    words = remark(check["baseline"])
    return f"{check['sentence']} ({words})" if words else str(check["sentence"])


def status(word: str) -> Text:
    """Return a status in its color."""
    return Text(word, style=COLORS.get(word, ""))


def _absent(cases: Sequence[Mapping[str, Any]], console: Console, *, verbose: bool) -> None:
    """Print the cases that are N/A by reason; a few reasons unless ``verbose``."""
    reasons: dict[str, list[str]] = {}
    for case in cases:
        reasons.setdefault(str(case["checks"][0]["sentence"]), []).append(case["id"])
    listed = list(reasons.items())
    shown = listed if verbose else listed[:REASONS_NAMED]
    for reason, ids in shown:
        console.print(f"[dim]N/A: {escape(reason)}: {', '.join(ids)}[/]", highlight=False)
    if listed[len(shown) :]:
        count = counted(len(listed) - len(shown), "more reason")
        console.print(f"[dim]N/A for {count}: see the report, or --verbose[/]", highlight=False)


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
        marks = (
            [_others(statuses)] if is_wide else [_mark(statuses.get(case, "")) for case in cases]
        )
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
