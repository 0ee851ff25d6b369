"""Waste in reads: repetition, one id at a time, small pages, whole accounts page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.model import Contract
from adsmock.harness.volume import call_model
from adsmock.harness.volume.audit.audited_call import AuditedCall
from adsmock.harness.volume.audit.waste import Waste, bursts, grouped

FRESH = 900.0
"""Seconds for which a read is current (own choice, as the reference client's cache)."""

TOGETHER = 60.0
"""Seconds between reads that one read could replace (own choice)."""

FEW = 5
"""Number of single-id reads that counts as a loop (own choice)."""

EXPORT_SECONDS = 60.0
"""Assumed duration of an export, in seconds, when the journal shows none."""

_PART = frozenset({"nextToken", "maxResults", "includeExtendedDataFields"})
_WRITES = frozenset({"create", "update", "archive", "delete"})


def repeated(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find reads that repeat a recent read, with no write of the family in between."""
    last: dict[tuple[str, ...], float] = {}
    again: list[AuditedCall] = []
    for one in calls:
        family = one.operation.partition(".")[0]
        if one.verb in _WRITES:
            last = {key: at for key, at in last.items() if key[:2] != (family, one.profile)}
        elif one.is_good and one.verb == "list" and not _is_follow_up(one):
            key = (family, one.profile, one.client, one.region, one.chain)
            if one.at - last.get(key, float("-inf")) < FRESH:
                again.append(one)
            else:
                last[key] = one.at
    for operation, own in grouped(again, lambda one: one.operation).items():
        says = f"{operation}: {len(own)} reads repeat an answer of the last 15 minutes"
        yield Waste("repeated", tuple(own), says)


def one_by_one(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:
    """Find single-id reads, close together, that one filtered read could replace."""
    single = [one for one in calls if one.is_good and _ids(one, contract_set) == 1]
    for (operation, _), own in grouped(single, lambda one: (one.operation, one.place)).items():
        most = _size(own[0], contract_set)
        for run in bursts(own, TOGETHER):
            needed = call_model.batches(len(run), most)
            if len(run) >= FEW:
                says = (
                    f"{operation}: {len(run)} reads of one id each; {needed} would bring them all"
                )
                yield Waste("ids", tuple(run[needed:]), says)


def small_pages(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:
    """Find loops over pages that are smaller than they could be."""
    for loop in _loops(calls):
        entities = sum(_shown(one, contract_set) for one in loop)
        needed = call_model.pages(entities, _size(loop[0], contract_set))
        if len(loop) > needed:
            says = f"{loop[0].operation}: {len(loop)} pages for {entities} entities; {needed} do"
            yield Waste("page", tuple(loop[needed:]), says)


def whole_accounts(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:
    """Find unfiltered reads of accounts, page by page, where an export costs less quota."""
    export = call_model.job(EXPORT_SECONDS, call_model.EXPORT_POLLING).total
    for loop in _loops(calls):
        if _filters(loop[0]) or not loop[0].operation.startswith("sp."):
            continue
        needed = call_model.pages(
            sum(_shown(one, contract_set) for one in loop), _size(loop[0], contract_set)
        )
        if needed * loop[0].weight > export:
            says = f"{loop[0].operation}: {len(loop)} pages of a whole account; "
            says += f"an export takes {export} calls"
            yield Waste("structure", tuple(loop), says, instead=export)


def extended(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:
    """Find extended data in reads without ids: copies that do not need the serving status."""
    costly = [
        one for one in calls if one.is_good and one.is_extended and not _ids(one, contract_set)
    ]
    for operation, own in grouped(costly, lambda one: one.operation).items():
        extra = sum(one.weight - (one.row.weight if one.row else 1) for one in own)
        says = f"{operation}: {len(own)} unfiltered reads with extended data"
        yield Waste("extended", (), says, cheaper=extra)


def _loops(calls: Sequence[AuditedCall]) -> Iterator[list[AuditedCall]]:
    """Yield the pages of each read: a first page, then the pages of its tokens."""
    lists = [one for one in calls if one.is_good and one.verb == "list" and one.request is not None]
    for own in grouped(lists, lambda one: (one.operation, one.place)).values():
        loop: list[AuditedCall] = []
        for one in own:
            if loop and not _is_follow_up(one):
                yield loop
                loop = []
            loop.append(one)
        if loop:
            yield loop


def _is_follow_up(one: AuditedCall) -> bool:
    return isinstance(one.request, dict) and bool(one.request.get("nextToken"))


def _filters(one: AuditedCall) -> set[str]:
    return set(one.request) - _PART if isinstance(one.request, dict) else set()


def _contract(one: AuditedCall, contract_set: ContractSet) -> Contract | None:
    return contract_set.by_name.get(one.resource)


def _size(one: AuditedCall, contract_set: ContractSet) -> int:
    contract = _contract(one, contract_set)
    return contract.page.maximum if contract and contract.page else 1


def _ids(one: AuditedCall, contract_set: ContractSet) -> int:
    """Return how many ids a list requests; 0 without an id filter."""
    contract = _contract(one, contract_set)
    if one.verb != "list" or not contract or not contract.identity:
        return 0
    chosen = one.request.get(contract.identity.selector) if isinstance(one.request, dict) else None
    named = chosen.get("include") if isinstance(chosen, dict) else None
    return len(named) if isinstance(named, list) else 0


def _shown(one: AuditedCall, contract_set: ContractSet) -> int:
    contract = _contract(one, contract_set)
    key = (contract.page.key or contract.envelope) if contract and contract.page else ""
    rows = one.reply.get(key) if isinstance(one.reply, dict) else None
    return len(rows) if isinstance(rows, list) else 0
