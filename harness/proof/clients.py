"""The clients that prove the suite: the reference, each broken one, each compliant variant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

from adsmock.harness.compliant_variants import COMPLIANT_VARIANTS
from adsmock.harness.mutants import MUTANTS
from adsmock.harness.suite.case import Case

REFERENCE = "reference"

LARGE = 200
"""A case that needs so many calls is large: the five such cases make 42 % of all calls."""

Kind = Literal["reference", "mutant", "benign"]


@dataclass(frozen=True, slots=True)
class ProofClient:
    """One client: its kind, its habit or defect, and the checks that must fail for it.

    It is run in ``cases``, in all if there are none. Of the checks of a combined client, one that
    fails is enough: one defect may prevent the other.
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


def without_large_cases(client: ProofClient, cases: Iterable[Case]) -> ProofClient:
    """Return a client that skips the large cases in which it proves nothing.

    A broken client proves the cases whose checks must fail for it. A correct one proves all.
    """
    if client.kind != "mutant":
        return client
    kept = [
        each.id
        for each in cases
        if each.trigger.min_calls < LARGE
        or client.kills.intersection(check.id for check in each.checks)
    ]
    return replace(client, cases=frozenset(kept))
