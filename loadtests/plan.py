"""What one rehearsal does, as a value that travels to the load generator's processes.

Knows the settings and their JSON form. Must not know how they are carried out.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from adsmock.loadtests.shape import Shape, shapes
from adsmock.loadtests.work_queue import Target

VARIABLE = "ADSMOCK_LOAD_PLAN"
"""The environment variable that tells the generator where its plan lies."""


MOMENTS = 600
"""Points in time that counts are told apart by, at least: a curve shows fewer."""


@dataclass(frozen=True, slots=True)
class RehearsalPlan:
    """One rehearsal.

    ``behavior`` names a row of ``behaviors.toml``. ``users`` is the largest number at once,
    ``duration`` is seconds, ``workers`` counts the processes that generate load. ``regions`` holds
    the base addresses ``ads`` and ``lwa`` of each region, ``credentials`` the members
    ``clientId``, ``clientSecret`` and ``refreshToken``.
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
    def width(self) -> int:
        """The seconds that are counted together: one, or more where a run takes hours."""
        return max(1, int(self.duration / MOMENTS))

    @property
    def event(self) -> Shape:
        """The shape itself."""
        return shapes()[self.shape]

    def document(self) -> dict[str, Any]:
        """Return the plan as JSON."""
        return asdict(self)

    def write(self, path: Path) -> None:
        """Write the plan where the generator will find it."""
        path.write_text(json.dumps(self.document(), indent=1), encoding="utf-8")


def read(path: Path) -> RehearsalPlan:
    """Return the plan that ``write`` wrote."""
    return parse(json.loads(path.read_text(encoding="utf-8")))


def parse(document: dict[str, Any]) -> RehearsalPlan:
    """Return the plan that ``document`` gave."""
    members = dict(document)
    targets = tuple(
        Target(**{**each, "keyword_ids": tuple(each["keyword_ids"])})
        for each in members.pop("targets")
    )
    return RehearsalPlan(targets=targets, **members)
