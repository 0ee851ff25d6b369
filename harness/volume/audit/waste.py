"""Calls that the same outcome did not need: a frozen value.

Knows the form. Must not know how it is found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.volume.audit.audited_call import AuditedCall

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Waste:
    """Calls that could have been left out, and how many others would have come ``instead``.

    ``habit`` names the row of ``features.toml`` with the practice and the advice. ``cheaper`` is
    what the calls that stay cost too much in their quota. ``says`` is the evidence in a sentence.
    """

    habit: str
    calls: tuple[AuditedCall, ...]
    says: str
    instead: int = 0
    cheaper: int = 0

    @property
    def saved(self) -> int:
        """Calls the less."""
        return len(self.calls) - self.instead

    @property
    def saved_weight(self) -> int:
        """Quota the less; what comes instead costs one a call."""
        return sum(one.weight for one in self.calls) - self.instead + self.cheaper


Finder = Callable[[Sequence[AuditedCall], ContractSet], Iterable[Waste]]
"""Looks through calls that no finder before has called waste."""


def shelved(
    calls: Iterable[AuditedCall], key: Callable[[AuditedCall], T]
) -> dict[T, list[AuditedCall]]:
    """Return the calls by key, in order."""
    found: dict[T, list[AuditedCall]] = defaultdict(list)
    for one in calls:
        found[key(one)].append(one)
    return found


def bursts(calls: Sequence[AuditedCall], seconds: float) -> list[list[AuditedCall]]:
    """Return the calls in runs that are no longer than so many seconds: so long one may wait.

    A stream of calls is several runs, however close together they come.
    """
    found: list[list[AuditedCall]] = []
    for one in calls:
        if found and one.at - found[-1][0].at <= seconds:
            found[-1].append(one)
        else:
            found.append([one])
    return found
