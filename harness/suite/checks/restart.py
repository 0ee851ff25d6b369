"""Checks of what a client remembers after it was killed.

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
    """Hold when reports requested before a restart are polled, and no new one is requested."""
    turn = max(view.record.ending.restarts, default=0)
    asked = [call for call in view.of_operation(CREATE) if call.seq <= turn]
    kept = {call.reply["reportId"]: call for call in asked if _names_report(call.reply)}
    if not turn or not kept:
        return unproven("no report was pending when the client was killed")
    new = [call for call in view.of_operation(CREATE) if call.seq > turn]
    looks = [
        call
        for call in view.of_operation(LOOK)
        if call.seq > turn and call.path.rpartition("/")[2] in kept
    ]
    numbers: dict[str, Any] = {"pending": len(kept), "new": len(new), "looks": len(looks)}
    evidence = [row(call, "requested before the restart") for call in kept.values()]
    if new:
        return broken(
            f"after its restart, the client requested {counted(len(new), 'new report')} although "
            f"it had {counted(len(kept), 'pending report')}",
            [*evidence, *rows(new, "requested again")],
            **numbers,
        )
    if not looks:
        return broken(
            f"after its restart, the client never polled {next(iter(kept))} again",
            evidence,
            **numbers,
        )
    return holds(
        f"after its restart, the client polled its earlier report {counted(len(looks), 'time')} "
        "and requested no other",
        [*evidence, *rows(looks, "polled after the restart")],
        **numbers,
    )


def _names_report(reply: Any) -> bool:
    return isinstance(reply, dict) and bool(reply.get("reportId"))


JUDGES = (restarted_client_resumes,)
