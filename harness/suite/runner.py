"""A run: every selected case on its own stage, all at once, then one record.

Knows drivers, scenarios and how they are run side by side. Must not know how a check decides or
what a report looks like.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from adsmock.harness.suite import case_setup, noise_monitor
from adsmock.harness.suite.case import Case, CaseError
from adsmock.harness.suite.control import Plane, PlaneError
from adsmock.harness.suite.drivers import Driver
from adsmock.harness.suite.journal import CaseRecord, RunMeta, RunRecord

Progress = Callable[[str, str], None]
"""Told a case id and what it does now: ``started`` or ``ended``."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What to run: the cases in order, the profile they came from, whether they were named.

    A mutant is always judged strictly: it exists to be caught.
    """

    cases: tuple[Case, ...]
    profile: str
    filtered: bool = False
    strict: bool = False
    through_proxy: bool = False


def run(
    driver: Driver,
    selection: Selection,
    seed: int,
    control: str,
    progress: Progress = lambda _case, _word: None,
) -> RunRecord:
    """Return the record of one client in all selected cases.

    A case that fails on our side is recorded as such and does not stop the others.

    Raises:
        PlaneError: the control plane cannot be reached at all.
    """
    plane = Plane(control)
    try:
        server = str(plane.health().get("version", ""))
        orphans = plane.orphans()
        records = _beside(driver, selection, seed, control, progress)
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
    )
    return RunRecord(meta, tuple(records))


def _beside(
    driver: Driver, selection: Selection, seed: int, control: str, progress: Progress
) -> list[CaseRecord]:
    """Play all cases, in real time with a control client that measures the machine."""
    if driver.clock != "real" or not selection.cases:
        return _play_all(driver, selection, seed, control, progress)
    with noise_monitor.running(control, seed) as control_client:
        records = _play_all(driver, selection, seed, control, progress)
        beats = control_client.beats()
    return [beats.beside(record) for record in records]


def _play_all(
    driver: Driver, selection: Selection, seed: int, control: str, progress: Progress
) -> list[CaseRecord]:
    """Play all cases side by side: each has credentials, clock and faults of its own."""
    cases = selection.cases
    if not cases:
        return []
    play = partial(_play, through_proxy=selection.through_proxy)
    with ThreadPoolExecutor(min(driver.parallel, len(cases))) as pool:
        try:
            # Inside, too: a program may run before the last of them is handed out.
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
) -> CaseRecord:
    """Return the record of one case, a failed one when our side breaks."""
    progress(case.id, "started")
    plane = Plane(control)
    try:
        stage = case_setup.prepare(
            plane,
            case,
            f"{driver.kind}-{seed}",
            seed,
            driver.clock,
            through_proxy=through_proxy,
        )
        try:
            return case_setup.collect(plane, stage, driver.play(stage, plane))
        finally:
            stage.close()
            with suppress(PlaneError):
                plane.delete_sandbox(stage.sandbox)
    except (PlaneError, CaseError, OSError) as error:
        timebase = case_setup.TIMEBASE[driver.clock]
        return CaseRecord(case.id, case.version, timebase, entries=0, failure=str(error))
    finally:
        plane.close()
        progress(case.id, "ended")
