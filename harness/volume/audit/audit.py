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
from adsmock.harness.volume.audit.suite_tasks import SuiteTasks
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
    jobs.intraday_reports,
    jobs.duplicates,
    jobs.short_reports,
    jobs.frequent_polls,
)


UNAUTHORIZED = 401

TOKENS = "lwa.token"

NO_TASKS = SuiteTasks()

GATHERED = frozenset({writes.half_empty})
"""Finders that depend on how long work may wait to share a call."""


@dataclass(frozen=True, slots=True)
class Audit:
    """All calls, and the waste among them, the most expensive first.

    ``injected`` are calls that adsmock answered with a fault, ``resent`` those that repeat them.
    Neither is waste: the client had to make both. ``given`` are calls that look like waste, but are
    tasks of a conformance run.
    """

    calls: tuple[AuditedCall, ...]
    wastes: tuple[Waste, ...]
    injected: tuple[AuditedCall, ...] = ()
    resent: tuple[AuditedCall, ...] = ()
    given: tuple[AuditedCall, ...] = ()

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
    calls: Sequence[AuditedCall],
    contract_set: ContractSet,
    gather: float = writes.GATHER,
    tasks: SuiteTasks = NO_TASKS,
) -> Audit:
    """Return the audit of calls that are in order of arrival.

    ``gather`` is how many seconds a write may wait to share a call; ``tasks`` are those of the
    suite, if the calls are of a conformance run.
    """
    injected, resent = _required(calls)
    spared = {call.line for call in (*injected, *resent)}
    left = [call for call in calls if call.line not in spared]
    wastes: list[Waste] = []
    for find in (partial(each, gather=gather) if each in GATHERED else each for each in FINDERS):
        for waste in find(left, contract_set):
            wastes.append(waste)
            lost = {call.line for call in waste.calls}
            left = [each for each in left if each.line not in lost]
    wastes, given = tasks.without_tasks(wastes)
    ordered = tuple(sorted(wastes, key=lambda each: -each.saved_weight))
    return Audit(tuple(calls), ordered, tuple(injected), tuple(resent), tuple(given))


def _required(calls: Sequence[AuditedCall]) -> tuple[list[AuditedCall], list[AuditedCall]]:
    """Return the calls with an injected fault, and the first call that repairs each of them.

    A repair repeats the call, or takes a new token after an injected 401.
    """
    injected: list[AuditedCall] = []
    resent: list[AuditedCall] = []
    broken: set[str] = set()
    revoked: set[str] = set()
    for call in calls:
        if call.is_broken:
            injected.append(call)
            broken.add(call.chain)
            if call.status == UNAUTHORIZED:
                revoked.add(call.client)
        elif call.chain in broken:
            resent.append(call)
            broken.discard(call.chain)
        elif call.operation == TOKENS and call.client in revoked:
            resent.append(call)
            revoked.discard(call.client)
    return injected, resent
