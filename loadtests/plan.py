"""One rehearsal's settings, in a form that can be sent to the load generator's processes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from adsmock.loadtests.shape import Shape, shapes
from adsmock.loadtests.work_queue import Target

OPTION = "--adsmock-plan"
"""Option of the load generator that names the plan's file."""

FILE, RESULT = "plan.json", "result.json"
"""Names of the plan and the result in the report's folder."""

INTERVALS = 600
"""Smallest number of intervals in which calls are counted; a curve shows fewer."""


class RehearsalPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rehearsal.

    ``behavior`` names a row of ``behaviors.toml``. ``users`` is the largest number at once,
    ``duration`` is seconds, ``workers`` counts the processes that generate load. ``regions`` holds
    the base addresses ``ads`` and ``lwa`` of each region, ``credentials`` the members
    ``clientId``, ``clientSecret`` and ``refreshToken``. ``result`` is a path.
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

    @property
    def interval(self) -> int:
        """Seconds that are counted together: one, or more when a run takes hours."""
        return max(1, int(self.duration / INTERVALS))

    @property
    def event(self) -> Shape:
        """The shape itself."""
        return shapes()[self.shape]

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
