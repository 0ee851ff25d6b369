"""One rehearsal's settings, in a form that can be sent to the load generator's processes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from adsmock.loadtests.counters import interval
from adsmock.loadtests.own_work import EXPECTED
from adsmock.loadtests.planned_work import PlannedWork
from adsmock.loadtests.shape import Shape, shapes
from adsmock.loadtests.work_queue import StoredQueue, Target

OPTION = "--adsmock-plan"
"""Option of the load generator that names the plan's file."""

FILE, RESULT = "plan.json", "result.json"
"""Names of the plan and the result in the report's folder."""

CASE = "load"
"""Name of the case in every task of a rehearsal."""

Kind = Literal["adapter", "command", "observed"]


class Program(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The partner's program: a shell command, and how often it runs at once.

    ``tasks`` is how many tasks one copy of an adapter gets at once. ``target`` is the partner's
    test or Locust user class that the command runs. ``expected`` are the kinds of work that
    one with its own work must do.
    """

    kind: Kind
    command: str
    copies: int = 1
    tasks: int = 4
    target: str = ""
    expected: tuple[str, ...] = EXPECTED

    @property
    def name(self) -> str:
        """The target, or the first word of the command."""
        return self.target or self.command.strip().partition(" ")[0]

    @property
    def has_tasks(self) -> bool:
        """Whether the copies get the work of the event as tasks."""
        return self.kind != "observed"

    @property
    def grows_by_copies(self) -> bool:
        """Whether only more copies make more load: neither tasks nor Locust users do."""
        return not self.has_tasks and (not self.target or self.target.startswith("pytest"))

    def share(self, index: int, of: int) -> int:
        """Return how many copies the ``index``-th of ``of`` processes runs: at least one."""
        return max(1, len(range(index, self.copies, of)))


class RehearsalPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rehearsal.

    ``behavior`` names a row of ``behaviors.toml``. ``users`` is the largest number at once,
    ``duration`` is seconds, ``workers`` counts the processes that generate load. ``regions`` holds
    the base addresses ``ads`` and ``lwa`` of each region, ``credentials`` the members
    ``clientId``, ``clientSecret`` and ``refreshToken``. ``result`` is a path.

    ``program`` replaces the bundled users. It learns ``control`` (an address), ``sandbox`` (an id)
    and ``trust``: ``proxy`` and ``caBundle``, when it calls Amazon's own host names.

    ``planned`` is the work of a partner's plan, which replaces the one of the event.

    ``rate`` is the sandbox's seconds per second. A resumed run begins at ``offset`` seconds, with
    the work of its ``queues``.
    """

    behavior: str
    shape: str
    duration: float
    users: int
    seed: int
    regions: dict[str, dict[str, str]]
    credentials: dict[str, str]
    targets: tuple[Target, ...]
    result: str
    workers: int = 1
    program: Program | None = None
    control: str = ""
    sandbox: str = ""
    is_live: bool = False
    trust: Mapping[str, str] = msgspec.field(default_factory=dict)
    rate: float = 1.0
    offset: float = 0.0
    queues: tuple[StoredQueue, ...] = ()
    planned: PlannedWork | None = None

    @property
    def access(self) -> dict[str, Any]:
        """Where a program sends its calls, and with which credentials: as in a task file."""
        return {
            "case": CASE,
            "seed": self.seed,
            "regions": self.regions,
            "profiles": [
                {
                    "profileId": target.profile_id,
                    "region": target.region,
                    "countryCode": target.country,
                }
                for target in self.targets
            ],
            "credentials": self.credentials,
            **self.trust,
        }

    @property
    def interval(self) -> int:
        """Seconds that are counted together: one, or more when a run takes hours."""
        return interval(self.duration)

    @property
    def event(self) -> Shape:
        """The shape itself."""
        return self.planned.shape if self.planned else shapes()[self.shape]

    def write(self, path: Path) -> None:
        """Write the plan as JSON."""
        path.write_text(json.dumps(msgspec.to_builtins(self), indent=1), encoding="utf-8")


def document(path: str) -> Any:
    """Return the JSON document that ``write`` wrote."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def parse(values: Any) -> RehearsalPlan:
    """Return the plan in a JSON document.

    Raises:
        msgspec.ValidationError: a member is unknown, missing or of another type.
    """
    return msgspec.convert(values, RehearsalPlan)
