"""Checks of how long a client waits at a connection that says nothing, or next to nothing.

Durations are the server's: from the arrival of a call to the end of its connection, as the mock
saw them. Source: Well-Architected Framework, timeouts of resilient calls; synchronous calls are
answered within 30 s at the 99th percentile; documented. The 300 s are ours.
"""

from __future__ import annotations

from typing import Any

from adsmock.harness.suite.checks.finding import Finding, broken, holds, inconclusive, row, unproven
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.entry import Timebase

BLUR: dict[Timebase, float] = {"monotonic": 0.050, "sandbox": 1.0}
"""Seconds by which a measured wait may be off. On a sandbox's clock that runs 60 times as fast as
the machine these are 17 ms; timers of the mock's loop count whole milliseconds."""

OPEN = "open"


def silent_call_is_left(view: CaseView, fault: str, within: float) -> Finding:
    """Hold when the client closed each unanswered call before the mock let go of it."""
    waits = _waits(view, fault)
    if isinstance(waits, Finding):
        return waits
    call, longest = max(waits, key=lambda one: one[1])
    numbers: dict[str, Any] = {"seconds": round(longest, 1), "most": within}
    if longest >= within - BLUR[view.record.timebase]:
        return broken(
            f"a call without an answer was still open after {longest:.0f} s, when the mock let go; "
            f"the rule is at most {within:g} s",
            [row(call, f"open for {longest:.0f} s")],
            **numbers,
        )
    if view.record.ending.timed_out:
        return inconclusive("the client had to be stopped while it waited", **numbers)
    return holds(
        f"the call was left after {longest:.0f} s; the rule is at most {within:g} s",
        [row(call, f"left after {longest:.0f} s")],
        **numbers,
    )


def silent_call_is_waited_for(view: CaseView, fault: str, least: float) -> Finding:
    """Hold when no unanswered call was left before ``least`` seconds."""
    waits = _waits(view, fault)
    if isinstance(waits, Finding):
        return waits
    call, shortest = min(waits, key=lambda one: one[1])
    numbers: dict[str, Any] = {"seconds": round(shortest, 1), "least": least}
    evidence = [row(call, f"left after {shortest:.1f} s")]
    sentence = f"the call was left after {shortest:.1f} s; one in a hundred takes {least:g} s"
    answer = holds if shortest >= least - BLUR[view.record.timebase] else broken
    return answer(sentence, evidence, **numbers)


def dripping_body_is_ended(view: CaseView, fault: str, within: float) -> Finding:
    """Hold when each call with a dripping body ended in time, at its end or left by the client."""
    waits = _waits(view, fault)
    if isinstance(waits, Finding):
        return waits
    call, longest = max(waits, key=lambda one: one[1])
    how = "was read to its end" if call.ended == "complete" else "was left"
    numbers: dict[str, Any] = {"seconds": round(longest, 1), "most": within}
    sentence = f"the dripping body {how} after {longest:.0f} s; the rule is at most {within:g} s"
    answer = holds if longest <= within + BLUR[view.record.timebase] else broken
    return answer(sentence, [row(call, f"{how} after {longest:.0f} s")], **numbers)


def _waits(view: CaseView, fault: str) -> list[tuple[Entry, float]] | Finding:
    """Return the struck calls with the seconds they were open, or why there are none."""
    struck = view.with_fault(fault)
    if not struck:
        return unproven("no call met the fault")
    if any(one.ended == OPEN or not one.end for one in struck):
        return inconclusive("the journal was read before the call had ended")
    return [(one, one.end - one.arrive) for one in struck]


JUDGES = (dripping_body_is_ended, silent_call_is_left, silent_call_is_waited_for)

TIMED = (dripping_body_is_ended, silent_call_is_left)
