"""adsmock explain: show one case with its claim, work, faults and checks."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.markup import escape

from adsmock.harness.command.failure import UsageError, guarded
from adsmock.harness.mutants import MUTANTS
from adsmock.harness.suite import case
from adsmock.harness.suite.case.fault_words import fault_words
from adsmock.harness.suite.case.page import page_of
from adsmock.harness.suite.checks import JUDGES
from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.unlisted_checks import UNLISTED

SUMMARY = "Explain a case: claim, work, checks, how to fix."
WORKFLOW = "inspect"

EXAMPLES = """\
adsmock explain T01
adsmock explain x.work                  the check of every case of a free run
"""


SHOWN = 2
"""Longest list that is shown in full."""

CLIENTS_SHOWN = 8
"""Broken clients that are named; 'adsmock list' has all."""

ON_EVERY_JOURNAL = "none of its own: it is judged on the journals of all other cases"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "case", metavar="CASE", help="the id of a case or check, such as T01 or x.work"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the case, or the check that every case can get."""
    name = arguments.case.lower()
    if name in UNLISTED:
        return guarded(lambda: _show_unlisted(name))
    return guarded(lambda: _run(arguments.case))


def _show_unlisted(name: str) -> int:
    """Print a check that no case file lists."""
    found = UNLISTED[name]
    console = Console(highlight=False)
    console.print(f"[bold]{name}[/] {escape(found.title)} (MUST)\n")
    console.print(f"{escape(found.claim)}\n")
    console.print(f"[bold]judged[/]\n  {escape(found.judged)}")
    console.print(f"[bold]how to fix[/]\n  {escape(found.how_to_fix)}")
    return 0


def _run(name: str) -> int:
    found = case.find(case.load(), name.partition(".")[0].upper())
    checks = [check.id for check in found.checks]
    if "." in name and name.lower() not in map(str.lower, checks):
        raise UsageError(f"unknown check {name!r}: {found.id} has {', '.join(checks)}")
    console = Console(highlight=False)
    console.print(f"[bold]{found.id}[/] {escape(found.title)} ({found.level}, {found.area})\n")
    console.print(f"{escape(found.claim)}\n")
    named = [check for check in found.checks if check.id.lower() == name.lower()]
    for word, lines in _parts(found, named or found.checks).items():
        if lines:
            console.print(f"[bold]{word}[/]")
            for line in lines:
                console.print(f"  {escape(line)}", soft_wrap=True)
    fix = found.fix_of(named[0].id) if named else found.how_to_fix
    console.print(f"[bold]how to fix[/]\n  {escape(fix)}")
    console.print(f"[bold]source[/]\n  {found.anchor}; practice {', '.join(found.practice)}")
    page = page_of(found.id)
    if page:
        console.print(f"[bold]page[/]\n  {escape(page)}", soft_wrap=True)
    return 0


def _parts(found: case.Case, shown: Sequence[case.Check]) -> dict[str, list[str]]:
    """Return the lists of a case with the shown checks, one line per member."""
    ids = {check.id for check in shown}
    caught = [
        f"mutant:{name}: {known.defect}"
        for name, known in MUTANTS.items()
        if ids & set(known.kills)
    ]
    more = [f"and {len(caught) - CLIENTS_SHOWN} more: adsmock list"]
    return {
        "before": [
            f"{count} {resource} in {profile}" for (resource, profile), count in _seeds(found)
        ],
        "work": [*_work(found), *filter(None, [found.pause_words])] or [ON_EVERY_JOURNAL],
        "faults": [fault_words(fault) for fault in found.faults],
        "checks": [line for check in shown for line in _check_lines(check)],
        "fails, for example, a client that": [
            *caught[:CLIENTS_SHOWN],
            *(more if len(caught) > CLIENTS_SHOWN else []),
        ],
    }


def _work(found: case.Case) -> list[str]:
    """Return the tasks; of those that differ in names or numbers only, the first and a count."""
    lines: list[str] = []
    for _, group in groupby(found.tasks, key=_kind_of_task):
        task, *others = group
        args = {name: _brief(value) for name, value in task.args.items()}
        lines.append(f"{task.verb} {json.dumps(args)}")
        if others:
            lines.append(f"  and {counted(len(others), 'more task')} of this kind")
    return lines


def _kind_of_task(task: case.Task) -> tuple[str, ...]:
    return (task.verb, str(task.args.get("resource")), str(task.args.get("profile")))


def _check_lines(check: case.Check) -> list[str]:
    """Return a check, its own fix, and what a program has to do for a verdict."""
    numbers = f" {json.dumps(check.numbers)}" if check.numbers else ""
    question = (
        (JUDGES[check.judge].__doc__ or "").partition("\n")[0].removeprefix("Hold ").rstrip(".")
    )
    lines = [f"{check.id} ({check.severity}): passes {question}{numbers}"]
    lines += [f"  fix: {check.how_to_fix}"] if check.how_to_fix else []
    lines += [f"  to be judged, the program has to {check.to_prove}"] if check.to_prove else []
    return lines


def _brief(value: Any) -> Any:
    """Return a value; a long list is shortened to its first member and a count."""
    if isinstance(value, list) and len(value) > SHOWN:
        return [value[0], f"and {len(value) - 1} more"]
    return value


def _seeds(found: case.Case) -> list[tuple[tuple[str, str], int]]:
    counts: dict[tuple[str, str], int] = {}
    for each in found.sandbox.state:
        key = (each.resource, each.profile)
        counts[key] = counts.get(key, 0) + 1
    return list(counts.items())
