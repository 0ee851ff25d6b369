"""The clients that prove the suite: the reference, each broken one, each compliant variant."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from adsmock.harness.compliant_variants import COMPLIANT_VARIANTS
from adsmock.harness.mutants import MUTANTS

REFERENCE = "reference"

Kind = Literal["reference", "mutant", "benign"]


@dataclass(frozen=True, slots=True)
class ProofClient:
    """One client: its kind, its habit or defect, and the checks that must fail for it.

    A combined client is run in ``cases``, in all if there are none. Of its checks, one that fails
    is enough: one defect may prevent the other.
    """

    kind: Kind
    name: str
    habit: str = ""
    kills: frozenset[str] = frozenset()
    cases: frozenset[str] = frozenset()
    is_one_kill_enough: bool = False

    @property
    def label(self) -> str:
        """Return its name for ``conform --client``."""
        return self.name if self.kind == REFERENCE else f"{self.kind}:{self.name}"


def proof_clients(wanted: str = "*") -> tuple[ProofClient, ...]:
    """Return the clients whose name or label matches a glob, in the order of the matrix."""
    clients = (
        ProofClient("reference", REFERENCE),
        *(
            ProofClient("mutant", row.name, row.defect, frozenset(row.kills))
            for row in MUTANTS.values()
        ),
        *(ProofClient("benign", row.name, row.behavior) for row in COMPLIANT_VARIANTS.values()),
    )
    return tuple(
        client
        for client in clients
        if fnmatchcase(client.name, wanted) or fnmatchcase(client.label, wanted)
    )
