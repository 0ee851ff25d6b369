"""adsmock selftest: run each included client in each case, and check the kill matrix."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from adsmock.harness.client.clock import SystemClock
from adsmock.harness.combination import JOIN, CombinationError
from adsmock.harness.command.arguments import seed
from adsmock.harness.command.conform import SEED
from adsmock.harness.command.failure import UsageError, guarded
from adsmock.harness.proof import (
    MatrixRow,
    ProofClient,
    combined_client,
    play_all,
    proof_clients,
    random_combinations,
    with_sampled_cases,
)
from adsmock.harness.proof.worker_pool import Progress
from adsmock.harness.suite import case, checks
from adsmock.harness.suite.case.model import FULL, PROFILES
from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.report import folder, terminal
from adsmock.harness.suite.report.html import matrix

SUMMARY = "Prove the suite: every broken client is caught."
WORKFLOW = "prove"

EXAMPLES = """\
adsmock selftest                                   every client, on every core
adsmock selftest --whole                           the same, and broken clients in all cases
adsmock selftest --clients 'benign:*' --seed 11    only the compliant clients, with another seed
adsmock selftest --clients reference --clients no-retry-after --cases T01,T02
adsmock selftest --clients reference --profile quick --runs 50
adsmock selftest --combinations 200 --profile quick        pairs of defects, habits combined
adsmock selftest --clients 'mutant:no-jitter+benign:poll-30s'   one combination
adsmock selftest --jobs 1 --report-dir proof       write selftest.json and matrix.html
"""

PAGE, RECORD = "matrix.html", "selftest.json"

LEFT_OUT = "a broken client runs in the cases that must catch it and in a quarter of the others"
"""Why a broken client does not run a case."""

SHOWN_CONFLICTS = 3
"""Combinations that conflict and are shown with the reason."""

FORMAT = "adsmock.selftest/1"
"""Format of the record; its schema is ``contracts/meta/selftest.schema.json``."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    _add_selection(parser)
    _add_execution(parser)


def _add_selection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--clients",
        action="append",
        metavar="GLOB",
        help="only these clients, such as benign:* or no-*; repeatable",
    )
    parser.add_argument(
        "--combinations",
        type=int,
        metavar="N",
        help="N random combinations of clients instead: half of them correct, half broken",
    )
    parser.add_argument(
        "--cases", default="", metavar="IDS", help="only these cases, such as T01,A03"
    )
    parser.add_argument(
        "--profile", choices=PROFILES, default=FULL, help=f"which cases (default: {FULL})"
    )
    parser.add_argument(
        "--whole",
        action="store_true",
        help="run broken clients in all cases, not only in their own and a sample of the others",
    )


