"""The check of a free run: what the program achieves without faults, it achieves with them.

Source: Well-Architected Framework, resilience: no work is lost or done twice; documented.
"""

from __future__ import annotations

from collections.abc import Sequence

from adsmock.harness.suite.checks.finding import Finding, broken, counted, holds, row, unproven
from adsmock.harness.suite.journal import CaseView, Work

THINGS = {
    "created": "intended entities were never created with {operation}",
    "changed": "intended changes were never made with {operation}",
    "read": "pages were never read with {operation}",
    "fetched": "files were never downloaded",
}


def work_is_done_once(view: CaseView) -> Finding:
    """Hold when nothing is doubled, and nothing lost unless the program reported a failure."""
    work = view.record.work
    if not work:
        return unproven("the passes without faults did no work that can be compared")
    lost = [piece for piece in work if piece.is_lost]
    doubled = [piece for piece in work if piece.is_doubled]
    code = view.record.ending.exit_code
    numbers = {"work": len(work), "lost": len(lost), "doubled": len(doubled), "exit": code}
    evidence = [row(entry, "call with a fault") for entry in view.entries if entry.fault_id][:5]
    if doubled:
        one = doubled[0]
        return broken(
            f"{_named(one)} exists {counted(one.seen, 'time')}, without faults "
            f"{counted(one.most or 0, 'time')}{_more(doubled)}",
            evidence,
            **numbers,
        )
    if lost and code == 0:
        return broken(
            f"{_lost(lost, work)}; the program ended with exit code 0, which says that all is done",
            evidence,
            **numbers,
        )
    if lost:
        ended = "was stopped at its time limit" if code is None else f"ended with exit code {code}"
        return holds(
            f"{_lost(lost, work)}; the program {ended}, which reports the failure",
            evidence,
            **numbers,
        )
    pieces = counted(len(work), "piece of work").replace("piece of works", "pieces of work")
    return holds(f"{pieces}, each done as without faults", evidence, **numbers)


def _lost(lost: list[Work], work: Sequence[Work]) -> str:
    """Return what is missing of the first kind of work, and how much of any other kind."""
    first = lost[0]
    same = [one for one in lost if _place(one) == _place(first)]
    total = sum(one.least for one in work if _place(one) == _place(first))
    what = THINGS[first.kind].format(operation=first.operation)
    place = f" for {first.profile}" if first.profile else ""
    name = f', such as "{_short(first.name)}"' if first.name else ""
    others = _missing(lost) - _missing(same)
    more = f" (and {counted(others, 'piece')} of other work)" if others else ""
    return f"{_missing(same)} of {total} {what}{place}{name}{more}"


def _place(one: Work) -> tuple[str, str, str]:
    return one.kind, one.operation, one.profile


def _missing(lost: list[Work]) -> int:
    return sum(one.least - one.seen for one in lost)


def _named(work: Work) -> str:
    resource = work.operation.rpartition(".")[0]
    return f'{resource} "{_short(work.name)}"' if work.name else f"work with {work.operation}"


def _short(name: str) -> str:
    return name.replace('"', "'")[:80]


def _more(found: list[Work]) -> str:
    return f" (and {len(found) - 1} more)" if len(found) > 1 else ""
