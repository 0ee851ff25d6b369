"""adsmock conform: judge a client by the cases of the suite.

Knows the command line and which parts answer it. Must not know how a run or a verdict is made.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from harness.benign import BENIGN
from harness.command import declaration
from harness.command.usage import UsageError, guarded, seed
from harness.mutants import MUTANTS
from harness.suite import baseline, case, checks, free, runner
from harness.suite.case.form import PROFILES
from harness.suite.checks.finding import counted
from harness.suite.control import Plane, PlaneError, Server
from harness.suite.drivers import AdapterDriver, CommandDriver, Driver, benign, mutant, reference
from harness.suite.judge import judge_run
from harness.suite.report import folder, run_json, terminal
from harness.suite.verdict import RunVerdict

SUMMARY = "Judge a client by the cases of the suite."

EXAMPLES = """\
adsmock conform                                     the reference client, in virtual time
adsmock conform --client mutant:no-retry-after      a client that is wrong on purpose
adsmock conform --cmd "python my_integration.py"    any program; its work stands in $ADSMOCK_TASK
adsmock conform --cmd ./run.sh --cases T01,A03 --timeout 60
adsmock conform --free "python nightly.py"          its normal work, in a sandbox full of data
adsmock conform --adapter "node adapter.js"         a long-lived program, asked line by line
adsmock conform --cmd ./run.sh --openapi more.json  operations that only a document describes
adsmock conform --manifest ads-client.toml --baseline baseline.toml
"""

SEED = 7
"""Printed with every run; another seed gives other ids, draws and jitter, the same verdicts."""

TIMEOUT = 300.0
"""Seconds a command may take for one case: eight serial chains of T03 take about 250."""

REPORTS = Path("adsmock-report")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    _configure_client(parser)
    parser.add_argument(
        "--cases", default="", metavar="IDS", help="only these of the profile, such as T01,A03"
    )
    parser.add_argument(
        "--profile",
        choices=PROFILES,
        help="which cases (default: core; full for a mutant or with --cases)",
    )
    parser.add_argument("--seed", type=seed, default=SEED, help=f"default: {SEED}")
    parser.add_argument(
        "--report-dir", type=Path, default=REPORTS, metavar="DIR", help=f"default: {REPORTS}"
    )
    parser.add_argument("--server", metavar="URL", help="control plane of a mock that runs already")
    parser.add_argument(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help=f"for one case of a command (default: {TIMEOUT:.0f})",
    )
    parser.add_argument("--strict", action="store_true", help="a WARN is non-conformant too")
    declaration.configure(parser)
    parser.add_argument(
        "--update-baseline",
        action="store_true",
        help="write the next run's --baseline: drop what passes, add what fails, without a reason",
    )


def _configure_client(parser: argparse.ArgumentParser) -> None:
    """Add what says who plays the client, and how it is reached."""
    client = parser.add_mutually_exclusive_group()
    client.add_argument(
        "--client",
        metavar="NAME",
        help="reference (default), mutant:NAME or benign:NAME",
    )
    client.add_argument("--cmd", metavar="COMMAND", help="a program, run once for each case")
    client.add_argument(
        "--free", metavar="COMMAND", help="a program that does its normal work, once, among faults"
    )
    client.add_argument(
        "--adapter", metavar="COMMAND", help="a program that is asked task by task, line by line"
    )
    parser.add_argument(
        "--real-time",
        action="store_true",
        help="let the reference client wait for real (a command always does)",
    )
    parser.add_argument(
        "--through-proxy",
        action="store_true",
        help="a program with Amazon's host names written into it: lead it here by a proxy",
    )
    parser.add_argument(
        "--openapi",
        action="append",
        default=[],
        metavar="FILE",
        help="let the mock serve what this OpenAPI document describes, too; repeatable",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the cases, write the reports, print the verdicts; return the exit code."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    stated = declaration.load(arguments, case.load())
    stated.complete(arguments, TIMEOUT)
    selection = _selection(arguments)
    make = _driver(arguments)
    folder.claim(arguments.report_dir)
    console = Console()
    cases = counted(len(selection.cases), "case")
    console.print(f"seed {arguments.seed} · {cases}", highlight=False)
    served = _control(arguments.server, arguments.openapi)
    with served as control, _progress(selection) as progress:
        play = free.run if arguments.free is not None else runner.run
        record = play(make(control), selection, arguments.seed, control, progress)
    verdict = baseline.settle(judge_run(stated.attach(record), case.load()))
    if arguments.update_baseline:
        declaration.update(verdict, arguments.baseline)
    return publish(verdict, arguments.report_dir, console)


def publish(verdict: RunVerdict, reports: Path, console: Console, *, journal: bool = True) -> int:
    """Write the reports of a judged run and print it; return its exit code."""
    paths = folder.write(verdict, reports, journal=journal)
    terminal.show(run_json.render(verdict), console)
    console.print(f"report: {paths[folder.HTML]}", highlight=False, soft_wrap=True)
    if verdict.record.meta.driver != "mutant":  # a broken client has nothing to be excused
        terminal.offer(baseline.template(verdict), console)
    return verdict.exit_code


def _selection(arguments: argparse.Namespace) -> runner.Selection:
    """Return the cases that were asked for, each known to be answerable."""
    # Some broken clients are caught by the long cases alone; a case that is named is played.
    is_broken = str(arguments.client).startswith("mutant:")
    names = tuple(name.strip().upper() for name in arguments.cases.split(",") if name.strip())
    profile = arguments.profile or ("full" if is_broken or names else "core")
    if arguments.cases and not names:
        raise UsageError("--cases names no case")
    cases = case.select(case.load(), profile, names)
    for one in cases:
        checks.verify(one)
    return runner.Selection(cases, profile, bool(names), arguments.strict, arguments.through_proxy)


def _driver(arguments: argparse.Namespace) -> Callable[[str], Driver]:
    """Return what makes the driver once the control plane's address is known."""
    if arguments.timeout <= 0:
        raise UsageError("--timeout must be above 0")
    if arguments.through_proxy and arguments.cmd is None and arguments.free is None:
        raise UsageError("--through-proxy goes with --cmd or --free: others take base URLs")
    for option in ("cmd", "free", "adapter"):
        if getattr(arguments, option) is not None:
            return _program(option, getattr(arguments, option), arguments.timeout)
    return _library(arguments.client, real_time=arguments.real_time)


