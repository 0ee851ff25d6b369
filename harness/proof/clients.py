"""All clients that prove the suite: the reference, each broken one, each lawful variation.

Knows names and what each client is known for. Must not know how a client is played or judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from adsmock.harness.compliant_variants import COMPLIANT_VARIANTS
from adsmock.harness.mutants import MUTANTS

REFERENCE = "reference"

Kind = Literal["reference", "mutant", "benign"]


@dataclass(frozen=True, slots=True)
class Player:
    """One client: what it is, what it does otherwise, and the checks that must fail for it."""

    kind: Kind
    name: str
    habit: str = ""
    kills: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """Return the name that ``conform --client`` knows it by."""
        return self.name if self.kind == REFERENCE else f"{self.kind}:{self.name}"


def roster(wanted: str = "*") -> tuple[Player, ...]:
    """Return the players whose name or label matches a glob, in the order of the matrix."""
    players = (
        Player("reference", REFERENCE),
        *(Player("mutant", row.name, row.defect, frozenset(row.kills)) for row in MUTANTS.values()),
        *(Player("benign", row.name, row.behavior) for row in COMPLIANT_VARIANTS.values()),
    )
    return tuple(
        one for one in players if fnmatchcase(one.name, wanted) or fnmatchcase(one.label, wanted)
    )
