"""Waste in refused calls, and in tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.volume import call_model
from adsmock.harness.volume.audit.audited_call import THROTTLED, AuditedCall
from adsmock.harness.volume.audit.waste import Waste, grouped
from adsmock.harness.volume.plan import BEST

_MINUTE = 60.0


def throttled(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find throttled calls."""
    for operation, own in grouped(calls, lambda call: call.operation).items():
        refused = tuple(each for each in own if each.status == THROTTLED)
        if refused:
            says = f"{operation}: {len(refused)} of {len(own)} calls were throttled"
            yield Waste("refused", refused, says)


def repeated_refusals(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find rejected calls that were sent again unchanged."""
    wrong = [call for call in calls if call.is_wrong and call.operation != "lwa.token"]
    again = [
        item
        for own in grouped(wrong, lambda each: (each.place, each.chain, each.status)).values()
        for item in own[1:]
    ]
    if again:
        yield Waste("wrong", tuple(again), f"{len(again)} calls repeated a rejected call")


def tokens(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find tokens beyond one per hour of work; a token is valid in all regions.

    Clients with the same excess are one row: a free run has a client for each round.
    """
    found: defaultdict[str, list[tuple[AuditedCall, ...]]] = defaultdict(list)
    for own in grouped(calls, lambda call: call.client).values():
        taken = [each for each in own if each.operation == "lwa.token" and each.is_good]
        busy = sorted({int(each.at // _MINUTE) for each in own})
        lifetime = min(map(_lifetime, taken), default=_MINUTE)
        if lifetime < _MINUTE:
            continue  # the times of calls are compared in minutes
        needed = len(call_model.renewals(busy, min(BEST.token_minutes, lifetime // _MINUTE)))
        if len(taken) > needed:
            says = f"{len(taken)} tokens were requested; {needed} would be enough"
            found[says].append(tuple(taken[needed:]))
    for says, each in found.items():
        times = f"{len(each)} clients: {says} for each" if len(each) > 1 else says
        yield Waste("token_minutes", tuple(call for some in each for call in some), times)


def _lifetime(grant: AuditedCall) -> float:
    """Return the seconds for which a token is valid: what its answer says, else an hour."""
    seconds = grant.reply.get("expires_in") if isinstance(grant.reply, dict) else None
    return float(seconds) if isinstance(seconds, int) else 60 * _MINUTE
