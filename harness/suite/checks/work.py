"""The check of a free run: what the program achieves without faults, it achieves with them.

Source: Well-Architected Framework, resilience: no work is lost or done twice; documented.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adsmock.harness.suite.checks.changed_again import Updates, changed_again, committed_updates
from adsmock.harness.suite.checks.finding import (
    Evidence,
    Finding,
    broken,
    counted,
    holds,
    unproven,
)
from adsmock.harness.suite.checks.hang import idle_seconds, last_call
from adsmock.harness.suite.journal import CaseView, Entry, Work

HANG = 600.0
"""Seconds without a call after which a program that does not end hangs: twice the time after which
a queue may start a job again (own choice)."""

MINUTE = 60.0

ABOVE = ("campaigns", "adGroups")
"""Resources in which others are created, from the top."""

BELOW = " / "
"""Separates the names of parents and of an entity in the name of work."""

SHOWN = 5
"""Calls with a fault that are shown as evidence."""

THINGS = {
    "created": "intended entities were never created with {operation}",
    "changed": "intended changes were never made with {operation}",
    "overwritten": "intended changes were made with {operation} and then changed again",
    "read": "pages were never read with {operation}",
    "fetched": "files were never downloaded",
}


def work_is_done_once(view: CaseView) -> Finding:
    """Hold when nothing is doubled, and nothing lost unless the program reported a failure.

    A program that the suite stopped has reported nothing, whatever its exit code.
    """
    work = view.record.work
    if not work:
        return unproven("the passes without faults did no work that can be compared")
    lost = _struck_first(view, [piece for piece in work if piece.is_lost])
    doubled = _parents_first([piece for piece in work if piece.is_doubled])
    ending = view.record.ending
    numbers = {
        "work": sum(piece.least for piece in work),
        "lost": _missing(lost),
        "doubled": _surplus(doubled),
        "exit": ending.exit_code,
    }
    evidence = _evidence(view, (doubled or lost or work)[0])
    if doubled:
        moved = _moved(doubled, lost)
        words = _changed_too_often(doubled, view) or _too_often(doubled, moved)
        return broken(words, evidence, moved=bool(moved), **numbers)
    missing = _lost(lost, work, committed_updates(view)) if lost else ""
    if ending.timed_out:
        return _stopped(view, missing or "all its work was done", evidence, numbers)
    if not lost:
        return holds(_complete(work), evidence, **numbers)
    if ending.exit_code == 0:
        says = "the program ended with exit code 0, which says that all is done"
        return broken(f"{missing}; {says}", evidence, **numbers)
    return holds(
        f"the program ended with exit code {ending.exit_code}, which reports what is missing: "
        f"{missing}",
        evidence,
        **numbers,
    )


def _struck_first(view: CaseView, lost: list[Work]) -> list[Work]:
    """Return lost work by what its loss costs: entities, then changes and files, then reads.

    Of one kind, that comes first whose own calls got a fault: the rest may follow from it.
    """
    struck = [entry for entry in view.entries if entry.fault_id]

    def rank(piece: Work) -> tuple[bool, bool, bool]:
        is_struck = any(_is_of(view, one, piece) for one in struck)
        return piece.kind != "created", piece.kind == "read", not is_struck

    return sorted(lost, key=rank)


def _parents_first(doubled: list[Work]) -> list[Work]:
    """Return doubled work with campaigns before ad groups before the entities below them."""

    def depth(piece: Work) -> int:
        resource = _resource(piece)
        return ABOVE.index(resource) if resource in ABOVE else len(ABOVE)

    return sorted(doubled, key=lambda piece: (piece.kind == "changed", depth(piece)))


def _too_often(doubled: list[Work], moved: str) -> str:
    """Return what exists too often: the first, whose children follow from it."""
    first = doubled[0]
    if moved:
        return f"{moved}{_in_all(doubled, first)}"
    if not (first.name and first.most):
        return _other_names(doubled)
    return (
        f"{_named(first)} exists {counted(first.seen, 'time')}, without faults "
        f"{counted(first.most or 0, 'time')}{_in_all(doubled, first)}"
    )


def _changed_too_often(doubled: list[Work], view: CaseView) -> str:
    """Return a sentence about changes, empty where entities were created too often."""
    first = doubled[0]
    if first.kind != "changed" or not first.name:
        return ""
    same = [one for one in doubled if _place(one) == _place(first) and one.most == first.most]
    entities, example = counted(len(same), "entity"), _short(first.name)
    if not first.most:
        words = f"{first.operation} changed {entities} that no pass without faults changes"
        return f'{words}, for {first.profile}, such as "{example}"{_in_all(doubled, *same)}'
    later = changed_again(first, committed_updates(view))
    last = f", which was then changed to {later}" if later else ""
    words = f"{first.operation} changed {entities} as without faults and then once more"
    return f'{words}, for {first.profile}, such as "{example}"{last}{_in_all(doubled, *same)}'


def _other_names(doubled: list[Work]) -> str:
    """Return a sentence about entities whose names differ in each pass, or are new in this one."""
    first = doubled[0]
    same = [piece for piece in doubled if _is_new(piece) and _place(piece) == _place(first)]
    seen = sum(piece.seen for piece in same or [first])
    made = f"{first.operation} made {counted(seen, 'entity')}"
    if not same:
        most = f"and at most {first.most} without faults"
        words = f"{made} with names that differ in each pass, {most}"
        return words + _in_all(doubled, first)
    names = "with a name" if seen == 1 else "with names"
    example = f', such as "{_short(first.name)}"' if first.name else ""
    words = f"{made} {names} that no pass without faults used{example}"
    return words + _in_all(doubled, *same)


def _is_new(piece: Work) -> bool:
    return not piece.most


def _moved(doubled: list[Work], lost: list[Work]) -> str:
    """Return where an entity is and where it belongs, empty if none is below another parent.

    It has a new name because of its parent, and the entity with its own name is lost.
    """
    first = doubled[0]
    parents, own = _split(first)
    if not (first.kind == "created" and _is_new(first) and parents):
        return ""
    for piece in lost:
        others, name = _split(piece)
        if _place(piece) == _place(first) and name == own and others != parents:
            resource = first.operation.rpartition(".")[0]
            return (
                f'{resource} "{_short(own)}" is below "{_short(parents)}", without faults it is '
                f'below "{_short(others)}"'
            )
    return ""


def _split(piece: Work) -> tuple[str, str]:
    """Return the names of the parents of an entity, empty without parents, and its own name."""
    resource = _resource(piece)
    is_below_campaign = resource == "adGroups" or resource.startswith("campaign")
    levels = 0 if resource == "campaigns" else 1 if is_below_campaign else len(ABOVE)
    parts = piece.name.split(BELOW)
    return BELOW.join(parts[:levels]), BELOW.join(parts[levels:])


def _resource(piece: Work) -> str:
    return piece.operation.rpartition(".")[0].rpartition(".")[2]


def _stopped(
    view: CaseView, missing: str, evidence: list[Evidence], numbers: dict[str, Any]
) -> Finding:
    """Return the result for a program that the suite stopped: broken if it was hanging."""
    idle = idle_seconds(view)
    if idle >= HANG:
        return broken(
            f"the program made no call in its last {idle / MINUTE:.0f} min and did not end: it "
            f"hangs, and reports no failure: {missing}; {last_call(view)}",
            evidence,
            **numbers,
        )
    last = f"; {last}" if (last := last_call(view)) else ""
    return unproven(
        "adsmock stopped the program at its time limit, before it ended or reported a failure: "
        f"{missing}{last}; let it end by itself, or give it more time with --timeout "
        f"({HANG / MINUTE:.0f} min without a call are a failure)",
        stopped=True,
        **numbers,
    )


def _complete(work: Sequence[Work]) -> str:
    total = sum(piece.least for piece in work)
    pieces = "1 piece of work" if total == 1 else f"{total} pieces of work"
    return f"{pieces}, each done as without faults"


def _lost(lost: list[Work], work: Sequence[Work], updates: Updates) -> str:
    """Return what is missing of the first kind of work, and how much of any other kind.

    A change that was made and then changed again is missing too; the sentence says which.
    """
    undone = [piece for piece in lost if not changed_again(piece, updates)]
    first = (undone or lost)[0]
    same = [piece for piece in undone or lost if _place(piece) == _place(first)]
    total = sum(piece.least for piece in work if _place(piece) == _place(first))
    later = changed_again(first, updates)
    what = THINGS["overwritten" if later else first.kind].format(operation=first.operation)
    place = f" for {first.profile}" if first.profile else ""
    name = f', such as "{_short(first.name)}"' if first.name else ""
    others = _missing(lost) - _missing(same)
    more = f" (and {counted(others, 'piece')} of other work)" if others else ""
    last = f", which was then changed to {later}" if later else ""
    return f"{_missing(same)} of {total} {what}{place}{name}{last}{more}"


def _place(work: Work) -> tuple[str, str, str]:
    return work.kind, work.operation, work.profile


def _missing(lost: list[Work]) -> int:
    return sum(piece.least - piece.seen for piece in lost)


def _named(work: Work) -> str:
    resource = work.operation.rpartition(".")[0]
    return f'{resource} "{_short(work.name)}"' if work.name else f"work with {work.operation}"


def _short(name: str) -> str:
    return name.replace('"', "'")[:80]


def _in_all(doubled: list[Work], *named: Work) -> str:
    """Return how much is doubled in all, empty where a sentence has named all of it."""
    others = len(doubled) > len(named)
    return f"; {_surplus(doubled)} too many in all" if others else ""


def _surplus(doubled: list[Work]) -> int:
    return sum(piece.seen - (piece.most or 0) for piece in doubled)


def _evidence(view: CaseView, piece: Work) -> list[Evidence]:
    """Return the calls with a fault, and last the call that tells most about a piece of work."""
    struck = [entry for entry in view.entries if entry.fault_id]
    about = _nearest(view, piece, struck)
    others = [entry for entry in struck if entry not in about]
    case = view.record.case
    return [
        Evidence(entry.seq, _note(view, entry, piece), case=case)
        for entry in [*others, *about][-SHOWN:]
    ]


def _nearest(view: CaseView, piece: Work, struck: list[Entry]) -> list[Entry]:
    """Return the calls of a piece of work that got a fault, or else its last call.

    A program that made none of them shows its last calls for that profile instead.
    """
    mine = [entry for entry in view.entries if _is_of(view, entry, piece)]
    same_profile = [e for e in view.entries if piece.profile and _label(view, e) == piece.profile]
    for calls in (mine, same_profile):
        hit = [entry for entry in calls if entry in struck]
        if hit or (calls and piece.profile):  # of files without a fault, none is that of the work
            return hit or calls[-1:]
    return []


def _is_of(view: CaseView, entry: Entry, piece: Work) -> bool:
    is_same = entry.operation == piece.operation
    return is_same and (not piece.profile or _label(view, entry) == piece.profile)


def _label(view: CaseView, entry: Entry) -> str:
    return view.label_of.get(str(entry.profile_id), "")


def _note(view: CaseView, entry: Entry, piece: Work) -> str:
    if entry.fault_id:
        return f"fault {entry.fault_id} of {view.record.replay_of or view.record.case}"
    return "last call of this work" if _is_of(view, entry, piece) else "last call for this profile"
