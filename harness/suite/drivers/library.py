"""The reference client and its variants, in virtual or in real time.

In virtual time the client's sleeper advances the sandbox's frozen clock, so an hour of backoff
takes milliseconds.
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
from adsmock.harness.combination import combined
from adsmock.harness.iac import MODEL, model_values
from adsmock.harness.suite.case_setup import CaseSetup, ClockMode
from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.drivers.redaction import redact
from adsmock.harness.suite.drivers.separate_process import SeparateProcess
from adsmock.harness.suite.journal import DeclaredFile, Ending

REFERENCE = "reference"

VIRTUAL_PARALLEL = 4
"""In virtual time nothing waits, so more threads than cores gain nothing."""

REAL_PARALLEL = 12


class LibraryDriver:
    """Runs a case with a client class in this process."""

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

    def play(self, setup: CaseSetup, plane: Plane) -> Ending:
        """Run the tasks; an exception means that the client gave up.

        In virtual time they run serially, which is reproducible to the byte, unless the case or the
        client needs them in parallel. A client that must restart gets its own process.
        """
        if setup.case.restart is not None:
            return SeparateProcess(self.kind, self.name, setup, plane, self._stopped).play()
        clock = self._clock(setup, plane)
        draw = SeededRandom(f"{setup.task['seed']}:{setup.case.id}")
        settings = Settings.from_task(setup.task)
        results: list[task.Result] = []
        try:
            with self._factory(settings, clock=clock, sleeper=clock, random_source=draw) as client:
                for stretch, workers in self._stretches(setup):
                    clock.enter(workers)
                    results += task.perform(stretch, client, clock, workers, clock.leave)
        except Exception as error:  # noqa: BLE001 -- a broken client may raise anything
            return Ending(error=redact(_one_line(error), setup))
        failed = next((result.error for result in results if result.error), None)
        said = [result.row() for result in results]
        return Ending(
            output="\n".join(json.dumps(each) for each in said),
            error=failed,
            claims=tuple({"task": number, **each} for number, each in enumerate(said)),
        )

    def _clock(self, setup: CaseSetup, plane: Plane) -> _Clock:
        if setup.clock == "frozen":
            return SharedClock(setup.start, lambda seconds: plane.advance(setup.sandbox, seconds))
        machine = _RealClock(self._stopped)
        if setup.clock == "real":
            return machine
        return _FastClock(setup.start, setup.case.sandbox.scale, machine)

    def _stretches(self, setup: CaseSetup) -> Iterator[tuple[dict[str, Any], int]]:
        """Yield groups of tasks that may run in parallel, with the number of workers.

        A client with several workers of its own finishes one kind of work before the next, which
        may depend on it.
        """
        case, tasks = setup.case, setup.task["tasks"]
        workers = case.workers if case.together or self.clock == "real" else 1
        if self._own_workers == 1:
            yield setup.task, workers
            return
        for _, rows in groupby(tasks, key=lambda row: row["verb"]):
            some = list(rows)
            yield setup.task | {"tasks": some}, min(len(some), max(workers, self._own_workers))

    def stop(self) -> None:
        """Wake every client that waits in real time; the others end by themselves."""
        self._stopped.set()

    def close(self) -> None:
        """Do nothing: each client ended with its case."""


class _Stopped(Exception):
    """The run was interrupted."""


class _RealClock(SystemClock):
    """Real time, with waits that an interrupted run can end."""

    def __init__(self, stopped: Event) -> None:
        super().__init__()
        self._stopped = stopped

    def sleep(self, seconds: float) -> None:
        """Wait in real time, or raise when the run was interrupted."""
        if self._stopped.wait(max(0.0, seconds)):
            raise _Stopped

    def enter(self, workers: int) -> None:
        """Do nothing: real time does not wait for workers."""

    def leave(self) -> None:
        """Do nothing: real time does not wait for workers."""


class _FastClock(ScaledClock):
    """A scaled clock with the interface of a shared one."""

    def enter(self, workers: int) -> None:
        """Do nothing: scaled time does not wait for workers."""

    def leave(self) -> None:
        """Do nothing: scaled time does not wait for workers."""


_Clock = SharedClock | _RealClock | _FastClock


def reference(*, real_time: bool = False) -> LibraryDriver:
    """Return the driver of the reference client."""
    return LibraryDriver(REFERENCE, REFERENCE, AdsClient, real_time=real_time)


def mutant(name: str, *, real_time: bool = False) -> LibraryDriver:
    """Return the driver of a broken client, or of a combination that begins with one.

    Raises:
        KeyError: no broken client has this name.
        CombinationError: the clients do not combine.
    """
    return _driver("mutant", name, real_time=real_time)


def benign(name: str, *, real_time: bool = False) -> LibraryDriver:
    """Return the driver of a compliant variant, or of a combination that begins with one.

    Raises:
        KeyError: no variant has this name.
        CombinationError: the clients do not combine.
    """
    return _driver("benign", name, real_time=real_time)


def template_of(label: str) -> DeclaredFile:
    """Return the template of the queues of a client: ``reference``, ``mutant:no-retry``.

    Raises:
        KeyError: no client has this name.
        CombinationError: the clients do not combine.
    """
    values = model_values() if label == REFERENCE else dict(combined(label).template)
    return {"file": MODEL.name, "values": values, "lines": {}}


def _driver(kind: str, name: str, *, real_time: bool) -> LibraryDriver:
    one = combined(f"{kind}:{name}")
    return LibraryDriver(kind, name, one.factory, real_time=real_time, workers=one.workers)


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:300]
