"""adsmock selftest: the kill matrix, each client of the suite in each of its cases.

Knows which clients there are and what each is known for. Must not know how a verdict is found.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from harness.benign import BENIGN
from harness.command.conform import SEED
from harness.command.usage import guarded
from harness.mutants import MUTANTS
from harness.suite import case, checks, runner
from harness.suite.control import Server
from harness.suite.drivers import benign, mutant, reference
from harness.suite.judge import CLAIM, judge_run
from harness.suite.report import folder, html_matrix, terminal
from harness.suite.verdict import RunVerdict

REFERENCE = "reference"

Row = tuple[str, dict[str, str], str]
"""A client, its status in each case, and ``exact`` or what differs."""

SUMMARY = "Prove the suite: every broken client is caught by its checks and by no other."

EXAMPLES = """\
adsmock selftest
adsmock selftest --seed 11
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("--seed", type=int, default=SEED, help=f"default: {SEED}")
    parser.add_argument("--report-dir", type=Path, metavar="DIR", help="write matrix.html there")


def run(arguments: argparse.Namespace) -> int:
    """Print the matrix; return 0 when it is exact, else 1."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    console = Console()
    if arguments.report_dir:
        folder.claim(arguments.report_dir)
    console.print(f"seed {arguments.seed}", highlight=False)
    with Server.started() as server:
        rows = matrix(server.control, arguments.seed)
    terminal.matrix(
        [(name, statuses, word) for name, statuses, word in rows], list(case.load()), console
    )
    if arguments.report_dir:
        page = _page(rows, arguments.report_dir)
        console.print(f"page: {page}", highlight=False, soft_wrap=True)
    return 0 if all(word == "exact" for _, _, word in rows) else 1


def _page(rows: list[Row], reports: Path) -> Path:
    """Write the matrix as a page and return where it is."""
    clients = [
        html_matrix.Client(
            name=name,
            word="exact" if word == "exact" else "not exact",
            tone="pass" if word == "exact" else "fail",
            statuses=statuses,
            note=MUTANTS[name].defect if name in MUTANTS else "",
        )
        for name, statuses, word in rows
    ]
    exact = sum(word == "exact" for _, _, word in rows)
    sentence = f"{exact} of {len(rows)} clients are caught by their checks and by no other."
    page = reports / "matrix.html"
    text = html_matrix.render("Kill matrix", sentence, clients, list(case.load().values()))
    page.write_text(text, "utf-8")
    return page


def matrix(control: str, seed: int) -> list[Row]:
    """Return the rows of all clients in all cases, the reference first."""
    cases = tuple(case.load().values())
    for one in cases:
        checks.verify(one)
    rows = [play(name, cases, control, seed) for name in (REFERENCE, *MUTANTS)]
    return rows + [play_lawful(name, control, seed) for name in BENIGN]


def play(name: str, cases: tuple[case.Case, ...], control: str, seed: int) -> Row:
    """Return a client's status in each case and ``exact``, or what was not as it is known for."""
    driver = reference() if name == REFERENCE else mutant(name)
    # The client's own word is checked in every case, so no case declares that check.
    ids = frozenset(check.id for one in cases for check in one.checks) | {CLAIM}
    kills = frozenset() if name == REFERENCE else ids & frozenset(MUTANTS[name].kills)
    record = runner.run(driver, runner.Selection(cases, "full"), seed, control)
    verdict = judge_run(record, case.load())
    statuses = {one.case.id: str(one.status) for one in verdict.cases}
    return driver.name, statuses, deviation(verdict, kills)


def play_lawful(name: str, control: str, seed: int) -> Row:
    """Return the row of a lawful variation: ``exact`` when it passes every MUST it should.

    It plays what ``core`` holds: the same habits show in the long cases or nowhere.
    """
    cases = case.select(case.load(), "core", ())
    record = runner.run(benign(name), runner.Selection(cases, "core"), seed, control)
    verdict = judge_run(record, case.load())
    alarms = [
        f"{one.check} {one.status}"
        for judged in verdict.cases
        for one in judged.verdicts
        if one.status in {"FAIL", "ERROR"}
        or (one.severity == "MUST" and one.status in {"UNPROVEN", "INCONCLUSIVE"})
    ]
    statuses = {one.case.id: str(one.status) for one in verdict.cases}
    return f"benign:{name}", statuses, ", ".join(alarms) or "exact"


def deviation(verdict: RunVerdict, kills: frozenset[str]) -> str:
    """Return ``exact``, or which checks differ from what the client is known for.

    A broken client may leave checks UNPROVEN that it never reached; the reference may not.
    """
    checks_of = [one for judged in verdict.cases for one in judged.verdicts]
    broke = {one.check for one in checks_of if one.status in {"FAIL", "WARN"}}
    ours = {one.check for one in checks_of if one.status in {"ERROR", "INCONCLUSIVE"}}
    silent = {one.check for one in checks_of if one.status == "UNPROVEN"}
    differences = {
        "not caught by": kills - broke,
        "also caught by": broke - kills,
        "no verdict from": ours if kills else ours | silent,
    }
    words = [f"{word} {', '.join(sorted(ids))}" for word, ids in differences.items() if ids]
    return "; ".join(words) or "exact"
