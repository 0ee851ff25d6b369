"""A stopped run: what its folder keeps, so that a later command continues it."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from adsmock.loadtests.counters import Counters
from adsmock.loadtests.generator import Stop
from adsmock.loadtests.plan import FILE as PLAN
from adsmock.loadtests.plan import RehearsalPlan, document, parse
from adsmock.loadtests.verdict import MockLoad
from adsmock.loadtests.work_queue import StoredQueue

FILE = "checkpoint.json"

MOCK = "mock"
"""Folder of the mock's state: entities, jobs, faults and the clock of the event."""

VERSION = 1

LONG = 600.0
"""Seconds from which a run can be continued without ``--stop-after``."""

OWN = frozenset({"resume", "stop_after", "join", "live", "web_ui"})
"""Arguments that belong to one command, not to the event."""


class CheckpointError(ValueError):
    """A folder without a run to continue; the text contains the place and the reason."""


class Checkpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a run has done so far.

    ``parts`` is how often it has run, ``elapsed`` the seconds of all parts. ``counts`` is what
    ``Counters.drain`` returns. ``audited`` is the minimum of calls of a program with its own work.
    """

    version: int
    arguments: dict[str, Any]
    parts: int
    elapsed: float
    counts: dict[str, Any]
    queues: tuple[StoredQueue, ...]
    processes: list[dict[str, Any]]
    mock_load: MockLoad
    audited: int | None = None

    def write(self, folder: Path) -> None:
        """Write it into the report folder."""
        (folder / FILE).write_bytes(msgspec.json.encode(self))

    def totals(self) -> dict[str, int]:
        """Return the calls by outcome, and the waiting work items."""
        counters = Counters()
        counters.merge(self.counts)
        waiting = 0 if self.audited is not None else counters.waiting()
        return counters.totals() | {"waiting": waiting}

    def joined(self, result: dict[str, Any]) -> dict[str, Any]:
        """Return the counts of a later part together with those of the earlier ones."""
        counters = Counters()
        counters.merge(self.counts)
        counters.merge(result)
        worst = {
            name: max(each[name] for each in (*self.processes, *result["processes"]))
            for name in ("cpu", "late")
        }
        audited = None if self.audited is None else self.audited + (result["audited"] or 0)
        return (
            result
            | counters.drain()
            | {"processes": [each | worst for each in result["processes"]], "audited": audited}
        )

    def namespace(self, own: argparse.Namespace) -> argparse.Namespace:
        """Return the arguments of the event, with those of the command that continues it."""
        paths = {
            name: Path(self.arguments[name])
            for name in ("quotas", "thresholds")
            if self.arguments[name] is not None
        }
        kept = {name: getattr(own, name) for name in OWN} | {"report_dir": own.resume}
        return argparse.Namespace(**{**vars(own), **self.arguments, **paths, **kept})


def is_kept(arguments: argparse.Namespace) -> bool:
    """Return whether a run keeps what a later command needs to continue it."""
    if arguments.compare or arguments.find_limit:
        return False
    wanted = arguments.stop_after is not None or arguments.resume is not None
    return wanted or arguments.duration >= LONG


def values(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments of the event in a form that can be written."""
    return {
        name: str(value) if isinstance(value, Path) else value
        for name, value in vars(arguments).items()
        if isinstance(value, (str, int, float, bool, Path, type(None)))
        and name not in OWN | {"report_dir"}
    }


def read(folder: Path) -> tuple[Checkpoint, RehearsalPlan]:
    """Return the checkpoint in a report folder, with the plan of its run.

    Raises:
        CheckpointError: there is none, or it is from another version.
    """
    try:
        found = msgspec.json.decode((folder / FILE).read_bytes(), type=Checkpoint)
        plan = parse(document(str(folder / PLAN)))
    except (FileNotFoundError, NotADirectoryError):
        raise CheckpointError(
            f"{folder} has no stopped run: name the report folder of a run that was stopped by ^C "
            "or --stop-after"
        ) from None
    except (OSError, ValueError) as broken:
        raise CheckpointError(f"{folder / FILE} cannot be read: {broken}") from None
    if found.version != VERSION:
        raise CheckpointError(
            f"{folder / FILE} has version {found.version}: this adsmock continues runs of "
            f"version {VERSION}"
        )
    return found, plan


@contextmanager
def stop_on_interrupt(stop: Stop) -> Iterator[None]:
    """Let the first ^C stop the run in order; the second one interrupts it."""

    def ask(_signal: int, _frame: Any) -> None:
        if stop.is_asked:
            raise KeyboardInterrupt
        stop.is_asked = True

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
