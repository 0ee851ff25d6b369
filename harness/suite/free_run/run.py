"""A free run from its start to its record, also when it is stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from adsmock.harness.suite import noise_monitor, stopped_run
from adsmock.harness.suite.control import Plane, PlaneError
from adsmock.harness.suite.drivers import Driver
from adsmock.harness.suite.free_run import data
from adsmock.harness.suite.free_run.limits import Limits, Say
from adsmock.harness.suite.free_run.playing import Stage
from adsmock.harness.suite.free_run.rounds import Run, clean_exit, end_early, play_run
from adsmock.harness.suite.journal import CaseRecord, RunMeta, RunRecord
from adsmock.harness.suite.noise_monitor import MonitorSamples, NoiseMonitor
from adsmock.harness.suite.runner import Keep, Progress, Selection


@dataclass(slots=True)
class _Parts:
    """What the record of a run is made of, as far as the run has come."""

    server: str = ""
    orphans: int = 0
    run: Run | None = None
    samples: MonitorSamples = field(default_factory=lambda: MonitorSamples(()))
    stopped: str = ""

    def begin(self, run: Run) -> None:
        """Take the run, which changes while it lasts."""
        self.run = run

    @contextmanager
    def noise_of(self, monitor: NoiseMonitor) -> Iterator[None]:
        """Take the samples of a monitor at the end, whatever it is."""
        try:
            yield
        finally:
            self.samples = monitor.last_samples()


def run(
    driver: Driver,
    selection: Selection,
    seed: int,
    control: str,
    *,
    progress: Progress,
    limits: Limits,
    say: Say,
    keep: Keep = lambda _record: None,
) -> RunRecord:
    """Return the record of a program at its own work, with each case that it gives a chance for.

    ``say`` gets lines of progress. A run that is interrupted, or whose mock fails, gives ``keep``
    the cases that ended, and then raises.

    Raises:
        PlaneError: the control plane cannot be reached or refused.
    """
    plane, parts = Plane(control), _Parts()
    try:
        parts.server = str(plane.health().get("version", ""))
        before = plane.orphans()
        try:
            sample = data.sample(plane, seed)
            stage = Stage(driver, control, seed, sample, selection.through_proxy)
            with noise_monitor.running(control, seed) as monitor, parts.noise_of(monitor):
                if selection.cases:
                    play_run(stage, selection, progress, limits=limits, say=say, begun=parts.begin)
            parts.orphans = max(0, plane.orphans() - before)
        except (KeyboardInterrupt, PlaneError) as error:
            if parts.run:
                parts.stopped = stopped_run.reason(error)
                end_early(parts.run)
                keep(_record(driver, selection, seed, parts))
            raise
    finally:
        driver.close()
        plane.close()
    return _record(driver, selection, seed, parts)


def _record(driver: Driver, selection: Selection, seed: int, parts: _Parts) -> RunRecord:
    """Return the record of what a run found, in order of the cases' ids."""
    meta = _meta(driver, selection, seed, parts)
    records = sorted(parts.run.records.items()) if parts.run else ()
    return RunRecord(meta, tuple(parts.samples.with_noise(record) for _, record in records))


def _meta(driver: Driver, selection: Selection, seed: int, parts: _Parts) -> RunMeta:
    """Return what ran."""
    clean = parts.run.clean.record if parts.run else None
    return RunMeta(
        driver="free",
        client=driver.name,
        command=driver.command,
        profile=selection.profile,
        seed=seed,
        cases=tuple(case.id for case in selection.cases),
        filtered=True,  # a program's own work never proves a whole profile
        strict=selection.strict,
        server=parts.server,
        orphans=parts.orphans,
        through_proxy=selection.through_proxy,
        clean_exit=clean_exit(clean) if clean else 0,
        clean_refused_tokens=_refused_tokens(clean) if clean else 0,
        stopped=parts.stopped,
    )


def _refused_tokens(record: CaseRecord) -> int:
    """Return the refused token requests of a pass in which none was granted."""
    answers = [row.get("status") for row in record.rows if row.get("operation") == "lwa.token"]
    return 0 if HTTPStatus.OK in answers else len(answers)
