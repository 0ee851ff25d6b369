"""Checks of parents and children.

Source: Well-Architected Framework, campaign management: verify a parent before its children are
created; documented.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from adsmock.harness.suite.checks.finding import (
    Evidence,
    Finding,
    broken,
    counted,
    holds,
    quote,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.reaction import reports_failure
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import batch, name_of

PARENTS = "sp.campaigns.create"
PARENT_ID = "campaignId"
PARENT_IDS = ("campaignId", "adGroupId")
OWN_IDS = {PARENTS: PARENT_ID, "sp.adGroups.create": "adGroupId"}


def failed_parents_stay_childless(view: CaseView) -> Finding:
    """Hold when no child of a campaign that failed inside the 207 was sent.

    The client must have created children of the other campaigns. Where there are none, it must have
    sent a failed one again, or reported the failure.
    """
    children = {tree["name"]: frozenset(_children(tree)) for tree in _trees(view)}
    failed: dict[str, Entry] = {}
    ever: dict[str, Entry] = {}
    made: set[str] = set()
    orphans: list[tuple[Entry, str]] = []
    creates = view.of_verb("create")
    for call in creates:
        if call.operation == PARENTS:
            _settle(call, failed, made)
            ever = failed | ever
        else:
            orphans += [(call, name) for name in _orphans(call, failed, children, made)]
    numbers = {"failed_parents": len(ever), "orphans": len(orphans)}
    if not ever:
        return unproven("no campaign failed inside a 207")
    evidence = [row(call, f'campaign "{name}" failed here') for name, call in ever.items()]
    if orphans:
        calls = {call.seq: call for call, _ in orphans}
        return broken(
            f"{counted(len(orphans), 'child item')} sent for a campaign that does not exist: "
            f"{quote(name for _, name in orphans)}",
            [*evidence, *_sent(calls)],
            orphans[0][0],
            **numbers,
        )
    lack = _inaction(view, creates, ever, is_any_made=bool(made))
    if lack:
        return unproven(lack, **numbers)
    return holds(
        f"{counted(len(ever), 'campaign')} failed, and no child of a failed campaign was sent",
        evidence,
        **numbers,
    )


def _inaction(
    view: CaseView, creates: Sequence[Entry], failed: dict[str, Entry], *, is_any_made: bool
) -> str:
    """Return that the client stopped after the failed campaigns, empty when it went on."""
    first = next(iter(failed.values()))
    later = [create for create in creates if create.seq > first.seq]
    if is_any_made and not any(call.operation != PARENTS for call in later):
        return "no child of a campaign that succeeded was sent"
    if not later and not reports_failure(view):
        return "the failed campaigns were neither sent again nor reported"
    return ""


def _settle(call: Entry, failed: dict[str, Entry], made: set[str]) -> None:
    """Record which campaigns of one 207 failed, and which ids exist."""
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


def _sent(calls: dict[int, Entry]) -> list[Evidence]:
    return [row(call, f"children sent: {call.operation}") for call in calls.values()]


def _trees(view: CaseView) -> Iterator[dict[str, Any]]:
    for args in view.task_args("create_tree"):
        yield from args["campaigns"]


def _children(tree: dict[str, Any]) -> Iterator[str]:
    """Yield the names of all children of a campaign of the task."""
    for group in tree.get("adGroups", ()):
        yield name_of(group)
        yield from map(name_of, _below(group))


def _below(group: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the keywords and ads of an ad group of the task."""
    for kind in ("keywords", "productAds"):
        yield from group.get(kind, ())


def children_are_below_their_own_parent(view: CaseView) -> Finding:
    """Hold when each child names the parent under which its task has it."""
    ids = _names_by_id(view)
    parents = _parents_by_child(view)
    wrong: list[tuple[Entry, str, str]] = []
    known = 0
    for call in view.of_verb("create"):
        sent = batch(call)
        for item in sent.items if sent and call.operation != PARENTS else ():
            own = parents.get(name_of(item), frozenset())
            found = [ids[str(item[key])] for key in PARENT_IDS if str(item.get(key)) in ids]
            known += bool(own and found)
            wrong += [(call, name_of(item), name) for name in found if own and name not in own]
    numbers: dict[str, Any] = {"children": known, "misplaced": len(wrong)}
    if wrong:
        call, child, parent = wrong[0]
        return broken(
            f"{counted(len(wrong), 'id')} of another parent in {counted(known, 'child item')}: "
            f'"{child}" was sent with the id of "{parent}", but the task has it below '
            f"{quote(sorted(parents[child]))}",
            _sent({call.seq: call for call, *_ in wrong}),
            call,
            **numbers,
        )
    if not known:
        return unproven("no child was sent with the id of a parent that an answer names")
    return holds(f"{counted(known, 'child item')}, each below its own parent", **numbers)


