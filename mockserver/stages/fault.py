"""Which fault a call gets, and what it does before and after the work.

What a fault does while the answer is sent is done by the edge.
"""

from __future__ import annotations

from adsmock.contracts.contract_set import ContractSet
from adsmock.mockserver.core.call import Reply
from adsmock.mockserver.core.caller import Caller
from adsmock.mockserver.core.effect import Point, RefusalContext
from adsmock.mockserver.core.fault import CallFacts
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.core.metrics import Metrics
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.selected_fault import SelectedFault


def select(
    call: CallFacts,
    sandbox: Sandbox,
    entry: Entry,
    metrics: Metrics,
    *,
    precedes_token: bool = False,
) -> SelectedFault | None:
    """Return the fault that the sandbox's plan selects for this call, if any."""
    now = sandbox.clock.now()
    planned = sandbox.faults.select(call, now, precedes_token=precedes_token)
    return SelectedFault(planned, entry, metrics) if planned is not None else None


def refuse(
    fault: SelectedFault, point: Point, caller: Caller, contract_set: ContractSet, now: float
) -> None:
    """Refuse the call if the fault does so at this point.

    Raises:
        Injected: the refusal.
    """
    if fault.effect.point == point:
        fault.refuse(RefusalContext(now, contract_set.kind_of, lambda: _revoke(caller)))


def change(fault: SelectedFault, reply: Reply, sandbox: Sandbox) -> None:
    """Edit the reply, and let the fault send it if it acts on the wire."""
    fault.edit_reply(reply, sandbox.seed)
    if fault.effect.acts_on_wire:
        reply.fault = fault


def _revoke(caller: Caller) -> None:
    if caller.sandbox is not None and caller.token_name is not None:
        caller.sandbox.tokens.revoked.add(caller.token_name)
