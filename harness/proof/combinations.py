"""Random combinations of clients: pairs of defects, a defect with habits, and habits alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from adsmock.harness.client.random_source import SeededRandom
from adsmock.harness.combination import JOIN, CombinationError, combined
from adsmock.harness.compliant_variants import COMPLIANT_VARIANTS
from adsmock.harness.mutants import MUTANTS
from adsmock.harness.proof.clients import ProofClient

MIXES = (("benign", "benign"), ("mutant", "mutant"), ("benign",) * 3, ("mutant", "benign"))
"""The kinds of clients that a combination takes, in turn: half of all are correct."""


@dataclass(slots=True)
class Combinations:
    """Combined clients, and why other random choices were skipped."""

    clients: list[ProofClient] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    """Reasons by the label of the combination."""


def random_combinations(count: int, seed: int) -> Combinations:
    """Return ``count`` different combinations; those that conflict are skipped and named."""
    random_source = SeededRandom(f"combinations:{seed}")
    found = Combinations()
    seen: set[str] = set()
    while len(found.clients) < count:
        mix = MIXES[len(found.clients) % len(MIXES)]
        label = _draw(mix, random_source)
        if label in seen:
            continue
        seen.add(label)
        try:
            found.clients.append(combined_client(label))
        except CombinationError as error:
            found.skipped[label] = str(error)
    return found


def combined_client(label: str) -> ProofClient:
    """Return the client of a label such as ``mutant:no-jitter+benign:poll-30s``.

    A broken one is run in the cases of the checks that catch its defects.

    Raises:
        KeyError: no client has one of the names.
        CombinationError: the clients do not combine.
    """
    one = combined(label)
    kind, _, name = label.partition(":")
    return ProofClient(
        "mutant" if kind == "mutant" else "benign",
        name,
        ", and ".join(one.habits),
        one.kills,
        cases=one.cases,
        is_one_kill_enough=True,
    )


def _draw(mix: Sequence[str], random_source: SeededRandom) -> str:
    """Return a label of different random clients, in the order of their kinds."""
    names = {"mutant": list(MUTANTS), "benign": list(COMPLIANT_VARIANTS)}
    labels: list[str] = []
    for kind in mix:
        left = [name for name in names[kind] if f"{kind}:{name}" not in labels]
        labels.append(f"{kind}:{left[int(random_source.fraction() * len(left))]}")
    return JOIN.join(labels)
