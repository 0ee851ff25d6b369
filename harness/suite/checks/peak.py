"""Checks of a peak: how many calls the work takes, how evenly they come, what is lost.

Source: Well-Architected Framework, fundamental component (estimate, shrink and monitor call volume,
scale with a peak); rate limiting page (smooth the creation of reports); documented. The bounds are
our own.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    quote,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.recovery import existing_names, wanted_names
from adsmock.harness.suite.journal import CaseView

MINUTE = 60.0
HOUR = 3600.0


def calls_near_the_least(view: CaseView, least: int, factor: float) -> Finding:
    """Hold when all calls, with tokens and files, are at most ``factor`` times the minimum.

    ``least`` is what a client needs that fills every batch and page and polls a job once.
    """
    calls = view.calls
    numbers: dict[str, Any] = {"calls": len(calls), "least": least, "factor": factor}
    if len(calls) < least:
        return unproven(f"{counted(len(calls), 'call')}; the work needs {least}", **numbers)
    often = Counter(call.operation for call in calls).most_common(3)
    sentence = (
        f"{counted(len(calls), 'call')} for work that needs {least}; the limit is {factor:g} times "
        f"as many; most frequent: {', '.join(f'{name} ({times})' for name, times in often)}"
    )
    if len(calls) <= factor * least:
        return holds(sentence, **numbers)
    again = [call for call in calls if call.operation == often[0][0]]
    return broken(sentence, rows(again[:50], "most frequent operation"), **numbers)


def creations_are_spread(view: CaseView, operation: str, calls: int, most: float) -> Finding:
    """Hold when the busiest minute saw at most ``most`` times the calls of a mean one.

    The mean is taken over the time that the task gives, or over the time used where that is more.
    """
    made = sorted(call.arrive for call in view.of_operation(operation))
    if len(made) < calls:
        return unproven(f"{counted(len(made), 'call')}; {calls} are needed")
    within = max((float(args["within"]) for args in view.task_args("reports")), default=0.0)
    minutes = max(within, made[-1] - made[0], MINUTE) / MINUTE
    mean = len(made) / minutes
    busiest, start = max(
        (sum(first <= at < first + MINUTE for at in made), first) for first in made
    )
    numbers: dict[str, Any] = {
        "calls": len(made),
        "busiest": busiest,
        "mean": round(mean, 2),
        "most": most,
    }
    sentence = (
        f"{len(made)} report requests in {minutes:.0f} minutes, {busiest} in the busiest minute "
        f"({busiest / mean:.1f} times the mean); the limit is {most:g} times"
    )
    inside = [
        call for call in view.of_operation(operation) if start <= call.arrive < start + MINUTE
    ]
    if busiest > most * mean:
        return broken(sentence, rows(inside[:50], "in the busiest minute"), **numbers)
    return holds(sentence, **numbers)


def estimate_is_near(
    view: CaseView, estimate: float, low: float, high: float, calls: int
) -> Finding:
    """Hold when the calls per hour are near the estimate.

    ``estimate`` is what the task itself needs; the manifest's own estimate replaces it.
    """
    declared = view.manifest.estimated_calls_per_hour
    whose = "the manifest estimates" if declared else "the work needs"
    estimate = declared or estimate
    seen = view.calls
    if len(seen) < calls:
        return unproven(f"{counted(len(seen), 'call')}; {calls} are needed")
    seconds = max(seen[-1].arrive - seen[0].arrive, 1.0)
    hourly = len(seen) / seconds * HOUR
    numbers: dict[str, Any] = {"calls": len(seen), "hourly": round(hourly), "estimate": estimate}
    sentence = (
        f"{counted(len(seen), 'call')} in {seconds:.0f} s make {hourly:.0f} per hour; {whose} "
        f"{estimate:g}, and {low:g} to {high:g} times as many are allowed"
    )
    if low <= hourly / estimate <= high:
        return holds(sentence, **numbers)
    return broken(sentence, [row(seen[0], "first call"), row(seen[-1], "last call")], **numbers)


def backlog_is_done(view: CaseView, operation: str, peak_s: float, within_s: float) -> Finding:
    """Hold when the last piece of work is done soon after the peak.

    The peak ends ``peak_s`` seconds after the first call. The manifest's own limit for a backlog
    replaces ``within_s``.
    """
    done = [call for call in view.of_operation(operation) if call.is_success]
    if not done:
        return unproven("no work was done")
    allowed = view.manifest.timeouts.backlog_seconds or within_s
    last = max(done, key=lambda call: call.arrive)
    after = last.arrive - (view.entries[0].arrive + peak_s)
    numbers = {"after_s": round(after, 1), "within_s": allowed}
    if after <= 0:
        return unproven("all work was done before the end of the peak", **numbers)
    sentence = f"the last work was done {after:.0f} s after the peak; the limit is {allowed:g} s"
    answer = holds if after <= allowed else broken
    return answer(sentence, [row(last, "last work of the backlog")], **numbers)


def work_survives_the_peak(view: CaseView, resource: str) -> Finding:
    """Hold when every entity that the tasks create exists at the end."""
    wanted = wanted_names(view, resource)
    if not wanted:
        return unproven("the tasks create nothing")
    lost = sorted((wanted - existing_names(view, resource)).elements())
    numbers: dict[str, Any] = {"wanted": wanted.total(), "lost": len(lost)}
    if lost:
        return broken(
            f"{len(lost)} of {counted(wanted.total(), 'intended entity')} were never created: "
            f"{quote(lost)}",
            rows([call for call in view.api if call.is_refusal][:50], "refused"),
            **numbers,
        )
    return holds(f"{counted(wanted.total(), 'intended entity')}, all created", **numbers)


JUDGES = (
    backlog_is_done,
    calls_near_the_least,
    creations_are_spread,
    estimate_is_near,
    work_survives_the_peak,
)

TIMED = (backlog_is_done,)
