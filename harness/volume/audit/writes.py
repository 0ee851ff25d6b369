"""Waste in writes: half-empty batches, unchanged values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.volume import call_model
from adsmock.harness.volume.audit.audited_call import AuditedCall
from adsmock.harness.volume.audit.waste import Waste, bursts, grouped

GATHER = 60.0
"""Seconds that a write may wait to share a call (own choice: a queue of one minute)."""

_WRITES = frozenset({"create", "update", "archive"})


def half_empty(
    calls: Sequence[AuditedCall], contract_set: ContractSet, gather: float = GATHER
) -> Iterator[Waste]:
    """Find writes of one operation and profile, close together, that fit into fewer calls."""
    writes = [call for call in calls if call.is_good and call.verb in _WRITES]
    for (operation, _), own in grouped(
        writes, lambda write: (write.operation, write.place)
    ).items():
        contract = contract_set.by_name.get(own[0].resource)
        most = contract.batch_maximum if contract else None
        if most is None:
            continue
        for run in bursts(own, gather):
            items = sum(each.items for each in run)
            needed = max(1, call_model.batches(items, most))
            if len(run) > needed:
                says = f"{operation}: {len(run)} calls for {items} items; {needed} would be enough"
                yield Waste("batch", tuple(run[needed:]), says)


def unchanged(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:
    """Find updates that write only values that are already set."""
    updates = [call for call in calls if call.is_good and call.verb == "update"]
    for (operation, _), own in grouped(
        updates, lambda update: (update.operation, update.place)
    ).items():
        contract = contract_set.by_name.get(own[0].resource)
        identity = contract.identity.field if contract and contract.identity else ""
        written: dict[str, dict[str, str]] = {}
        idle = []
        for each in own:
            news = [_has_changes(written, item, identity) for item in _items(each.request)]
            if news and not any(news):
                idle.append(each)
        if idle:
            says = f"{operation}: {len(idle)} calls wrote only unchanged values"
            yield Waste("unchanged", tuple(idle), says)


def _items(request: Any) -> list[dict[str, Any]]:
    values = request.values() if isinstance(request, dict) else [request]
    return [item for rows in values if isinstance(rows, list) for item in rows if _is_item(item)]


def _is_item(item: Any) -> bool:
    return isinstance(item, dict)


def _has_changes(written: dict[str, dict[str, str]], item: dict[str, Any], identity: str) -> bool:
    """Record an item's members; return whether any of them changed."""
    known = written.setdefault(str(item.get(identity)), {})
    values = {name: json.dumps(value, sort_keys=True) for name, value in item.items()}
    is_new = any(known.get(name) != value for name, value in values.items())
    known.update(values)
    return is_new
