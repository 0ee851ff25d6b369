"""One pass of the program in its own sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from adsmock.harness.suite import case_setup
from adsmock.harness.suite.case import Case
from adsmock.harness.suite.case_setup import State
from adsmock.harness.suite.control import Plane, PlaneError
from adsmock.harness.suite.drivers import Driver
from adsmock.harness.suite.free_run.data import Entities, fill
from adsmock.harness.suite.journal import CaseRecord
from adsmock.harness.suite.journal.labels import labels


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass left: its journal, and all entities before and after it.

    ``names`` are the profile labels by profile id; ``met`` counts the faults by id.
    """

    record: CaseRecord
    before: State = field(repr=False)
    after: State = field(repr=False)
    names: Mapping[str, str]
    met: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Stage:
    """What every pass of a free run has in common."""

    driver: Driver
    control: str
    seed: int
    data: Mapping[str, Entities]
    through_proxy: bool


def play(
    stage: Stage, case: Case, name: str, opened: Callable[[str], None] = lambda _: None
) -> Pass:
    """Run the program once in a fresh sandbox with the data and the faults of ``case``.

    The tasks of the case are left out: the program does its own work. A ``name`` of its own gives
    each pass other credentials, so that no journal is taken for a part of another. ``opened`` is
    called with the id of the sandbox before the program starts.

    Raises:
        PlaneError: the control plane refused or cannot be reached.
    """
    plane = Plane(stage.control)
    try:
        return _play(stage, case, name, plane, opened)
    finally:
        plane.close()


def _play(stage: Stage, case: Case, name: str, plane: Plane, opened: Callable[[str], None]) -> Pass:
    quiet = replace(case, id=name, tasks=(), restart=None, sandbox=replace(case.sandbox, state=()))

    def add(sandbox: str, profiles: tuple[dict[str, Any], ...]) -> None:
        fill(plane, sandbox, profiles, stage.data)

    setup = case_setup.prepare(
        plane,
        quiet,
        f"free-{stage.seed}",
        stage.seed,
        "real",
        through_proxy=stage.through_proxy,
        fill=add,
    )
    opened(setup.sandbox)
    try:
        ending = stage.driver.play(setup, plane)
        met = {str(rule["id"]): int(rule["met"]) for rule in plane.faults(setup.sandbox)}
        record = case_setup.collect(plane, setup, ending)
        after = plane.state(setup.sandbox)
    finally:
        setup.close()
        with suppress(PlaneError):
            plane.delete_sandbox(setup.sandbox)
    return Pass(record, setup.before, after, labels(setup.profiles), met)
