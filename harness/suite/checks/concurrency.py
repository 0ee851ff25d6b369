"""Checks of many concurrent calls: a paused route, a lower limit.

Source: rate-limiting page, do not call
again before Retry-After; Well-Architected Framework, adapt to limits; documented.
"""

from __future__ import annotations

from typing import Any

from adsmock.contracts.loader import load
from adsmock.contracts.quota_weight import weight_of
from adsmock.harness.suite.checks.attempts import wilson
from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    inconclusive,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.journal import CaseView, Entry

GRACE = 0.250
"""Seconds after an answer in which calls that were already in flight arrive."""

THROTTLED = 429


def route_is_paused(view: CaseView, fault: str, workers: int, tolerance_ms: float) -> Finding:
    """Hold when no worker called a route between its 429 and the end of its Retry-After.

    As many calls as there are workers may arrive within 250 ms: they were in flight.
    """
    limited = next(iter(view.with_fault(fault)), None)
    if limited is None or not (limited.retry_after or "").isdigit():
        return unproven("no answer had a Retry-After in seconds")
    until = limited.send + int(limited.retry_after or 0) - tolerance_ms / 1000
    others = [
        call
        for call in view.of_operation(limited.operation)
        if call.region == limited.region and call.seq > limited.seq
    ]
    if len(others) < workers:
        return unproven(f"{counted(len(others), 'other call')} to the route; {workers} are needed")
    inside = [other for other in others if other.arrive < until]
    in_flight = [call for call in inside if call.arrive <= limited.send + GRACE][:workers]
    intruders = [call for call in inside if call not in in_flight]
    counts = {"under_way": len(in_flight), "intruders": len(intruders)}
    numbers: dict[str, Any] = {"wait": limited.retry_after, **counts}
    evidence = [row(limited, f"Retry-After {limited.retry_after}")]
    if intruders:
        first = intruders[0]
        return broken(
            f"{counted(len(intruders), 'call')} to {limited.operation} arrived too early, the "
            f"first {first.arrive - limited.send:.2f} s after the 429 with Retry-After "
            f"{limited.retry_after}",
            [*evidence, *(row(call, "arrived during the pause", until) for call in intruders)],
            **numbers,
        )
    return holds(
        f"no new call for {limited.retry_after} s; {counted(len(in_flight), 'call')} in flight",
        evidence,
        **numbers,
    )


def throttling_settles(view: CaseView, most: float, calls: int) -> Finding:
    """Hold when at most ``most`` of the calls in the last third were throttled.

    Judged by the lower Wilson bound (95 %) with at least ``calls`` calls in that third.
    """
    last = _last_third(view)
    if len(last) < calls:
        return unproven(f"{counted(len(last), 'call')} in the last third; {calls} are needed")
    refused = [call for call in last if call.status == THROTTLED]
    share = len(refused) / len(last)
    numbers: dict[str, Any] = {
        "calls": len(last),
        "throttled": len(refused),
        "share": round(share, 3),
    }
    sentence = (
        f"{len(refused)} of the last {counted(len(last), 'call')} were throttled ({share:.1%}); "
        f"the limit is {most:.0%}"
    )
    if share <= most:
        return holds(sentence, **numbers)
    if wilson(len(refused), len(last))[0] <= most:
        return inconclusive(f"{sentence}, and this sample may exceed it by chance", **numbers)
    return broken(sentence, rows(refused[:50], "throttled"), **numbers)


def limit_is_used(view: CaseView, rate: float, least: float, calls: int) -> Finding:
    """Hold when the successful calls of the last third reach ``least`` of the limit.

    Calls count by weight, as in the quota: a list of extended data counts five times.
    """
    last = _last_third(view)
    if len(last) < calls:
        return unproven(f"{counted(len(last), 'call')} in the last third; {calls} are needed")
    seconds = last[-1].arrive - last[0].arrive
    served = [call for call in last[1:] if call.is_success]
    weight = sum(_weight(call) for call in served)
    goodput = weight / seconds if seconds > 0 else 0.0
    numbers: dict[str, Any] = {
        "served": len(served),
        "weight": weight,
        "seconds": round(seconds, 1),
        "rate": round(goodput, 2),
    }
    counting = "" if weight == len(served) else ", by quota weight,"
    sentence = (
        f"{goodput:.1f} calls a second{counting} succeeded in the last third, of {rate:g} allowed; "
        f"the minimum is {least:.0%}"
    )
    if goodput >= least * rate:
        return holds(sentence, **numbers)
    return broken(
        sentence,
        [row(last[0], "first call of the last third"), row(last[-1], "last call")],
        **numbers,
    )


def _weight(entry: Entry) -> int:
    operation = load().operations.get(entry.operation)
    return weight_of(operation, entry.request) if operation else 1


def _last_third(view: CaseView) -> list[Entry]:
    calls = sorted(view.api, key=lambda call: call.arrive)
    return calls[len(calls) * 2 // 3 :]


JUDGES = (limit_is_used, route_is_paused, throttling_settles)

TIMED = JUDGES