def _library(client: str, *, real_time: bool) -> Callable[[str], Driver]:
    """Return what makes the driver of the reference client or of one of its variations."""
    kind, _, name = client.partition(":")
    if client == "reference":
        return lambda _control: reference(real_time=real_time)
    if kind == "mutant" and name in MUTANTS:
        return lambda _control: mutant(name, real_time=real_time)
    if kind == "benign" and name in BENIGN:
        return lambda _control: benign(name, real_time=real_time)
    variations = [f"mutant:{one}" for one in MUTANTS] + [f"benign:{one}" for one in BENIGN]
    known = ", ".join(["reference", *variations])
    raise UsageError(f"no client is called {client}; known: {known}")


def _program(option: str, command: str, timeout: float) -> Callable[[str], Driver]:
    """Return what makes the driver of a program of the user's own."""
    if not command.strip():
        raise UsageError(f"--{option} is empty")
    if option == "adapter":
        return lambda _control: AdapterDriver(command, timeout)
    return lambda control: CommandDriver(command, timeout, control)


@contextmanager
def _control(server: str | None, documents: Sequence[str]) -> Iterator[str]:
    """Give the address of a control plane, of a mock of our own unless one is named."""
    if server is not None:
        if documents:
            raise UsageError("--openapi is for a mock of its own: give it to that of --server")
        _greet(server)
        yield server
        return
    with Server.started(documents) as own:
        yield own.control


def _greet(server: str) -> None:
    """Raise in the user's terms when nothing answers where they point to."""
    if not server.startswith(("http://", "https://")):
        raise UsageError(f"--server {server}: an address is written http://127.0.0.1:9090")
    plane = Plane(server)
    try:
        plane.health()
    except PlaneError as error:
        raise UsageError(f"--server {server}: {error}") from None
    finally:
        plane.close()


@contextmanager
def _progress(selection: runner.Selection) -> Iterator[runner.Progress]:
    """Give what is told how far the run is; it draws on a terminal only."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        line = bar.add_task("cases", total=len(selection.cases))
        running: set[str] = set()

        def tell(name: str, word: str) -> None:
            if word == "started":
                running.add(name)
            else:
                running.discard(name)
                bar.advance(line)
            bar.update(line, description=" ".join(sorted(running)) or "cases")

        yield tell
