"""Checks of how a client handles a 207.

Source: Well-Architected Framework, read each item of a 207 and retry the failed ones; documented.
"""

from __future__ import annotations

import json
from typing import Any

from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    inconclusive,
    quote,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import Batch, batch, name_of

TRANSIENT = frozenset({"throttledError", "internalServerError"})
"""Transient item errors. Source: WAF, handle 207 responses (documented)."""


def successful_items_are_not_sent_again(view: CaseView, fault: str) -> Finding:
    """Hold when no item was sent again after a 207 that listed it as a success."""
    struck = _struck(view, fault)
    if isinstance(struck, Finding):
        return struck
    first, sent = struck
    done: set[str] = set()
    again: list[tuple[Entry, str]] = []
    for call in _same_work(view, first):
        items = batch(call)
        if items is None:
            continue
        again += [
            (call, name_of(item))
            for index, item in enumerate(items.items)
            if items.key(index) in done
        ]
        done |= {items.key(index) for index in items.success}
    numbers = {"items": len(sent.items), "failed": len(sent.error), "resent": len(again)}
    evidence = [row(first, f"{len(sent.success)} items succeeded, {len(sent.error)} failed")]
    if again:
        calls = {call.seq: call for call, _ in again}
        return broken(
            f"{counted(len(again), 'successful item')} sent again after the 207: "
            f"{quote(name for _, name in again)}",
            [*evidence, *rows(calls.values(), "contains items that had succeeded")],
            **numbers,
        )
    return holds(
        f"{len(sent.success)} of {counted(len(sent.items), 'item')} succeeded, and none of those "
        "was sent again",
        evidence,
        **numbers,
    )


def throttled_items_are_sent_again(view: CaseView, fault: str) -> Finding:
    """Hold when every item that was throttled inside the 207 was sent again."""
    struck = _struck(view, fault)
    if isinstance(struck, Finding):
        return struck
    first, sent = struck
    later = [call for call in _same_work(view, first) if call.seq > first.seq]
    resent = {key for call in later for key in _keys(call)}
    lost = [name_of(sent.items[index]) for index in sent.error if sent.key(index) not in resent]
    numbers = {"failed": len(sent.error), "lost": len(lost)}
    evidence = [row(first, f"{counted(len(sent.error), 'item')} throttled inside the 207")]
    if lost:
        return broken(
            f"{len(lost)} of {counted(len(sent.error), 'throttled item')} never sent again: "
            f"{quote(lost)}",
            evidence,
            **numbers,
        )
    return holds(
        f"{counted(len(sent.error), 'throttled item')}, all sent again",
        [*evidence, *rows(later, "request after the 207")],
        **numbers,
    )


def permanent_failures_are_not_sent_again(view: CaseView, operation: str) -> Finding:
    """Hold when no item was sent again unchanged after a permanent error."""
    doomed: dict[str, tuple[Entry, dict[str, Any]]] = {}
    again: list[tuple[Entry, dict[str, Any]]] = []
    for call in view.of_operation(operation):
        sent = batch(call)
        if sent is None:
            continue
        again += [(call, item) for item in sent.items if _whole(item) in doomed]
        for index in sent.error:
            if not set(sent.errors_of(index)) & TRANSIENT:
                doomed[_whole(sent.items[index])] = (call, sent.items[index])
    numbers = {"refused": len(doomed), "resent": len(again)}
    if not doomed:
        return unproven("no item got a permanent error inside a 207")
    calls = {call.seq: call for call, _ in doomed.values()}
    evidence = list(rows(calls.values(), "items with permanent errors"))
    if again:
        late = {call.seq: call for call, _ in again}
        return broken(
            f"{counted(len(again), 'item')} sent again unchanged after a permanent error: "
            f"{quote(name_of(item) for _, item in again)}",
            [*evidence, *rows(late.values(), "contains items with permanent errors")],
            **numbers,
        )
    return holds(
        f"{counted(len(doomed), 'item')} with a permanent error, none sent again unchanged",
        evidence,
        **numbers,
    )


def nothing_is_sent_twice(view: CaseView, operation: str) -> Finding:
    """Hold when every item of the task was sent once, since each succeeded at once."""
    seen: dict[str, Entry] = {}
    again: list[tuple[Entry, str]] = []
    for call in view.of_operation(operation):
        sent = batch(call)
        for index in range(len(sent.items) if sent else 0):
            assert sent is not None
            if seen.setdefault(sent.key(index), call) is not call:
                again.append((call, name_of(sent.items[index])))
    numbers: dict[str, Any] = {"items": len(seen), "resent": len(again)}
    if not seen:
        return unproven("no item was sent")
    if again:
        calls = {call.seq: call for call, _ in again}
        return broken(
            f"{counted(len(again), 'item')} sent twice although nothing had failed: "
            f"{quote(name for _, name in again)}",
            rows(calls.values(), "contains items that were sent before"),
            **numbers,
        )
    return holds(f"{counted(len(seen), 'item')}, each sent once", **numbers)


def _whole(item: dict[str, Any]) -> str:
    return json.dumps(item, sort_keys=True)


def _struck(view: CaseView, fault: str) -> tuple[Entry, Batch] | Finding:
    """Return the call with the failed items and its batch, or why there is none to judge."""
    first = next(iter(view.with_fault(fault)), None)
    if first is None:
        return unproven("the fault affected no batch")
    sent = batch(first)
    if sent is None or not sent.answered:
        return inconclusive("the journal does not contain the items of the batch or its 207")
    if not sent.error or not sent.success:
        return unproven("the batch did not fail partially")
    return first, sent


def _same_work(view: CaseView, first: Entry) -> list[Entry]:
    return [
        call for call in view.of_operation(first.operation) if call.profile_id == first.profile_id
    ]


def _keys(call: Entry) -> tuple[str, ...]:
    items = batch(call)
    return items.keys() if items else ()


JUDGES = (
    successful_items_are_not_sent_again,
    throttled_items_are_sent_again,
    permanent_failures_are_not_sent_again,
    nothing_is_sent_twice,
)
