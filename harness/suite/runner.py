"""A run: every selected case in its own sandbox, in parallel, and one record of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, zip_longest
from threading import Event
from typing import Literal

from msgspec import structs

from adsmock.harness.suite import case_setup, noise_monitor, stopped_run
from adsmock.harness.suite.case import Case, CaseError
from adsmock.harness.suite.control import Plane, PlaneError
from adsmock.harness.suite.drivers import Driver
from adsmock.harness.suite.journal import CaseRecord, DeclaredFile, RunMeta, RunRecord
from adsmock.harness.suite.noise_monitor import MonitorSamples


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


Keep = Callable[[RunRecord], None]
"""Called with what there is of a run that ends before its cases."""


class _Ended:
    """The cases that have ended by themselves; safe for threads.

    After ``stop`` nothing is added: the driver ends the programs, so their journals are cut.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._records: dict[str, CaseRecord] = {}
        self._is_over = Event()
        self.samples: MonitorSamples | None = None
        """The noise of the machine; None in virtual time."""

    def note(self, step: Step) -> None:
        """Take a step, and pass it on unless the run is over."""
        if self._is_over.is_set():
            return
        if step.record is not None:
            self._records[step.case] = step.record
        self._progress(step)

    def stop(self) -> None:
        """Add nothing from now on."""
        self._is_over.set()

    def records(self, cases: Sequence[Case]) -> tuple[CaseRecord, ...]:
        """Return the records in the order of the cases, with the noise of the machine."""
        found = (self._records[case.id] for case in cases if case.id in self._records)
        return tuple(self.samples.with_noise(one) if self.samples else one for one in found)


def run(
    driver: Driver,
    selection: Selection,
    seed: int,
    control: str,
    progress: Progress = lambda _step: None,
    *,
    keep: Keep = lambda _record: None,
) -> RunRecord:
    """Return the record of one client in all selected cases.

    A failure of the suite is recorded with its case and does not stop the others. A run that is
    interrupted, or whose mock fails, gives ``keep`` the cases that ended, and then raises.

    Raises:
        PlaneError: the control plane cannot be reached at all.
    """
    plane = Plane(control)
    ended = _Ended(progress)
    try:
        meta = _meta(driver, selection, seed, str(plane.health().get("version", "")))
        before = plane.orphans()
        try:
            _play_with_monitor(driver, selection, seed, control, ended)
            orphans = plane.orphans() - before
        except (KeyboardInterrupt, PlaneError) as error:
            meta = structs.replace(meta, stopped=stopped_run.reason(error))
            with suppress(PlaneError):
                meta = structs.replace(meta, orphans=max(0, plane.orphans() - before))
            keep(RunRecord(meta, ended.records(selection.cases)))
            raise
    finally:
        driver.close()
        plane.close()
    meta = structs.replace(meta, orphans=max(0, orphans))
    return RunRecord(meta, ended.records(selection.cases))


def _meta(driver: Driver, selection: Selection, seed: int, server: str) -> RunMeta:
    """Return what runs."""
    return RunMeta(
        driver=driver.kind,
        client=driver.name,
        command=driver.command,
        profile=selection.profile,
        seed=seed,
        cases=tuple(case.id for case in selection.cases),
        filtered=selection.filtered,
        strict=selection.strict or driver.kind == "mutant",
        server=server,
        through_proxy=selection.through_proxy,
    )


def _play_with_monitor(
    driver: Driver, selection: Selection, seed: int, control: str, ended: _Ended
) -> None:
    """Run all cases, in real time with a noise monitor."""
    if driver.clock != "real" or not selection.cases:
        _play_all(driver, selection, seed, control, ended)
        return
    with noise_monitor.running(control, seed) as monitor:
        try:
            _play_all(driver, selection, seed, control, ended)
        finally:
            ended.samples = monitor.last_samples()


def in_turn(cases: Sequence[Case]) -> list[Case]:
    """Return the cases in the order of their starts: one that may be slow, then one that is not.

    A slow case that starts last would run alone at the end; quick ones give verdicts meanwhile.
    """
    slow = sorted((case for case in cases if case.timeout), key=lambda case: -case.timeout)
    quick = [case for case in cases if not case.timeout]
    pairs = chain.from_iterable(zip_longest(slow, quick))
    return [case for case in pairs if case is not None]


def _play_all(driver: Driver, selection: Selection, seed: int, control: str, ended: _Ended) -> None:
    """Run all cases in parallel: each has its own credentials, clock and faults.

    Invariants have nothing to run.
    """
    cases = in_turn([case for case in selection.cases if not case.every])
    for case in selection.cases:
        if case.every:
            ended.note(Step(case.id, "ended"))
    if not cases:
        return
    play = partial(_play, through_proxy=selection.through_proxy, template=selection.template)
    with ThreadPoolExecutor(min(driver.parallel, len(cases))) as pool:
        try:
            # Inside the try: a program may run before the last case is submitted.
            futures = [pool.submit(play, driver, case, seed, control, ended.note) for case in cases]
            for future in futures:
                future.result()
        except BaseException:
            ended.stop()
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
