"""Checks of how a client handles a 207.

Source: Well-Architected Framework, read each item of a 207 and retry the failed ones; documented.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from adsmock.harness.suite.checks.finding import (
    Evidence,
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
from adsmock.harness.suite.checks.reaction import acted_after, goes_on_after, reports_failure
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import Batch, batch, name_of

TRANSIENT = frozenset({"throttledError", "internalServerError"})
"""Transient item errors. Source: WAF, handle 207 responses (documented)."""


def successful_items_are_not_sent_again(
    view: CaseView, fault: str, *, or_gave_up: bool = False
) -> Finding:
    """Hold when no item was sent again after a 207 that listed it as a success.

    The failed and the successful items may be in different batches: a client may send batches of
    one. A client that sends no failed item again shows nothing. With ``or_gave_up`` it may report
    the failure instead.
    """
    struck = _struck(view, fault)
    if isinstance(struck, Finding):
        return struck
    work = _same_work(view, struck)
    done, again = _succeeded(work), _sent_again(work, "success")
    failed = sum(len(items.error) for _, items in struck)
    if not done:
        return unproven("no item of these batches succeeded", failed=failed)
    numbers = {"succeeded": len(done), "failed": failed, "resent": len(again)}
    evidence = _failures(struck)
    if again:
        calls = {call.seq: call for call, _ in again}
        return broken(
            f"{counted(len(again), 'successful item')} sent again after the 207: "
            f"{quote(name for _, name in again)}",
            [*evidence, *rows(calls.values(), "contains items that had succeeded")],
            again[0][0],
            **numbers,
        )
    if not _sent_again(work, "error") and not (or_gave_up and acted_after(view, struck[0][0])):
        return unproven(f"{counted(failed, 'item')} failed, none sent again", **numbers)
    return holds(
        f"{counted(failed, 'item')} failed inside a 207; {counted(len(done), 'item')} succeeded, "
        "and none of those was sent again",
        evidence,
        **numbers,
    )


def throttled_items_are_sent_again(view: CaseView, fault: str) -> Finding:
    """Hold when every item that was throttled inside a 207 was sent again."""
    struck = _struck(view, fault)
    if isinstance(struck, Finding):
        return struck
    last = {key: call for call, items in _same_work(view, struck) for key in _keys(call, items)}
    throttled = {
        key: (call, name_of(items.items[at]))
        for call, items in struck
        for at, key in enumerate(_keys(call, items))
        if at in items.error and set(items.errors_of(at)) & TRANSIENT
    }
    if not throttled:
        return unproven("no item was throttled")
    lost = [name for key, (call, name) in throttled.items() if last[key].seq == call.seq]
    numbers = {"failed": len(throttled), "lost": len(lost)}
    evidence = _failures(struck)
    if lost:
        return broken(
            f"{len(lost)} of {counted(len(throttled), 'throttled item')} never sent again: "
            f"{quote(lost)}",
            evidence,
            **numbers,
        )
    later = {last[key].seq: last[key] for key in throttled}
    return holds(
        f"{counted(len(throttled), 'throttled item')}, all sent again",
        [*evidence, *rows(later.values(), "request after the 207")],
        **numbers,
    )


def permanent_failures_are_not_sent_again(view: CaseView, operation: str) -> Finding:
    """Hold when no item was sent again unchanged after a permanent error.

    The client must have read its 207s: sent a throttled item again, or reported a failure.
    """
    doomed: dict[Key, tuple[Entry, dict[str, Any]]] = {}
    again: list[tuple[Entry, dict[str, Any]]] = []
    work = [(call, sent) for call in view.of_operation(operation) if (sent := batch(call))]
    for call, sent in work:
        again += [(call, item) for item in sent.items if _whole(call, item) in doomed]
        for index in sent.error:
            if not set(sent.errors_of(index)) & TRANSIENT:
                doomed[_whole(call, sent.items[index])] = (call, sent.items[index])
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
            again[0][0],
            **numbers,
        )
    if not _sent_again(work, "error") and not reports_failure(view):
        return unproven("no throttled item was sent again, and no failure was reported", **numbers)
    return holds(
        f"{counted(len(doomed), 'item')} with a permanent error, none sent again unchanged",
        evidence,
        **numbers,
    )


def nothing_is_sent_twice(view: CaseView, operation: str) -> Finding:
    """Hold when no item of the task was sent again after it had succeeded."""
    work = [(call, sent) for call in view.of_operation(operation) if (sent := batch(call))]
    done, again = _succeeded(work), _sent_again(work, "success")
    numbers: dict[str, Any] = {"items": len(done), "resent": len(again)}
    if not done:
        return unproven("no item succeeded")
    if again:
        calls = {call.seq: call for call, _ in again}
        return broken(
            f"{counted(len(again), 'item')} sent again after success: "
            f"{quote(name for _, name in again)}",
            rows(calls.values(), "contains items that had succeeded"),
            **numbers,
        )
    ending = view.record.ending
    if not (goes_on_after(view, work[0][0]) or ending.claims or ending.exit_code is not None):
        return unproven("the client made no other call and reports no end of its work", **numbers)
    return holds(f"{counted(len(done), 'item')} succeeded, none sent again", **numbers)


Key = tuple[str | None, str]
"""An item: the profile it belongs to, and its natural key or all its members."""


def _whole(call: Entry, item: dict[str, Any]) -> Key:
    return call.profile_id, json.dumps(item, sort_keys=True)


Call = tuple[Entry, Batch]


def _struck(view: CaseView, fault: str) -> list[Call] | Finding:
    """Return the calls with items that the fault failed, or why there is none to judge."""
    calls = view.with_fault(fault)
    if not calls:
        return unproven("the fault affected no batch")
    answered = [(call, sent) for call in calls if (sent := batch(call)) and sent.answered]
    if not answered:
        return inconclusive("the journal does not contain the items of the batch or its 207")
    struck = [(call, sent) for call, sent in answered if sent.error]
    return struck or unproven("no item of the batches failed")


def _same_work(view: CaseView, struck: list[Call]) -> list[Call]:
    """Return all calls of the same operations and profiles that have items."""
    scopes = {(call.operation, call.profile_id) for call, _ in struck}
    calls = [entry for entry in view.entries if (entry.operation, entry.profile_id) in scopes]
    return [(call, sent) for call in calls if (sent := batch(call))]


def _keys(call: Entry, items: Batch) -> list[Key]:
    return [(call.profile_id, key) for key in items.keys()]  # noqa: SIM118 -- not a mapping


def _succeeded(calls: list[Call]) -> set[Key]:
    return {_keys(call, items)[at] for call, items in calls for at in items.success}


def _sent_again(calls: list[Call], after: Literal["success", "error"]) -> list[tuple[Entry, str]]:
    """Return the items that were sent again after a success or an error, each with its call.

    An update that sets an entity back to an earlier value is not sent again.
    """
    known: dict[Key, Key] = {}
    again: list[tuple[Entry, str]] = []
    for call, items in calls:
        keys = _keys(call, items)
        about = [(call.profile_id, items.entity(at)) for at in range(len(keys))]
        again += [
            (call, name_of(items.items[at]))
            for at, key in enumerate(keys)
            if known.get(about[at]) == key
        ]
        settled = items.success if after == "success" else items.error
        known |= {about[at]: keys[at] for at in settled}
    return again


def _failures(struck: list[Call]) -> list[Evidence]:
    return [
        row(call, f"{len(sent.success)} items succeeded, {len(sent.error)} failed")
        for call, sent in struck
    ]


JUDGES = (
    successful_items_are_not_sent_again,
    throttled_items_are_sent_again,
    permanent_failures_are_not_sent_again,
    nothing_is_sent_twice,
)
