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
    for call in calls:
        family = call.operation.partition(".")[0]
        if call.verb in _WRITES:
            last = {key: at for key, at in last.items() if key[:2] != (family, call.profile)}
        elif call.is_good and call.verb == "list" and not _is_follow_up(call):
            key = (family, call.profile, call.client, call.region, call.chain)
            if call.at - last.get(key, float("-inf")) < FRESH:
                again.append(call)
            else:
                last[key] = call.at
    for operation, own in grouped(again, lambda each: each.operation).items():
        says = f"{operation}: {len(own)} reads repeat an answer of the last 15 minutes"
        yield Waste("repeated", tuple(own), says)


def one_by_one(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:
    """Find single-id reads, close together, that one filtered read could replace."""
    single = [call for call in calls if call.is_good and _ids(call, contract_set) == 1]
    for (operation, _), own in grouped(single, lambda each: (each.operation, each.place)).items():
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
        entities = sum(_shown(each, contract_set) for each in loop)
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
            sum(_shown(each, contract_set) for each in loop), _size(loop[0], contract_set)
        )
        if needed * loop[0].weight > export:
            says = f"{loop[0].operation}: {len(loop)} pages of a whole account; "
            says += f"an export takes {export} calls"
            yield Waste("structure", tuple(loop), says, instead=export)


def extended(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:
    """Find extended data in reads without ids: copies that do not need the serving status."""
    costly = [
        call for call in calls if call.is_good and call.is_extended and not _ids(call, contract_set)
    ]
    for operation, own in grouped(costly, lambda each: each.operation).items():
        extra = sum(each.weight - (each.row.weight if each.row else 1) for each in own)
        says = f"{operation}: {len(own)} unfiltered reads with extended data"
        yield Waste("extended", (), says, cheaper=extra)


def _loops(calls: Sequence[AuditedCall]) -> Iterator[list[AuditedCall]]:
    """Yield the pages of each read: a first page, then the pages of its tokens."""
    lists = [
        call for call in calls if call.is_good and call.verb == "list" and call.request is not None
    ]
    for own in grouped(lists, lambda item: (item.operation, item.place)).values():
        loop: list[AuditedCall] = []
        for each in own:
            if loop and not _is_follow_up(each):
                yield loop
                loop = []
            loop.append(each)
        if loop:
            yield loop


def _is_follow_up(audited_call: AuditedCall) -> bool:
    return isinstance(audited_call.request, dict) and bool(audited_call.request.get("nextToken"))


def _filters(audited_call: AuditedCall) -> set[str]:
    return set(audited_call.request) - _PART if isinstance(audited_call.request, dict) else set()


def _contract(audited_call: AuditedCall, contract_set: ContractSet) -> Contract | None:
    return contract_set.by_name.get(audited_call.resource)


def _size(audited_call: AuditedCall, contract_set: ContractSet) -> int:
    contract = _contract(audited_call, contract_set)
    return contract.page.maximum if contract and contract.page else 1


def _ids(audited_call: AuditedCall, contract_set: ContractSet) -> int:
    """Return how many ids a list requests; 0 without an id filter."""
    contract = _contract(audited_call, contract_set)
    if audited_call.verb != "list" or not contract or not contract.identity:
        return 0
    chosen = (
        audited_call.request.get(contract.identity.selector)
        if isinstance(audited_call.request, dict)
        else None
    )
    named = chosen.get("include") if isinstance(chosen, dict) else None
    return len(named) if isinstance(named, list) else 0


def _shown(audited_call: AuditedCall, contract_set: ContractSet) -> int:
    contract = _contract(audited_call, contract_set)
    key = (contract.page.key or contract.envelope) if contract and contract.page else ""
    rows = audited_call.reply.get(key) if isinstance(audited_call.reply, dict) else None
    return len(rows) if isinstance(rows, list) else 0
