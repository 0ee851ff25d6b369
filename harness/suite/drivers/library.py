"""The reference client and its broken variants, in virtual or in real time.

Knows the client as a library. In virtual time its sleeper moves the sandbox's frozen clock, so an
hour of backoff takes milliseconds. Must not know cases or checks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import groupby
from threading import Event
from typing import Any

from adsmock.harness.client import task
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.clock import ScaledClock, SharedClock, SystemClock
from adsmock.harness.client.random_source import SeededRandom
from adsmock.harness.client.settings import Settings
from adsmock.harness.compliant_variants import COMPLIANT_VARIANTS
from adsmock.harness.mutants import MUTANTS
from adsmock.harness.suite.case_setup import CaseSetup, ClockMode
from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.drivers.separate_process import Apart
from adsmock.harness.suite.journal import Ending

VIRTUAL_PARALLEL = 4
"""More threads than cores gain nothing when nobody waits."""

REAL_PARALLEL = 12


class LibraryDriver:
    """Plays a case with a client class in this process."""

    command: str | None = None

    def __init__(
        self,
        kind: str,
        name: str,
        factory: Callable[..., AdsClient],
        *,
        real_time: bool = False,
        workers: int = 1,
    ) -> None:
        self.kind = kind
        self.name = name
        self.clock: ClockMode = "real" if real_time else "frozen"
        self.parallel = REAL_PARALLEL if real_time else VIRTUAL_PARALLEL
        self._factory = factory
        self._own_workers = workers
        self._stopped = Event()

    def play(self, stage: CaseSetup, plane: Plane) -> Ending:
        """Run the tasks; an exception is how a client gives up.

        In virtual time they run in series, which repeats to the byte, unless the case or the client
        needs them side by side. A client that is to be killed gets a process of its own.
        """
        if stage.case.restart is not None:
            return Apart(self.kind, self.name, stage, plane, self._stopped).play()
        clock = self._clock(stage, plane)
        draw = SeededRandom(f"{stage.task['seed']}:{stage.case.id}")
        settings = Settings.from_task(stage.task)
        results: list[task.Result] = []
        try:
            with self._factory(settings, clock=clock, sleeper=clock, random_source=draw) as client:
                for stretch, workers in self._stretches(stage):
                    clock.enter(workers)
                    results += task.perform(stretch, client, clock, workers, clock.leave)
        except Exception as error:  # noqa: BLE001 -- a broken client may raise anything
            return Ending(error=_one_line(error))
        failed = next((one.error for one in results if one.error), None)
        said = [one.row() for one in results]
        return Ending(
            output="\n".join(json.dumps(one) for one in said),
            error=failed,
            claims=tuple({"task": number, **one} for number, one in enumerate(said)),
        )

    def _clock(self, stage: CaseSetup, plane: Plane) -> _Clock:
        if stage.clock == "frozen":
            return SharedClock(stage.start, lambda seconds: plane.advance(stage.sandbox, seconds))
        machine = _RealClock(self._stopped)
        if stage.clock == "real":
            return machine
        return _FastClock(stage.start, stage.case.sandbox.scale, machine)

    def _stretches(self, stage: CaseSetup) -> Iterator[tuple[dict[str, Any], int]]:
        """Yield the tasks that may be worked on side by side, with the workers for them.

        A client that has several workers of its own does not begin another kind of work before the
        last one is done: what follows may build on it.
        """
        case, tasks = stage.case, stage.task["tasks"]
        workers = case.workers if case.together or self.clock == "real" else 1
        if self._own_workers == 1:
            yield stage.task, workers
            return
        for _, rows in groupby(tasks, key=lambda row: row["verb"]):
            some = list(rows)
            yield stage.task | {"tasks": some}, min(len(some), max(workers, self._own_workers))

    def stop(self) -> None:
        """Wake every client that waits for real; those in virtual time end by themselves."""
        self._stopped.set()

    def close(self) -> None:
        """Keep nothing: each client ended with its case."""


class _Stopped(Exception):
    """The run was interrupted."""


class _RealClock(SystemClock):
    """The machine's time, with waits that an interrupted run can end."""

    def __init__(self, stopped: Event) -> None:
        super().__init__()
        self._stopped = stopped

    def sleep(self, seconds: float) -> None:
        """Wait for real, or raise when the run is over."""
        if self._stopped.wait(max(0.0, seconds)):
            raise _Stopped

    def enter(self, workers: int) -> None:
        """Do nothing: real time waits for nobody."""

    def leave(self) -> None:
        """Do nothing: real time waits for nobody."""


class _FastClock(ScaledClock):
    """A scaled clock for workers that come and go."""

    def enter(self, workers: int) -> None:
        """Do nothing: it waits for nobody either."""

    def leave(self) -> None:
        """Do nothing: it waits for nobody either."""


_Clock = SharedClock | _RealClock | _FastClock


def reference(*, real_time: bool = False) -> LibraryDriver:
    """Return the driver of the reference client."""
    return LibraryDriver("reference", "reference", AdsClient, real_time=real_time)


def mutant(name: str, *, real_time: bool = False) -> LibraryDriver:
    """Return the driver of a broken client.

    Raises:
        KeyError: no broken client has this name.
    """
    return LibraryDriver("mutant", name, MUTANTS[name].factory, real_time=real_time)


def benign(name: str, *, real_time: bool = False) -> LibraryDriver:
    """Return the driver of a lawful variation.

    Raises:
        KeyError: no variation has this name.
    """
    one = COMPLIANT_VARIANTS[name]
    return LibraryDriver("benign", name, one.factory, real_time=real_time, workers=one.workers)


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:300]
