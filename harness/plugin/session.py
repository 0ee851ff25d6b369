"""The mock of a pytest session, its sandboxes and cases, and their reports."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Literal, cast

import pytest

from adsmock.contracts.suggest import did_you_mean
from adsmock.harness.plugin.case_fixture import CaseRun, Sandbox
from adsmock.harness.suite import case, case_setup, noise_monitor
from adsmock.harness.suite.case import CaseError
from adsmock.harness.suite.case.model import PROFILES
from adsmock.harness.suite.case_setup import ClockMode
from adsmock.harness.suite.control import Plane, PlaneError, Server, check_address
from adsmock.harness.suite.drivers.command import access
from adsmock.harness.suite.journal import RunMeta, RunRecord
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.report import folder
from adsmock.harness.suite.verdict import WORST_FIRST, CaseVerdict

SEEDS = 1 << 63
"""A sandbox takes a seed of 64 bits."""


class Session:
    """A running mock and the cases judged with it; ``control`` is its control plane's URL."""

    def __init__(self, config: pytest.Config, control: str) -> None:
        self.control = control
        self._option = config.option
        # Each worker has names of its own, so that one mock can serve them all.
        self._worker = str(getattr(config, "workerinput", {}).get("workerid", ""))
        self._judged: dict[str, CaseVerdict] = {}

    @contextmanager
    def sandbox(self) -> Iterator[Sandbox]:
        """Yield a new sandbox in real time, and delete it afterwards."""
        plane = Plane(self.control)
        try:
            made = plane.create_sandbox({"seed": self._option.ads_seed, "journal": "full"})
            yield Sandbox(plane, made, _environment(made, self.control))
            with suppress(PlaneError):
                plane.delete_sandbox(str(made["id"]))
        finally:
            plane.close()

    @contextmanager
    def case(self, name: str, clock: str = "real") -> Iterator[CaseRun]:
        """Yield a prepared case, and delete its sandbox afterwards; the caller judges it."""
        found = _case(name)
        plane = Plane(self.control)
        seed, label = self._option.ads_seed, f"pytest-{self._worker or 'main'}"
        try:
            setup = case_setup.prepare(plane, found, f"{label}-{seed}", seed, _mode(clock))
            with (
                tempfile.TemporaryDirectory(prefix="adsmock-") as path,
                self._noise_monitor(clock) as monitor,
            ):
                run = CaseRun(
                    plane,
                    setup,
                    Path(path),
                    self.control,
                    strict=self._option.ads_strict,
                    monitor=monitor,
                )
                try:
                    yield run
                finally:
                    self._keep(run)
                    setup.close()
                    with suppress(PlaneError):
                        plane.delete_sandbox(setup.sandbox)
        finally:
            plane.close()

    def _noise_monitor(
        self, clock: str
    ) -> AbstractContextManager[noise_monitor.NoiseMonitor | None]:
        """Yield the noise monitor of a case in real time, None on a frozen clock."""
        if clock == "frozen":
            return nullcontext()
        return noise_monitor.running(self.control, self._option.ads_seed)

    @contextmanager
    def judged(self, name: str, clock: str, runs: list[CaseRun]) -> Iterator[CaseRun]:
        """Yield a prepared case, add it to ``runs``, and judge it unless the block raised."""
        with self.case(name, clock) as run:
            yield run
            runs.append(run)
            run.judge()

    def report(self) -> None:
        """Write the reports of the judged cases, if ``--ads-report-dir`` is set."""
        target: Path | None = self._option.ads_report_dir
        if target is None or not self._judged:
            return
        known = case.load()
        cases = sorted(self._judged)
        invariants = (each.id for each in known.values() if each.every)
        meta = RunMeta(
            driver="pytest",
            client="pytest",
            command=None,
            profile=self._option.ads_profile,
            seed=self._option.ads_seed,
            cases=(*cases, *invariants),
            filtered=True,
            strict=self._option.ads_strict,
        )
        record = RunRecord(meta, tuple(self._judged[name].record for name in cases))
        folder.write(judge_run(record, known), target / self._worker)

    def _keep(self, run: CaseRun) -> None:
        """Keep the worst verdict of each case: several tests may run it."""
        verdict = run.verdict
        if verdict is None:
            return
        known = self._judged.get(verdict.case.id)
        rank = WORST_FIRST.index
        if known is None or rank(verdict.status) < rank(known.status):
            self._judged[verdict.case.id] = verdict


@contextmanager
def opened(config: pytest.Config) -> Iterator[Session]:
    """Yield the session's mock: the one of ``--ads-url``, else a new process."""
    url: str | None = config.option.ads_url
    if url is not None:
        try:
            check_address(url)
        except PlaneError as error:
            raise pytest.UsageError(f"--ads-url {error}") from None
        yield Session(config, url)
        return
    with Server.started() as server:
        yield Session(config, server.control)


def check(config: pytest.Config) -> None:
    """Check the options.

    Raises:
        UsageError: an option has a wrong value.
    """
    selected(config)
    seed, target = config.option.ads_seed, config.option.ads_report_dir
    if not -SEEDS <= seed < SEEDS:
        raise pytest.UsageError(
            f"--ads-seed: {seed} does not fit into 64 bits: choose a smaller number"
        )
    if target is not None:
        try:
            folder.claim(target)
        except OSError as error:
            raise pytest.UsageError(f"--ads-report-dir {target}: {error.strerror}") from None


def selected(config: pytest.Config) -> list[str]:
    """Return the ids of the cases that the options select."""
    profile, text = config.option.ads_profile, config.option.ads_cases
    if profile not in PROFILES:
        raise pytest.UsageError(
            f"--ads-profile: unknown profile {profile!r}: {did_you_mean(profile, PROFILES)}"
        )
    names = tuple(name.strip().upper() for name in text.split(",") if name.strip())
    try:
        selected = case.select(case.load(), profile, names)
    except CaseError as error:
        raise pytest.UsageError(f"--ads-cases: {error}") from None
    return [each.id for each in selected if not each.every]


def _case(name: str) -> case.Case:
    cases = case.load()
    if name not in cases:
        raise pytest.UsageError(
            f"unknown case {name!r}: {did_you_mean(name, cases)} See 'adsmock list'."
        )
    return cases[name]


def _mode(clock: str) -> ClockMode:
    if clock not in {"real", "frozen"}:
        raise pytest.UsageError(f"unknown clock {clock!r}: choose real or frozen")
    return cast("Literal['real', 'frozen']", clock)


def _environment(made: dict[str, object], control: str) -> dict[str, str]:
    """Return the environment variables for a program in a sandbox without a case."""
    names = {"regions": made["urls"], "credentials": made["client"], "profiles": made["profiles"]}
    return access(names, str(made["id"]), control)
