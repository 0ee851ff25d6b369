"""The audit of a journal: all finders in order, and the ratio of calls to the optimum.

A call is waste once, for the first reason that applies, so that savings add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.volume.audit import jobs, reads, refusal, writes
from adsmock.harness.volume.audit.audited_call import AuditedCall
from adsmock.harness.volume.audit.waste import Finder, Waste

FINDERS: tuple[Finder, ...] = (
    refusal.throttled,
    refusal.repeated_refusals,
    refusal.tokens,
    reads.repeated,
    reads.one_by_one,
    reads.whole_accounts,
    reads.small_pages,
    reads.extended,
    writes.unchanged,
    writes.half_empty,
    jobs.duplicates,
    jobs.short_reports,
    jobs.frequent_polls,
)


GATHERED = frozenset({writes.half_empty})
"""Finders that depend on how long work may wait to share a call."""


@dataclass(frozen=True, slots=True)
class Audit:
    """All calls, and the waste among them, the most expensive first."""

    calls: tuple[AuditedCall, ...]
    wastes: tuple[Waste, ...]

    @property
    def total(self) -> int:
        """All calls to the API and the token endpoint."""
        return len(self.calls)

    @property
    def optimum(self) -> int:
        """The minimum number of calls for the same outcome."""
        return self.total - sum(waste.saved for waste in self.wastes)

    @property
    def ratio(self) -> float:
        """Calls / optimum; 1.0 is the best."""
        return self.total / max(1, self.optimum)

    @property
    def is_blind(self) -> bool:
        """Whether the journal has no bodies: pages, ids and days cannot be judged then."""
        lists = [call for call in self.calls if call.verb in {"list", "create", "update"}]
        return bool(lists) and all(each.request is None for each in lists)


def audit(
    calls: Sequence[AuditedCall], contract_set: ContractSet, gather: float = writes.GATHER
) -> Audit:
    """Return the audit of calls that are in order of arrival.

    ``gather`` is how many seconds a write may wait to share a call.
    """
    left = list(calls)
    wastes: list[Waste] = []
    for find in (partial(each, gather=gather) if each in GATHERED else each for each in FINDERS):
        for waste in find(left, contract_set):
            wastes.append(waste)
            lost = {call.line for call in waste.calls}
            left = [each for each in left if each.line not in lost]
    return Audit(tuple(calls), tuple(sorted(wastes, key=lambda each: -each.saved_weight)))
