"""The implementation of ``conform``: client, mock, record, verdict, reports."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from adsmock.contracts.suggest import did_you_mean
from adsmock.harness.client.clock import SystemClock
from adsmock.harness.combination import CombinationError, combined
from adsmock.harness.command import partner_files, progress
from adsmock.harness.command.announcement import (
    Announcement,
    Subject,
    announced,
    shown_name,
)
from adsmock.harness.command.failure import UsageError
from adsmock.harness.compliant_variants import COMPLIANT_VARIANTS
from adsmock.harness.mutants import MUTANTS
from adsmock.harness.suite import baseline, case, checks, free_run, runner
from adsmock.harness.suite.case import Case
from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.control import PlaneError, Server, check_address
from adsmock.harness.suite.diff import read_folder
from adsmock.harness.suite.drivers import (
    AdapterDriver,
    CommandDriver,
    Driver,
    benign,
    mutant,
    reference,
    template_of,
)
from adsmock.harness.suite.drivers.network_guard import refusals
from adsmock.harness.suite.journal import CaseRecord, DeclaredFile, RunMeta, RunRecord
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.report import folder, run_json, terminal
from adsmock.harness.suite.verdict import CaseVerdict, RunVerdict

TIMEOUT = 300.0
"""Default time limit for one case, in seconds: eight serial chains of T03 take about 250."""

LONGEST = 86_400.0
"""Largest time limit for one case, in seconds: a day."""


def conform(arguments: argparse.Namespace) -> int:
    """Run the cases, write the reports, print the verdicts; return the exit code."""
    check_history(arguments.history)
    stated = partner_files.load(arguments, case.load())
    stated.complete(arguments, TIMEOUT)
    selection = _selection(arguments)
    make = _driver(arguments)
    selection = replace(selection, template=_template(arguments, stated))
    folder.claim(arguments.report_dir)
    console = Console()
    cases = counted(len(selection.cases), "case")
    console.print(f"seed {arguments.seed} · {cases}", highlight=False)
    limits = _limits(arguments, selection.cases)
    for line in [*_left_out(arguments.cases, selection), *_limit_words(arguments.timeout, limits)]:
        console.print(line, highlight=False, soft_wrap=True)
    with (
        _control(arguments.server, arguments.openapi) as control,
        progress.shown(len(selection.cases), limits) as output,
    ):
        driver = make(control)
        news = _announcement(arguments, driver, selection, stated)
        console.print(f"watch the cases: {control.rstrip('/')}/#panel=runs", soft_wrap=True)
        with announced(news, control):
            made, stop = _played(arguments, driver, selection, control, output.joined(news))
            verdict = baseline.settle(judge_run(stated.attach(made), case.load()))
            news.finish(verdict)
    code = _report(arguments, verdict, console)
    if stop:
        raise stop
    return code


def _report(arguments: argparse.Namespace, verdict: RunVerdict, console: Console) -> int:
    """Write and print what a run found; return its exit code."""
    for line in refusals():
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    updated = _updated(arguments, verdict)
    verbose, history = arguments.verbose, arguments.history
    code = publish(verdict, arguments.report_dir, console, verbose=verbose, history=history)
    for line in updated:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    return code


def _updated(arguments: argparse.Namespace, verdict: RunVerdict) -> list[str]:
    """Update the baseline if that is wanted; return a line about it. A part of a run is none."""
    if not arguments.update_baseline:
        return []
    if verdict.record.meta.stopped:
        return [f"baseline: {arguments.baseline} is unchanged: the run was stopped before its end"]
    return partner_files.update(verdict, arguments.baseline)


def _announcement(
    arguments: argparse.Namespace,
    driver: Driver,
    selection: runner.Selection,
    stated: partner_files.Declaration,
) -> Announcement:
    """Return what the run reports to the dashboard of its mock."""
    started = SystemClock().now()
    kind = "free" if arguments.free is not None else driver.kind
    client = shown_name(driver.command.split()) if driver.command else driver.name
    name = f"{kind}-{arguments.seed}-{started:.6f}"
    subject = Subject(name, client, selection.profile, arguments.seed, started, selection.cases)

    def judge(record: CaseRecord) -> CaseVerdict:
        meta = RunMeta(
            kind, driver.name, driver.command, selection.profile, arguments.seed, (record.case,)
        )
        return judge_run(stated.replace_in(RunRecord(meta, (record,))), case.load()).cases[0]

    return Announcement(subject, judge)


def _played(
    arguments: argparse.Namespace,
    driver: Driver,
    selection: runner.Selection,
    control: str,
    output: progress.Output,
) -> tuple[RunRecord, BaseException | None]:
    """Return the record of a run, and what ended it early: an interruption, or a failed mock.

    Raises:
        KeyboardInterrupt, PlaneError: no case had ended.
    """
    kept: list[RunRecord] = []
    try:
        return _play(arguments, driver, selection, control, output, keep=kept.append), None
    except (KeyboardInterrupt, PlaneError) as error:
        if not (kept and kept[0].cases):
            raise
        return kept[0], error


def _play(
    arguments: argparse.Namespace,
    driver: Driver,
    selection: runner.Selection,
    control: str,
    output: progress.Output,
    *,
    keep: runner.Keep,
) -> RunRecord:
    """Return the record of a run with tasks, or of a free run."""
    seed, report = arguments.seed, output.report
    if arguments.free is None:
        return runner.run(driver, selection, seed, control, report, keep=keep)
    clock = SystemClock()
    limits = free_run.Limits(arguments.timeout, clock.now, clock.sleep, arguments.rounds)
    return free_run.run(
        driver,
        selection,
        seed,
        control,
        progress=report,
        limits=limits,
        say=output.say,
        keep=keep,
    )


def publish(
    verdict: RunVerdict,
    reports: Path,
    console: Console,
    *,
    journal: bool = True,
    verbose: bool = False,
    history: Path | None = None,
) -> int:
    """Write the reports of a judged run and print it; return its exit code."""
    earlier = _earlier(history, console)
    paths = folder.write(verdict, reports, journal=journal, earlier=earlier)
    terminal.show(run_json.render(verdict), console, verbose=verbose)
    console.print(f"report: {paths[folder.HTML]}", highlight=False, soft_wrap=True)
    meta = verdict.record.meta
    if meta.driver != "mutant" and not meta.stopped:  # a deliberate defect needs no baseline
        terminal.advise_again(baseline.undecided(verdict), stopped_cases(verdict), console)
        refused = baseline.accepts_nothing(verdict)
        terminal.offer(baseline.template(verdict), console, accepts_nothing=refused)
    return verdict.exit_code


def stopped_cases(verdict: RunVerdict) -> frozenset[str]:
    """Return the cases whose program adsmock stopped at its time limit."""
    return frozenset(one.case.id for one in verdict.cases if one.record.ending.timed_out)


def check_history(history: Path | None) -> None:
    """Check that the folder of earlier runs exists, before the run starts.

    Raises:
        UsageError: it does not.
    """
    if history is not None and not history.is_dir():
        raise UsageError(
            f"--history {history} is not a folder: name the folder that contains the report "
            "folders of earlier runs"
        )


def _earlier(history: Path | None, console: Console) -> list[dict[str, Any]]:
    """Return the earlier runs in a folder; name each run.json that cannot be read."""
    if history is None:
        return []
    runs, problems = read_folder(history)
    for problem in problems:
        console.print(f"history: {problem}", markup=False, highlight=False, soft_wrap=True)
    return runs


def _selection(arguments: argparse.Namespace) -> runner.Selection:
    """Return the selected cases after checking each."""
    # Only the long cases catch some broken clients; a named case always runs.
    is_broken = str(arguments.client).startswith("mutant:")
    names = tuple(_names(arguments.cases))
    profile = arguments.profile or ("full" if is_broken or names else "core")
    if arguments.cases is not None and not names:
        raise UsageError(
            "--cases names no case: expected ids such as T01,A03. Leave it out to run the profile"
        )
    has_tasks = arguments.cmd is not None or arguments.adapter is not None
    cases = case.select(case.load(), profile, names, with_always=has_tasks)
    for each in cases:
        checks.verify(each)
    return runner.Selection(cases, profile, bool(names), arguments.strict, arguments.through_proxy)


def _left_out(listed: str | None, selection: runner.Selection) -> Iterator[str]:
    """Yield why each case of ``--cases`` that is not in the profile does not run."""
    known, chosen = case.load(), {each.id for each in selection.cases}
    for name in dict.fromkeys(_names(listed)):
        if name not in chosen:
            others = ", ".join(dict.fromkeys([*known[name].profiles, "full"]))
            yield f"{name} is not in profile {selection.profile}: use --profile {others}"


def _limits(arguments: argparse.Namespace, cases: Sequence[Case]) -> dict[str, float]:
    """Return the time limit of each case, in seconds; none where the suite does not limit it."""
    if arguments.cmd is None and arguments.adapter is None:
        return {}
    is_strict = arguments.has_time_limit
    return {
        each.id: each.time_limit(arguments.timeout, is_strict=is_strict)
        for each in cases
        if not each.every
    }


def _limit_words(timeout: float, limits: Mapping[str, float]) -> Iterator[str]:
    """Yield the time limits, and which cases last as long as the program repeats a failed call."""
    if not limits:
        return
    slow = {name: limit for name, limit in limits.items() if limit > timeout}
    words = f"time limit of a case: {timeout:g} s"
    if slow:
        longest = max(slow, key=slow.__getitem__)
        words += (
            f"; {counted(len(slow), 'slow case')} may take longer, {longest} {slow[longest]:g} s. "
            "--timeout limits them too"
        )
    yield words
    lasting = [name for name in slow if case.load()[name].lasting]
    if lasting:
        yield (
            f"{', '.join(lasting)}: a call fails until your program gives up. A shorter last wait "
            "between its retries makes the run shorter"
        )


def _names(listed: str | None) -> list[str]:
    """Return the case ids of ``--cases``."""
    return [name.strip().upper() for name in (listed or "").split(",") if name.strip()]


def _template(
    arguments: argparse.Namespace, stated: partner_files.Declaration
) -> DeclaredFile | None:
    """Return the template that the manifest names; else that of a bundled client."""
    if stated.template is None and arguments.client is not None:
        return template_of(arguments.client)
    return stated.template


def _driver(arguments: argparse.Namespace) -> Callable[[str], Driver]:
    """Return a function that makes the driver from the control plane's address."""
    if not 0 < arguments.timeout <= LONGEST:
        raise UsageError(f"--timeout must be above 0 and at most {LONGEST:.0f}")
    is_program = any((arguments.cmd, arguments.free, arguments.adapter))
    if arguments.rounds is not None and arguments.free is None:
        raise UsageError("--rounds needs --free: other runs have no rounds")
    if arguments.through_proxy and not is_program:
        raise UsageError("--through-proxy needs a program: --cmd, --free or --adapter")
    for option in ("cmd", "free", "adapter"):
        if getattr(arguments, option) is not None:
            return _program(option, getattr(arguments, option), arguments)
    return _library(arguments.client, real_time=arguments.real_time)


