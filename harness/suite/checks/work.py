"""The check of a free run: what the program achieves without faults, it achieves with them.

Source: Well-Architected Framework, resilience: no work is lost or done twice; documented.
"""

from __future__ import annotations

from adsmock.harness.suite.checks.finding import Finding, broken, counted, holds, row, unproven
from adsmock.harness.suite.journal import CaseView, Work

THINGS = {
    "created": "{count} of {least} intended entities created with {operation}",
    "changed": "{count} of {least} intended changes made with {operation}",
    "read": "{count} of {least} pages read with {operation}",
    "fetched": "{count} of {least} files downloaded",
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
            f"{_lost(lost[0])}{_more(lost)}; the program ended with exit code 0, which says that "
            "all is done",
            evidence,
            **numbers,
        )
    if lost:
        ended = "was stopped at its time limit" if code is None else f"ended with exit code {code}"
        return holds(
            f"{_lost(lost[0])}{_more(lost)}; the program {ended}, which reports the failure",
            evidence,
            **numbers,
        )
    pieces = counted(len(work), "piece of work").replace("piece of works", "pieces of work")
    return holds(f"{pieces}, each done as without faults", evidence, **numbers)


def _lost(work: Work) -> str:
    what = THINGS[work.kind].format(count=work.seen, least=work.least, operation=work.operation)
    place = f" for {work.profile}" if work.profile else ""
    name = f', such as "{_short(work.name)}"' if work.name else ""
    return f"only {what}{place}{name}"


def _named(work: Work) -> str:
    resource = work.operation.rpartition(".")[0]
    return f'{resource} "{_short(work.name)}"' if work.name else f"work with {work.operation}"


def _short(name: str) -> str:
    return name.replace('"', "'")[:80]


def _more(found: list[Work]) -> str:
    return f" (and {len(found) - 1} more)" if len(found) > 1 else ""
