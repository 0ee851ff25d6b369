"""Calls that the same outcome did not need."""

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
    """Unnecessary calls, and the number of calls ``instead``.

    ``habit`` names the row of ``features.toml`` with practice and advice. ``cheaper`` is the quota
    that the remaining calls could save. ``says`` is the evidence in one sentence.
    """

    habit: str
    calls: tuple[AuditedCall, ...]
    says: str
    instead: int = 0
    cheaper: int = 0

    @property
    def saved(self) -> int:
        """Number of calls saved."""
        return len(self.calls) - self.instead

    @property
    def saved_weight(self) -> int:
        """Quota weight saved; a call instead costs 1."""
        return sum(call.weight for call in self.calls) - self.instead + self.cheaper


Finder = Callable[[Sequence[AuditedCall], ContractSet], Iterable[Waste]]
"""Searches the calls that no earlier finder has reported."""


def grouped(
    calls: Iterable[AuditedCall], key: Callable[[AuditedCall], T]
) -> dict[T, list[AuditedCall]]:
    """Return the calls by key, in order of arrival."""
    found: dict[T, list[AuditedCall]] = defaultdict(list)
    for call in calls:
        found[key(call)].append(call)
    return found


def bursts(calls: Sequence[AuditedCall], seconds: float) -> list[list[AuditedCall]]:
    """Return the calls in groups that last at most ``seconds`` each.

    A continuous stream of calls becomes several groups.
    """
    found: list[list[AuditedCall]] = []
    for call in calls:
        if found and call.at - found[-1][0].at <= seconds:
            found[-1].append(call)
        else:
            found.append([call])
    return found
