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

OPEN, COMPLETE = "open", "complete"

SPARE = 120.0
"""Seconds that a program may need before and after a slow call."""


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
    if shortest < least and _ended_by_suite(view, call):
        return unproven(
            f"the suite stopped the program after {shortest:.0f} s of the silent call; the minimum "
            f"is {least:g} s: give the program more time, such as --timeout {least + SPARE:g}",
            stopped=True,
            **numbers,
        )
    evidence = [row(call, f"closed after {shortest:.1f} s")]
    sentence = f"the client closed the call after {shortest:.1f} s; the minimum is {least:g} s"
    answer = holds if shortest >= least - BLUR[view.record.timebase] else broken
    return answer(sentence, evidence, **numbers)


def slow_body_is_limited(view: CaseView, fault: str, within: float) -> Finding:
    """Hold when each call with a slow body ended in time, complete or closed by the client.

    A call that ended with the program, because the suite stopped it, proves nothing before the
    limit.
    """
    waits = _waits(view, fault)
    if isinstance(waits, Finding):
        return waits
    call, longest = max(waits, key=lambda one: one[1])
    is_cut = _ended_by_suite(view, call)
    most = within + BLUR[view.record.timebase]
    numbers: dict[str, Any] = {"seconds": round(longest, 1), "most": within}
    if is_cut and longest <= most:
        return unproven(
            f"the suite stopped the program after {longest:.0f} s of the slow body; the limit is "
            f"{within:g} s: give the program more time, such as --timeout {within + SPARE:g}",
            stopped=True,
            **numbers,
        )
    how = "was read completely" if call.ended == "complete" else "was closed"
    sentence = f"the slow body {how} after {longest:.0f} s; the limit is {within:g} s"
    note = f"{how} after {longest:.0f} s"
    if is_cut:
        numbers["stopped"] = True
        note = f"open for {longest:.0f} s, until the suite stopped the program"
        sentence = f"the slow body was {note}; the limit is {within:g} s"
    answer = holds if longest <= most else broken
    return answer(sentence, [row(call, note)], **numbers)


def _ended_by_suite(view: CaseView, call: Entry) -> bool:
    """Say whether a call ended with the program, which the suite stopped at its time limit."""
    return (
        view.record.ending.timed_out
        and call.ended != COMPLETE
        and all(other.arrive <= call.end for other in view.entries)
    )


def _waits(view: CaseView, fault: str) -> list[tuple[Entry, float]] | Finding:
    """Return the faulted calls with the seconds they were open, or why there are none."""
    struck = view.with_fault(fault)
    if not struck:
        return unproven("the fault affected no call")
    if any(call.ended == OPEN or not call.end for call in struck):
        if view.record.ending.timed_out:
            return unproven(
                "the suite stopped the program before the call had ended: give the program more "
                "time with --timeout",
                stopped=True,
            )
        return inconclusive("the journal was read before the call had ended")
    return [(call, call.end - call.arrive) for call in struck]


JUDGES = (slow_body_is_limited, silent_call_times_out, silent_call_is_waited_for)

TIMED = (slow_body_is_limited, silent_call_times_out)
