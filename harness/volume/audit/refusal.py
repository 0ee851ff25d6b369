"""Waste in what was refused, and in tokens.

Knows statuses and tokens. Must not know plans.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.volume import call_model
from adsmock.harness.volume.audit.audited_call import THROTTLED, AuditedCall
from adsmock.harness.volume.audit.waste import Waste, shelved
from adsmock.harness.volume.plan import BEST

_MINUTE = 60.0


def throttled(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find calls that the quota refused."""
    for operation, own in shelved(calls, lambda one: one.operation).items():
        refused = tuple(one for one in own if one.status == THROTTLED)
        if refused:
            says = f"{operation}: {len(refused)} of {len(own)} calls were refused for quota"
            yield Waste("refused", refused, says)


def stubborn(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find calls sent again, unchanged, after they had been refused as wrong."""
    wrong = [one for one in calls if one.is_wrong and one.operation != "lwa.token"]
    again = [
        one
        for own in shelved(wrong, lambda one: (one.place, one.chain, one.status)).values()
        for one in own[1:]
    ]
    if again:
        yield Waste("wrong", tuple(again), f"{len(again)} calls repeated what had been refused")


def tokens(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find tokens beyond one for each hour of work; one serves in all regions."""
    for own in shelved(calls, lambda one: one.client).values():
        taken = [one for one in own if one.operation == "lwa.token" and one.is_good]
        busy = sorted({int(one.at // _MINUTE) for one in own})
        needed = len(call_model.renewals(busy, BEST.token_minutes))
        if len(taken) > needed:
            says = f"{len(taken)} tokens were taken; {needed} would serve"
            yield Waste("token_minutes", tuple(taken[needed:]), says)
