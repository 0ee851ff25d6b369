"""Checks of how many calls a piece of work takes, and of unnecessary calls.

Source: Well-Architected Framework, fundamental component: batch, shrink call volume; campaign
management: bid thresholds; documented.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Any

from adsmock.contracts.quota_weight import EXTENDED
from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    quote,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import batch, name_of

BIDS = ("bid", "defaultBid")
WRITES = ("create", "update", "archive")


def batches_are_filled(view: CaseView, operation: str, limit: int, factor: float) -> Finding:
    """Hold when the items of the task took at most ``factor`` times the calls of full batches."""
    calls = view.of_operation(operation)
    items = len(_wanted(view, operation))
    best = ceil(items / limit)
    numbers = {"items": items, "calls": len(calls), "best": best, "factor": factor}
    if not calls:
        return unproven("nothing was written")
    sentence = (
        f"{counted(items, 'item')} in {counted(len(calls), 'call')}; batches of {limit} need "
        f"{counted(best, 'call')}, and the limit is {factor:g} times as many"
    )
    if len(calls) > factor * best:
        return broken(sentence, rows(calls, "batch that was not full"), **numbers)
    return holds(sentence, rows(calls, "batch"), **numbers)


def batches_keep_to_the_limit(view: CaseView, operation: str, limit: int) -> Finding:
    """Hold when no write carried more items than the documented limit."""
    sizes = {call.seq: (call, _size(call)) for call in view.of_operation(operation)}
    total = sum(size for _, size in sizes.values())
    most = max((size for _, size in sizes.values()), default=0)
    numbers = {"calls": len(sizes), "largest": most, "limit": limit}
    over = [call for call, size in sizes.values() if size > limit]
    if over:
        return broken(
            f"a batch had {most} items; the limit is {limit}",
            [row(call, f"{_size(call)} items") for call in over],
            **numbers,
        )
    if total <= limit:
        return unproven(f"{counted(total, 'item')} in total; more than {limit} are needed")
    return holds(
        f"{counted(total, 'item')} in {counted(len(sizes), 'batch')}, at most {most} in one; "
        f"the limit is {limit}",
        [row(call, f"{size} items") for call, size in sizes.values()],
        **numbers,
    )


def known_ids_are_read_together(view: CaseView, family: str, most: int) -> Finding:
    """Hold when entities with known ids were read in at most ``most`` calls."""
    calls = [
        call for call in view.api if call.operation.startswith(f"{family}.") and not _is_write(call)
    ]
    wanted = sum(len(args["ids"]) for args in view.task_args("get"))
    numbers = {"ids": wanted, "calls": len(calls), "most": most}
    if not calls:
        return unproven("nothing was read")
    if not wanted:
        return unproven("no task gives ids to read", **numbers)
    sentence = (
        f"{counted(wanted, 'known id')} read in {counted(len(calls), 'call')}; the limit is {most}"
    )
    if len(calls) > most:
        return broken(sentence, rows(calls, "read"), **numbers)
    return holds(sentence, rows(calls, "read"), **numbers)


def extended_data_is_not_requested(view: CaseView) -> Finding:
    """Hold when no list requested extended data that the task does not need."""
    calls = _lists(view)
    extended = [call for call in calls if (call.request or {}).get(EXTENDED)]
    numbers = {"calls": len(calls), "extended": len(extended)}
    if not calls:
        return unproven("no list was read")
    if extended:
        return broken(
            f"{counted(len(extended), 'list call')} requested extended data, which the task does "
            "not need and which counts five times",
            rows(extended, "requests extended data"),
            **numbers,
        )
    return holds(
        f"{counted(len(calls), 'list call')}, none with extended data",
        rows(calls, "plain list"),
        **numbers,
    )


def unchanged_values_are_not_written(view: CaseView, operation: str) -> Finding:
    """Hold when nothing was written, since every wanted value equals the current one."""
    writes = view.of_operation(operation)
    numbers = {"writes": len(writes)}
    if writes:
        return broken(
            f"{counted(len(writes), 'write')} sent although nothing had to change",
            rows(writes, "writes current values"),
            **numbers,
        )
    reads = _lists(view)
    if not reads:
        return unproven("there was neither a read nor a write")
    return holds("nothing was written, and nothing had to change", rows(reads, "read"), **numbers)


def invalid_bids_are_not_repeated(
    view: CaseView, operation: str, minimum: float, maximum: float
) -> Finding:
    """Hold when a bid outside the marketplace's limits was sent at most once."""
    sent: dict[str, list[Entry]] = {}
    valid = 0
    for call in view.of_operation(operation):
        for item in _items(call):
            if any(not minimum <= bid <= maximum for bid in _bids(item)):
                sent.setdefault(name_of(item), []).append(call)
            else:
                valid += 1
    again = {name: calls[1:] for name, calls in sent.items() if calls[1:]}
    numbers: dict[str, Any] = {"invalid_sent": len(sent), "repeated": len(again), "valid": valid}
    if again:
        late = {call.seq: call for calls in again.values() for call in calls}
        return broken(
            f"{counted(len(again), 'bid')} outside {minimum:g} to {maximum:g} sent again: "
            f"{quote(again)}",
            rows(late.values(), "contains a bid that was refused before"),
            next(iter(late.values())),
            **numbers,
        )
    if not valid:
        return unproven("no item with a valid bid was written")
    return holds(
        f"{counted(len(sent), 'bid')} outside {minimum:g} to {maximum:g} sent, none twice",
        **numbers,
    )


def _lists(view: CaseView) -> list[Entry]:
    """Return the lists of entities that were read; a list of profiles is not one."""
    return [call for call in view.of_verb("list") if call.operation.startswith("sp.")]


def _wanted(view: CaseView, operation: str) -> list[Any]:
    """Return the items of the tasks for an operation."""
    resource, _, verb = operation.rpartition(".")
    return [
        item
        for args in view.task_args(verb)
        if args["resource"] == resource
        for item in args.get("items") or args.get("ids") or ()
    ]


def _items(call: Entry) -> tuple[dict[str, Any], ...]:
    sent = batch(call)
    return sent.items if sent else ()


def _size(call: Entry) -> int:
    return len(_items(call))


def _is_write(call: Entry) -> bool:
    return call.operation.rpartition(".")[2] in WRITES


def _bids(item: dict[str, Any]) -> Iterator[float]:
    for name in BIDS:
        if isinstance(item.get(name), int | float):
            yield float(item[name])


JUDGES = (
    batches_are_filled,
    batches_keep_to_the_limit,
    invalid_bids_are_not_repeated,
    extended_data_is_not_requested,
    known_ids_are_read_together,
    unchanged_values_are_not_written,
)
