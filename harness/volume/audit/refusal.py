"""Waste in refused calls, and in tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.volume import call_model
from adsmock.harness.volume.audit.audited_call import THROTTLED, AuditedCall
from adsmock.harness.volume.audit.waste import Waste, grouped
from adsmock.harness.volume.plan import BEST

_MINUTE = 60.0


def throttled(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find throttled calls."""
    for operation, own in grouped(calls, lambda one: one.operation).items():
        refused = tuple(one for one in own if one.status == THROTTLED)
        if refused:
            says = f"{operation}: {len(refused)} of {len(own)} calls were throttled"
            yield Waste("refused", refused, says)


def repeated_refusals(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find rejected calls that were sent again unchanged."""
    wrong = [one for one in calls if one.is_wrong and one.operation != "lwa.token"]
    again = [
        one
        for own in grouped(wrong, lambda one: (one.place, one.chain, one.status)).values()
        for one in own[1:]
    ]
    if again:
        yield Waste("wrong", tuple(again), f"{len(again)} calls repeated a rejected call")


def tokens(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find tokens beyond one per hour of work; a token is valid in all regions."""
    for own in grouped(calls, lambda one: one.client).values():
        taken = [one for one in own if one.operation == "lwa.token" and one.is_good]
        busy = sorted({int(one.at // _MINUTE) for one in own})
        needed = len(call_model.renewals(busy, BEST.token_minutes))
        if len(taken) > needed:
            says = f"{len(taken)} tokens were requested; {needed} would be enough"
            yield Waste("token_minutes", tuple(taken[needed:]), says)
