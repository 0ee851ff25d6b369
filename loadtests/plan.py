"""What one rehearsal does, as a value that travels to the load generator's process as a file.

Knows the settings and their JSON form. Must not know how they are carried out.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from loadtests.desk import Target

VARIABLE = "ADSMOCK_LOAD_PLAN"
"""The environment variable that tells the generator where its plan lies."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One rehearsal.

    ``user`` is ``integration`` or ``careless``, ``users`` the largest number at once,
    ``duration`` seconds. ``regions`` holds the base addresses ``ads`` and ``lwa`` of each region,
    ``credentials`` the members ``clientId``, ``clientSecret`` and ``refreshToken``.
    """

    user: str
    shape: str
    duration: float
    users: int
    seed: int
    regions: dict[str, dict[str, str]]
    credentials: dict[str, str]
    targets: tuple[Target, ...]
    result: str

    def write(self, path: Path) -> None:
        """Write the plan where the generator will find it."""
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")


def read(path: Path) -> Plan:
    """Return the plan that ``write`` wrote."""
    members: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    targets = tuple(
        Target(**{**each, "keyword_ids": tuple(each["keyword_ids"])})
        for each in members.pop("targets")
    )
    return Plan(targets=targets, **members)
