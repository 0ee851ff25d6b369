"""Checks of parents and children.

Source: Well-Architected Framework, campaign management: verify a parent before its children are
created; documented.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.suite.checks.finding import Finding, Row, broken, counted, holds, quote, row, unproven
from harness.suite.journal import CaseView, Entry
from harness.suite.journal.item import batch, name_of

PARENTS = "sp.campaigns.create"
PARENT_ID = "campaignId"


def failed_parents_stay_childless(view: CaseView) -> Finding:
    """Hold when nothing was sent below a campaign that failed inside the 207."""
    children = {tree["name"]: frozenset(_children(tree)) for tree in _trees(view)}
    failed: dict[str, Entry] = {}
    ever: dict[str, Entry] = {}
    made: set[str] = set()
    orphans: list[tuple[Entry, str]] = []
    for call in view.of_verb("create"):
        if call.operation == PARENTS:
            _settle(call, failed, made)
            ever |= failed
        else:
            orphans += [(call, name) for name in _orphans(call, failed, children, made)]
    numbers = {"failed_parents": len(ever), "orphans": len(orphans)}
    if not ever:
        return unproven("no campaign failed inside a 207")
    evidence = [row(call, f'campaign "{name}" failed here') for name, call in ever.items()]
    if orphans:
        calls = {call.seq: call for call, _ in orphans}
        return broken(
            f"{counted(len(orphans), 'child item')} sent below a campaign that does not exist: "
            f"{quote(name for _, name in orphans)}",
            [*evidence, *_sent(calls)],
            **numbers,
        )
    return holds(
        f"{counted(len(ever), 'campaign')} failed and nothing was sent below it",
        evidence,
        **numbers,
    )


def _settle(call: Entry, failed: dict[str, Entry], made: set[str]) -> None:
    """Note which campaigns of one 207 failed and which ids exist."""
    sent = batch(call)
    if sent is None:
        return
    for index in sent.error:
        failed[name_of(sent.items[index])] = call
    for index, success in sent.success.items():
        failed.pop(name_of(sent.items[index]), None)
        made.add(str(success.get(PARENT_ID)))


def _orphans(
    call: Entry, failed: dict[str, Entry], children: dict[str, frozenset[str]], made: set[str]
) -> Iterator[str]:
    """Yield the names of items that belong to a failed campaign or to none that exists."""
    sent = batch(call)
    below = {name for parent in failed for name in children.get(parent, frozenset())}
    for item in sent.items if sent else ():
        if failed and (name_of(item) in below or str(item.get(PARENT_ID)) not in made):
            yield name_of(item)


def _sent(calls: dict[int, Entry]) -> list[Row]:
    return [row(call, f"children sent: {call.operation}") for call in calls.values()]


def _trees(view: CaseView) -> Iterator[dict[str, Any]]:
    for args in view.task_args("create_tree"):
        yield from args["campaigns"]


def _children(tree: dict[str, Any]) -> Iterator[str]:
    """Yield the names of everything below a campaign of the task."""
    for group in tree.get("adGroups", ()):
        yield name_of(group)
        for kind in ("keywords", "productAds"):
            yield from (name_of(child) for child in group.get(kind, ()))


JUDGES = (failed_parents_stay_childless,)
