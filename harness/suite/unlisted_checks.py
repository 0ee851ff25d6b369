"""The checks that no case file lists, because every case can get them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CLAIM = "x.claim"
"""The check that every case gets in which the client reports a success."""

WORK = "x.work"
"""The check that every case gets in a free run's round: nothing is lost or doubled."""


@dataclass(frozen=True, slots=True)
class UnlistedCheck:
    """What such a check requires, where it is judged, and how to fix a failure."""

    title: str
    claim: str
    judged: str
    how_to_fix: str


UNLISTED = {
    CLAIM: UnlistedCheck(
        "A reported success is true",
        "Your program reports success only for work that the mock received and accepted.",
        "in each case in which the reply of an adapter or a printed line reports success",
        "Report success only for work that a reply of the API confirms, and name the rest.",
    ),
    WORK: UnlistedCheck(
        "Work is done once, or the program says that it failed",
        "In a round with faults your program achieves what it achieves without faults, each piece "
        "once. Otherwise it ends with an exit code other than 0. Work that is done twice fails "
        "with any exit code.",
        "in each case of a free run whose faults your program met",
        "Repeat work that failed for now until it is done once, but not what was refused for good "
        "(see B02). Look up what a lost answer did before you repeat it, and repeat it under the "
        "same name. End with an exit code other than 0 when something is left undone.",
    ),
}

MOVED = (
    "Take the id of a parent from the row of the 207 that has its index (see B03), and "
    "create children only below parents that were created."
)
"""How to fix doubled work that is below another parent."""


def how_to_fix(check: str, numbers: Mapping[str, Any]) -> str:
    """Return the advice for a failure of such a check, by the numbers of its finding."""
    return MOVED if numbers.get("moved") else UNLISTED[check].how_to_fix