def _library(client: str, *, real_time: bool) -> Callable[[str], Driver]:
    """Return a function that makes the driver of the reference client or one of its variations."""
    if client == "reference":
        return lambda _control: reference(real_time=real_time)
    kind, _, name = client.partition(":")
    make = mutant if kind == "mutant" else benign
    with suppress(KeyError):
        try:
            combined(client)
        except CombinationError as conflict:
            raise UsageError(f"--client {client}: {conflict}: choose other clients") from None
        return lambda _control: make(name, real_time=real_time)
    variations = [f"mutant:{each}" for each in MUTANTS]
    variations += [f"benign:{each}" for each in COMPLIANT_VARIANTS]
    hint = did_you_mean(client, ["reference", *variations])
    raise UsageError(f"unknown client {client!r}: {hint} See 'adsmock list'.")


def _program(option: str, command: str, arguments: argparse.Namespace) -> Callable[[str], Driver]:
    """Return a function that makes the driver of the user's own program.

    The rounds of a free run have limits of their own.
    """
    timeout, is_strict = arguments.timeout, arguments.has_time_limit and option != "free"
    if not command.strip():
        raise UsageError(f"--{option} is empty: expected a command")
    if option == "adapter":
        return lambda _control: AdapterDriver(command, timeout, is_strict=is_strict)
    return lambda control: CommandDriver(command, timeout, control, is_strict=is_strict)


@contextmanager
def _control(server: str | None, documents: Sequence[str]) -> Iterator[str]:
    """Yield the address of a control plane; start a mock unless one is named."""
    if server is not None:
        if documents:
            raise UsageError(
                "--openapi does not work with --server: pass it to that mock's serve command"
            )
        try:
            check_address(server)
        except PlaneError as error:
            raise UsageError(f"--server {error}") from None
        yield server
        return
    with Server.started(documents) as own:
        yield own.control
