"""A run: every selected case in its own sandbox, in parallel, and one record of all."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Literal

from msgspec import structs

from adsmock.harness.suite import case_setup, noise_monitor
from adsmock.harness.suite.case import Case, CaseError
from adsmock.harness.suite.control import Plane, PlaneError
from adsmock.harness.suite.drivers import Driver
from adsmock.harness.suite.journal import CaseRecord, DeclaredFile, RunMeta, RunRecord


@dataclass(frozen=True, slots=True)
class Step:
    """A case that started, in a sandbox, or ended.

    ``record`` is None for an invariant, which is judged on all cases.
    """

    case: str
    state: Literal["started", "ended"]
    sandbox: str = ""
    record: CaseRecord | None = None


Progress = Callable[[Step], None]
"""Called from the thread of a case when it starts and when it ends."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The cases to run, their profile, and whether they were selected by name.

    A mutant is always judged strictly: it exists to be caught.
    """

    cases: tuple[Case, ...]
    profile: str
    filtered: bool = False
    strict: bool = False
    through_proxy: bool = False
    template: DeclaredFile | None = None
    """The template of the client's queues, for the cases about it."""


def run(
    driver: Driver,
    selection: Selection,
    seed: int,
    control: str,
    progress: Progress = lambda _step: None,
) -> RunRecord:
    """Return the record of one client in all selected cases.

    A failure of the suite is recorded with its case and does not stop the others.

    Raises:
        PlaneError: the control plane cannot be reached at all.
    """
    plane = Plane(control)
    try:
        server = str(plane.health().get("version", ""))
        orphans = plane.orphans()
        records = _play_with_monitor(driver, selection, seed, control, progress)
        orphans = plane.orphans() - orphans
    finally:
        driver.close()
        plane.close()
    meta = RunMeta(
        driver=driver.kind,
        client=driver.name,
        command=driver.command,
        profile=selection.profile,
        seed=seed,
        cases=tuple(case.id for case in selection.cases),
        filtered=selection.filtered,
        strict=selection.strict or driver.kind == "mutant",
        server=server,
        orphans=max(0, orphans),
        through_proxy=selection.through_proxy,
    )
    return RunRecord(meta, tuple(records))


def _play_with_monitor(
    driver: Driver, selection: Selection, seed: int, control: str, progress: Progress
) -> list[CaseRecord]:
    """Run all cases, in real time with a noise monitor."""
    if driver.clock != "real" or not selection.cases:
        return _play_all(driver, selection, seed, control, progress)
    with noise_monitor.running(control, seed) as control_client:
        records = _play_all(driver, selection, seed, control, progress)
        samples = control_client.samples()
    return [samples.with_noise(record) for record in records]


def _play_all(
    driver: Driver, selection: Selection, seed: int, control: str, progress: Progress
) -> list[CaseRecord]:
    """Run all cases in parallel: each has its own credentials, clock and faults.

    Invariants have nothing to run.
    """
    cases = [case for case in selection.cases if not case.every]
    for case in selection.cases:
        if case.every:
            progress(Step(case.id, "ended"))
    if not cases:
        return []
    play = partial(_play, through_proxy=selection.through_proxy, template=selection.template)
    with ThreadPoolExecutor(min(driver.parallel, len(cases))) as pool:
        try:
            # Inside the try: a program may run before the last case is submitted.
            futures = [pool.submit(play, driver, case, seed, control, progress) for case in cases]
            return [future.result() for future in futures]
        except BaseException:
            driver.stop()
            pool.shutdown(cancel_futures=True)
            raise


def _play(
    driver: Driver,
    case: Case,
    seed: int,
    control: str,
    progress: Progress,
    *,
    through_proxy: bool = False,
    template: DeclaredFile | None = None,
) -> CaseRecord:
    """Return the record of one case, with the failure when the suite fails."""
    plane = Plane(control)
    try:
        setup = case_setup.prepare(
            plane,
            case,
            f"{driver.kind}-{seed}",
            seed,
            driver.clock,
            through_proxy=through_proxy,
        )
        progress(Step(case.id, "started", setup.sandbox))
        try:
            record = case_setup.collect(plane, setup, driver.play(setup, plane))
            record = structs.replace(record, template=template) if case.template else record
        finally:
            setup.close()
            with suppress(PlaneError):
                plane.delete_sandbox(setup.sandbox)
    except (PlaneError, CaseError, OSError) as error:
        timebase = case_setup.TIMEBASE[driver.clock]
        record = CaseRecord(case.id, case.version, timebase, entries=0, failure=str(error))
    finally:
        plane.close()
    progress(Step(case.id, "ended", record=record))
    return record
