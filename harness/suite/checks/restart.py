"""Checks of what a client still knows after it was killed.

Source: Well-Architected Framework, reporting: keep the ids of reports; documented.
"""

from __future__ import annotations

from typing import Any

from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.journal import CaseView

CREATE, LOOK = "reporting.create", "reporting.get"


def restarted_client_resumes(view: CaseView) -> Finding:
    """Hold when reports of an earlier life are looked at again and none is asked for anew."""
    turn = max(view.record.ending.restarts, default=0)
    asked = [one for one in view.of_operation(CREATE) if one.seq <= turn]
    kept = {one.reply["reportId"]: one for one in asked if _names_report(one.reply)}
    if not turn or not kept:
        return unproven("no report was pending when the client was killed")
    anew = [one for one in view.of_operation(CREATE) if one.seq > turn]
    looks = [
        one
        for one in view.of_operation(LOOK)
        if one.seq > turn and one.path.rpartition("/")[2] in kept
    ]
    numbers: dict[str, Any] = {"pending": len(kept), "anew": len(anew), "looks": len(looks)}
    evidence = [row(one, "asked for before the restart") for one in kept.values()]
    if anew:
        return broken(
            f"after its restart the client asked {counted(len(anew), 'time')} for a report "
            f"although {counted(len(kept), 'report')} of its own was pending",
            [*evidence, *rows(anew, "asked for again")],
            **numbers,
        )
    if not looks:
        return broken(
            f"after its restart the client never looked at {next(iter(kept))} again",
            evidence,
            **numbers,
        )
    return holds(
        f"after its restart the client looked {counted(len(looks), 'time')} at the report of its "
        "earlier life and asked for no other",
        [*evidence, *rows(looks, "looked at after the restart")],
        **numbers,
    )


def _names_report(reply: Any) -> bool:
    return isinstance(reply, dict) and bool(reply.get("reportId"))


JUDGES = (restarted_client_resumes,)