def _names_by_id(view: CaseView) -> dict[str, str]:
    """Return the names of the campaigns and ad groups that the client created, by their ids."""
    found: dict[str, str] = {}
    for call in view.of_verb("create"):
        sent, key = batch(call), OWN_IDS.get(call.operation)
        if sent and key:
            found |= {
                str(success[key]): name_of(sent.items[index])
                for index, success in sent.success.items()
                if key in success
            }
    return found


def _parents_by_child(view: CaseView) -> dict[str, frozenset[str]]:
    """Return the names of all that is above a child in the tasks, by its name."""
    found: dict[str, frozenset[str]] = {}
    for tree in _trees(view):
        for group in tree.get("adGroups", ()):
            above = frozenset({str(tree["name"])})
            found[name_of(group)] = found.get(name_of(group), frozenset()) | above
            for child in _below(group):
                both = above | {name_of(group)}
                found[name_of(child)] = found.get(name_of(child), frozenset()) | both
    return found


def children_follow_their_parents(view: CaseView) -> Finding:
    """Hold when every child arrived after the answer with its parent's id was sent."""
    born: dict[str, float] = {}
    for call in view.of_verb("create"):
        sent = batch(call)
        for success in sent.success.values() if sent else ():
            born |= {str(success[key]): call.send for key in PARENT_IDS if key in success}
    children = [(call, item) for call in view.of_verb("create") for item in _children_of(call)]
    if not children:
        return unproven("no child was sent")
    early = [(call, item) for call, item in children if not _is_born(call, item, born)]
    numbers: dict[str, Any] = {"children": len(children), "early": len(early)}
    if early:
        return broken(
            f"{counted(len(early), 'child item')} sent before the parent's success: "
            f"{quote(name_of(item) for _, item in early)}",
            _sent({call.seq: call for call, _ in early}),
            early[0][0],
            **numbers,
        )
    return holds(
        f"{counted(len(children), 'child item')}, each sent after its parent's success",
        _sent({call.seq: call for call, _ in children}),
        **numbers,
    )


def what_is_done_is_not_done_again(view: CaseView, fault: str) -> Finding:
    """Hold when nothing that exists was created again after a partial failure, parents included."""
    struck = next(iter(view.with_fault(fault)), None)
    if struck is None:
        return unproven("the fault affected no batch")
    done: set[tuple[str, str | None, str]] = set()
    again: list[tuple[Entry, str]] = []
    later = 0
    for call in view.of_verb("create"):
        sent = batch(call)
        if sent is None:
            continue
        if call.seq > struck.seq:
            later += 1
            again += [
                (call, name_of(item))
                for index, item in enumerate(sent.items)
                if (call.operation, call.profile_id, sent.key(index)) in done
            ]
        done |= {(call.operation, call.profile_id, sent.key(index)) for index in sent.success}
    numbers = {"done": len(done), "again": len(again)}
    evidence = [row(struck, "part of this batch failed")]
    if again:
        calls = {call.seq: call for call, _ in again}
        return broken(
            f"{counted(len(again), 'existing item')} created again: "
            f"{quote(name for _, name in again)}",
            [*evidence, *rows(calls.values(), "contains existing items")],
            again[0][0],
            **numbers,
        )
    if not later:
        return unproven("no create followed the partial failure", **numbers)
    if not done:
        return unproven("no answer in the journal names a created item", **numbers)
    return holds("no existing item was created again", evidence, **numbers)


def _children_of(call: Entry) -> Iterator[dict[str, Any]]:
    """Yield the items of a call that name a parent."""
    sent = batch(call)
    for item in sent.items if sent and call.operation != PARENTS else ():
        if any(key in item for key in PARENT_IDS):
            yield item


def _is_born(call: Entry, item: dict[str, Any], born: dict[str, float]) -> bool:
    parents = [str(item[key]) for key in PARENT_IDS if key in item]
    return all(parent in born and born[parent] <= call.arrive for parent in parents)


JUDGES = (
    children_are_below_their_own_parent,
    children_follow_their_parents,
    failed_parents_stay_childless,
    what_is_done_is_not_done_again,
)
