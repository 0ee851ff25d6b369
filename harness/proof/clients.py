"""The clients that prove the suite: the reference, each broken one, each compliant variant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal
from zlib import crc32

from adsmock.harness.compliant_variants import COMPLIANT_VARIANTS
from adsmock.harness.mutants import MUTANTS
from adsmock.harness.suite.case import Case

REFERENCE = "reference"

LARGE = 200
"""A case that needs so many calls is large: five of all cases make a quarter of the work."""

SHARE = 4
"""Of the cases that need not catch it, a broken client runs one in so many."""

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


def own_cases(client: ProofClient, cases: Iterable[Case]) -> frozenset[str]:
    """Return the cases that must catch a broken client."""
    further = MUTANTS[client.name].cases
    return frozenset(
        each.id
        for each in cases
        if each.id in further or client.kills.intersection(check.id for check in each.checks)
    )


def with_sampled_cases(client: ProofClient, cases: Sequence[Case], seed: int) -> ProofClient:
    """Return a client that runs the cases that prove something of it.

    A correct client proves all. A broken one proves its own; the others show only that no further
    check fails, for which a sample is enough: another for each client and seed, and without the
    large cases, so that all broken clients together run each other case many times. Invariants
    need no calls and are judged for each.
    """
    if client.kind != "mutant":
        return client
    own = own_cases(client, cases)
    kept = (
        each.id for each in cases if each.every or each.id in own or _is_sampled(client, each, seed)
    )
    return replace(client, cases=frozenset(kept))


def _is_sampled(client: ProofClient, case: Case, seed: int) -> bool:
    """Say whether a client runs a case that need not catch it."""
    is_drawn = crc32(f"{seed} {client.name} {case.id}".encode()) % SHARE == 0
    return is_drawn and case.trigger.min_calls < LARGE
