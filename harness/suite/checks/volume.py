"""Checks of how many calls a piece of work takes, and of what need not be sent at all.

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
        f"{best}, and {factor:g} times as many are allowed"
    )
    if len(calls) > factor * best:
        return broken(sentence, rows(calls, "a batch that was not filled"), **numbers)
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
            f"a batch held {most} items; the limit is {limit}",
            [row(call, f"{_size(call)} items") for call in over],
            **numbers,
        )
    if total <= limit:
        return unproven(f"{counted(total, 'item')} came in all; more than {limit} are needed")
    return holds(
        f"{counted(total, 'item')} in {counted(len(sizes), 'batch')}, the largest of {most}; "
        f"the limit is {limit}",
        [row(call, f"{size} items") for call, size in sizes.values()],
        **numbers,
    )


def known_ids_are_read_together(view: CaseView, family: str, most: int) -> Finding:
    """Hold when entities whose ids are known were read in at most ``most`` calls."""
    calls = [
        call for call in view.api if call.operation.startswith(f"{family}.") and not _is_write(call)
    ]
    wanted = sum(len(args["ids"]) for args in view.task_args("get"))
    numbers = {"ids": wanted, "calls": len(calls), "most": most}
    if not calls:
        return unproven("nothing was read")
    sentence = (
        f"{counted(wanted, 'known id')} in {counted(len(calls), 'call')}; the rule is at most "
        f"{most}"
    )
    if len(calls) > most:
        return broken(sentence, rows(calls, "read"), **numbers)
    return holds(sentence, rows(calls, "read"), **numbers)


def extended_data_is_left_alone(view: CaseView) -> Finding:
    """Hold when no list asked for computed data that the task has no use for."""
    calls = _lists(view)
    extended = [call for call in calls if (call.request or {}).get(EXTENDED)]
    numbers = {"calls": len(calls), "extended": len(extended)}
    if not calls:
        return unproven("no list was read")
    if extended:
        return broken(
            f"{counted(len(extended), 'list call')} asked for extended data, which costs five "
            "times as much, though nothing needs it",
            rows(extended, "asks for extended data"),
            **numbers,
        )
    return holds(
        f"{counted(len(calls), 'list call')}, none for extended data",
        rows(calls, "plain list"),
        **numbers,
    )


def what_is_so_is_not_written(view: CaseView, operation: str) -> Finding:
    """Hold when nothing was written, since every wanted value is the present one."""
    writes = view.of_operation(operation)
    numbers = {"writes": len(writes)}
    if writes:
        return broken(
            f"{counted(len(writes), 'write')} sent although nothing was to change",
            rows(writes, "writes what is so already"),
            **numbers,
        )
    reads = _lists(view)
    if not reads:
        return unproven("neither a read nor a write was seen")
    return holds("nothing was written, since nothing was to change", rows(reads, "read"), **numbers)


def doomed_bids_are_not_repeated(
    view: CaseView, operation: str, minimum: float, maximum: float
) -> Finding:
    """Hold when a bid outside the marketplace's range was sent once at most."""
    sent: dict[str, list[Entry]] = {}
    lawful = 0
    for call in view.of_operation(operation):
        for item in _items(call):
            if any(not minimum <= bid <= maximum for bid in _bids(item)):
                sent.setdefault(name_of(item), []).append(call)
            else:
                lawful += 1
    again = {name: calls[1:] for name, calls in sent.items() if calls[1:]}
    numbers: dict[str, Any] = {"doomed_sent": len(sent), "repeated": len(again), "lawful": lawful}
    if again:
        late = {call.seq: call for calls in again.values() for call in calls}
        return broken(
            f"bids outside {minimum:g} to {maximum:g} were sent again: {quote(again)}",
            rows(late.values(), "holds a bid that was refused before"),
            **numbers,
        )
    if not lawful:
        return unproven("no item with a lawful bid was written either")
    return holds(
        f"{counted(len(sent), 'bid')} outside {minimum:g} to {maximum:g} sent, none of them twice",
        **numbers,
    )


def _lists(view: CaseView) -> list[Entry]:
    """Return the lists of entities that were read; profiles are none."""
    return [call for call in view.of_verb("list") if call.operation.startswith("sp.")]


def _wanted(view: CaseView, operation: str) -> list[Any]:
    """Return the items that the tasks hold for an operation."""
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
    doomed_bids_are_not_repeated,
    extended_data_is_left_alone,
    known_ids_are_read_together,
    what_is_so_is_not_written,
)
