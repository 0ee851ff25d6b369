"""Checks of how long a client waits for a silent or very slow answer.

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
"""Measurement error of a wait, in seconds. On a sandbox's clock that runs 60 times as fast as the
machine, 1 s is 17 ms; the mock's timers have a resolution of a millisecond."""

OPEN = "open"


def silent_call_times_out(view: CaseView, fault: str, within: float) -> Finding:
    """Hold when the client closed each unanswered call before the mock did."""
    waits = _waits(view, fault)
    if isinstance(waits, Finding):
        return waits
    call, longest = max(waits, key=lambda wait: wait[1])
    numbers: dict[str, Any] = {"seconds": round(longest, 1), "most": within}
    if longest >= within - BLUR[view.record.timebase]:
        return broken(
            f"a call without an answer was open for {longest:.0f} s, until the mock closed it; "
            f"the limit is {within:g} s",
            [row(call, f"open for {longest:.0f} s")],
            **numbers,
        )
    if view.record.ending.timed_out:
        return inconclusive("the client was stopped while it waited", **numbers)
    return holds(
        f"the client closed the call after {longest:.0f} s; the limit is {within:g} s",
        [row(call, f"closed after {longest:.0f} s")],
        **numbers,
    )


def silent_call_is_waited_for(view: CaseView, fault: str, least: float) -> Finding:
    """Hold when no unanswered call was closed before ``least`` seconds."""
    waits = _waits(view, fault)
    if isinstance(waits, Finding):
        return waits
    call, shortest = min(waits, key=lambda one: one[1])
    numbers: dict[str, Any] = {"seconds": round(shortest, 1), "least": least}
    evidence = [row(call, f"closed after {shortest:.1f} s")]
    sentence = f"the client closed the call after {shortest:.1f} s; the minimum is {least:g} s"
    answer = holds if shortest >= least - BLUR[view.record.timebase] else broken
    return answer(sentence, evidence, **numbers)


def slow_body_is_limited(view: CaseView, fault: str, within: float) -> Finding:
    """Hold when each call with a slow body ended in time, complete or closed by the client."""
    waits = _waits(view, fault)
    if isinstance(waits, Finding):
        return waits
    call, longest = max(waits, key=lambda one: one[1])
    how = "was read completely" if call.ended == "complete" else "was closed"
    numbers: dict[str, Any] = {"seconds": round(longest, 1), "most": within}
    sentence = f"the slow body {how} after {longest:.0f} s; the limit is {within:g} s"
    answer = holds if longest <= within + BLUR[view.record.timebase] else broken
    return answer(sentence, [row(call, f"{how} after {longest:.0f} s")], **numbers)


def _waits(view: CaseView, fault: str) -> list[tuple[Entry, float]] | Finding:
    """Return the faulted calls with the seconds they were open, or why there are none."""
    struck = view.with_fault(fault)
    if not struck:
        return unproven("the fault affected no call")
    if any(call.ended == OPEN or not call.end for call in struck):
        return inconclusive("the journal was read before the call had ended")
    return [(call, call.end - call.arrive) for call in struck]


JUDGES = (slow_body_is_limited, silent_call_times_out, silent_call_is_waited_for)

TIMED = (slow_body_is_limited, silent_call_times_out)