def _add_execution(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        help="parallel rows (default: one per core)",
    )
    parser.add_argument(
        "--seed", type=seed, default=SEED, help=f"seed of the run (default: {SEED})"
    )
    parser.add_argument(
        "--runs",
        type=int,
        default=1,
        help="runs of each row, with consecutive seeds (default: 1)",
    )
    parser.add_argument(
        "--report-dir", type=Path, metavar="DIR", help=f"write {PAGE} and {RECORD} to this folder"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the matrix; return 0 when it is exact, else 1."""
    return guarded(lambda: _run(arguments))


def _players(arguments: argparse.Namespace) -> list[ProofClient]:
    """Return the selected clients, in the order of the matrix."""
    if arguments.jobs < 1 or arguments.runs < 1:
        raise UsageError("--jobs and --runs must be above 0")
    if arguments.combinations is not None:
        return _combinations(arguments)
    globs = arguments.clients or ["*"]
    clients = [
        proof_client
        for proof_client in proof_clients()
        if any(proof_client in proof_clients(glob) for glob in globs)
    ]
    clients += [_combined(label) for label in globs if JOIN in label]
    if not clients:
        raise UsageError(f"--clients: no client matches {', '.join(globs)}: see adsmock list")
    return clients


def _combined(label: str) -> ProofClient:
    try:
        return combined_client(label)
    except KeyError as unknown:
        raise UsageError(f"--clients {label}: unknown client {unknown}: see adsmock list") from None
    except CombinationError as conflict:
        raise UsageError(f"--clients {label}: {conflict}: choose other clients") from None


def _combinations(arguments: argparse.Namespace) -> list[ProofClient]:
    """Return random combinations; say on stderr how many choices conflict."""
    if arguments.clients or arguments.combinations < 1:
        raise UsageError("--combinations needs a number above 0, and no --clients")
    found = random_combinations(arguments.combinations, arguments.seed)
    for label, reason in list(found.skipped.items())[:SHOWN_CONFLICTS]:
        sys.stderr.write(f"skipped {label}: {reason}\n")
    sys.stderr.write(f"{counted(len(found.skipped), 'choice')} skipped: the clients conflict\n")
    return found.clients


def _cases(arguments: argparse.Namespace) -> tuple[case.Case, ...]:
    """Return the selected cases after checking each."""
    ids = tuple(name.strip().upper() for name in arguments.cases.split(",") if name.strip())
    cases = case.select(case.load(), arguments.profile, ids)
    if not cases:
        raise UsageError(f"--cases: none of them is in profile {arguments.profile}")
    for each in cases:
        checks.verify(each)
    return cases


def _run(arguments: argparse.Namespace) -> int:
    clients, cases = _players(arguments), _cases(arguments)
    left_out = 0
    if not (arguments.whole or arguments.cases or arguments.combinations):
        clients = [with_sampled_cases(client, cases, arguments.seed) for client in clients]
        left_out = sum(len(cases) - len(client.cases or cases) for client in clients)
    if arguments.report_dir:
        folder.claim(arguments.report_dir)
    console, clock = Console(), SystemClock()
    sizes = f"{counted(len(clients), 'client')} x {counted(len(cases), 'case')}"
    rest = f"; {left_out} pairs not run: {LEFT_OUT} (--whole runs all)" if left_out else ""
    console.print(f"seed {arguments.seed} · {sizes}{rest}", highlight=False)
    names, began = tuple(each.id for each in cases), clock.now()
    seeds = range(arguments.seed, arguments.seed + arguments.runs)
    with _progress(len(clients) * len(seeds), arguments.jobs) as report_row:
        rows = play_all(clients, names, seeds, arguments.jobs, report_row)
    sentence = f"{_sentence(rows)} {sizes} in {_duration(clock.now() - began)}{rest}."
    if arguments.runs == 1:
        shown = [(row.client.label, row.statuses, row.word) for row in rows]
    else:
        shown = [(_label(row), row.statuses, row.word) for row in rows if not row.exact]
    terminal.matrix(shown, names, console)
    for line in _by_check(rows):
        console.print(line, highlight=False, soft_wrap=True)
    console.print(sentence, highlight=False, soft_wrap=True)
    if arguments.report_dir:
        for path in _write(rows, cases, sentence, arguments):
            console.print(str(path), highlight=False, soft_wrap=True)
    return 0 if all(row.exact for row in rows) else 1


def _label(row: MatrixRow) -> str:
    return f"{row.client.label} seed {row.seed}"


def _sentence(rows: Sequence[MatrixRow]) -> str:
    exact = sum(row.exact for row in rows)
    kills = sum(len(row.client.kills.intersection(row.killed)) for row in rows)
    return f"{exact} of {len(rows)} rows are exact; {counted(kills, 'kill')} seen."


def _by_check(rows: Sequence[MatrixRow]) -> Iterator[str]:
    """Yield for each check with unexpected verdicts in how many rows, the most frequent first."""
    found = Counter(check for row in rows for check in row.unexpected)
    for check, times in found.most_common():
        labels = dict.fromkeys(row.client.label for row in rows if check in row.unexpected)
        yield f"{check}: unexpected in {times} of {counted(len(rows), 'row')}: {', '.join(labels)}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def time_left(taken: Sequence[float], rows: int, jobs: int) -> float:
    """Return the seconds that ``rows`` more need, from what the others have taken.

    The duration of the run so far would count the rows that other jobs have not finished as not
    begun: after the first of two jobs it is twice the truth.
    """
    return sum(taken) / len(taken) * rows / max(1, min(jobs, rows))


@contextmanager
def _progress(total: int, jobs: int) -> Iterator[Progress]:
    """Yield a function that prints each finished row, with a count and an estimate of the rest."""
    console = Console(stderr=True, highlight=False)
    taken: list[float] = []

    def report_row(row: MatrixRow) -> None:
        taken.append(row.seconds)
        left = time_left(taken, total - len(taken), jobs)
        ahead = f"about {_duration(left)} left" if len(taken) < total else "done"
        label = f"{_label(row)} · {row.seconds:.0f} s"
        console.print(
            f"{len(taken)}/{total} · {ahead} · {label} · {row.word}", markup=False, soft_wrap=True
        )

    yield report_row


def _write(
    rows: Sequence[MatrixRow],
    cases: Sequence[case.Case],
    sentence: str,
    arguments: argparse.Namespace,
) -> tuple[Path, Path]:
    """Write the page and the record of a matrix; return their paths."""
    page, record = arguments.report_dir / PAGE, arguments.report_dir / RECORD
    clients = [
        matrix.RunSummary(
            name=row.client.label,
            word="exact" if row.exact else "not exact",
            tone="pass" if row.exact else "fail",
            statuses=row.statuses,
            blank=f"not run: {LEFT_OUT}",
            note="; ".join(
                filter(None, (row.client.habit, f"seed {row.seed}", "" if row.exact else row.word))
            ),
        )
        for row in rows
    ]
    page.write_text(matrix.render("Kill matrix", sentence, clients, list(cases)), "utf-8")
    document = {
        "format": FORMAT,
        "suite": {"version": version("adsmock"), "digest": case.digest()},
        "profile": arguments.profile,
        "cases": [each.id for each in cases],
        "exact": all(row.exact for row in rows),
        "clients": [_record(row) for row in rows],
    }
    record.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return page, record


def _record(row: MatrixRow) -> dict[str, object]:
    client = row.client
    return {
        "client": client.label,
        "seed": row.seed,
        "habit": client.habit,
        "kills": sorted(client.kills),
        "killed": list(row.killed),
        "exact": row.exact,
        "word": row.word,
        "seconds": row.seconds,
        "statuses": dict(row.statuses),
    }
