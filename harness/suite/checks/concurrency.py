"""Checks of many calls at once: a route that is paused, a limit that has fallen.

Knows arrivals and shares. Must not know single chains. Source: rate-limiting page, do not call
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
"""Seconds after an answer in which calls that were under way already still arrive."""

THROTTLED = 429


def route_is_paused(view: CaseView, fault: str, workers: int, tolerance_ms: float) -> Finding:
    """Hold when nobody called a route between its 429 and the end of the wait that it named.

    As many calls as there are workers may arrive within 250 ms: they were under way.
    """
    told = next(iter(view.with_fault(fault)), None)
    if told is None or not (told.retry_after or "").isdigit():
        return unproven("no answer named a wait")
    until = told.send + int(told.retry_after or 0) - tolerance_ms / 1000
    others = [
        one
        for one in view.of_operation(told.operation)
        if one.region == told.region and one.seq > told.seq
    ]
    if len(others) < workers:
        return unproven(f"{counted(len(others), 'other call')} seen; {workers} are needed")
    inside = [one for one in others if one.arrive < until]
    waved = [one for one in inside if one.arrive <= told.send + GRACE][:workers]
    intruders = [one for one in inside if one not in waved]
    numbers: dict[str, Any] = {
        "wait": told.retry_after,
        "under_way": len(waved),
        "intruders": len(intruders),
    }
    evidence = [row(told, f"named a wait of {told.retry_after} s")]
    if intruders:
        first = intruders[0]
        return broken(
            f"{counted(len(intruders), 'call')} to {told.operation} arrived before the wait was "
            f"over, the first {first.arrive - told.send:.2f} s after the 429; "
            f"Retry-After was {told.retry_after}",
            [*evidence, *(row(one, "came into the pause", until) for one in intruders)],
            **numbers,
        )
    return holds(
        f"the route rested for {told.retry_after} s; {counted(len(waved), 'call')} under way",
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
    refused = [one for one in last if one.status == THROTTLED]
    share = len(refused) / len(last)
    numbers: dict[str, Any] = {
        "calls": len(last),
        "throttled": len(refused),
        "share": round(share, 3),
    }
    sentence = (
        f"of the last {counted(len(last), 'call')} {len(refused)} were throttled ({share:.1%}); "
        f"the rule is at most {most:.0%}"
    )
    if share <= most:
        return holds(sentence, **numbers)
    if wilson(len(refused), len(last))[0] <= most:
        return inconclusive(f"{sentence}, which this sample may exceed by chance", **numbers)
    return broken(sentence, rows(refused[:50], "throttled"), **numbers)


def limit_is_used(view: CaseView, rate: float, least: float, calls: int) -> Finding:
    """Hold when the calls of the last third that were served reach ``least`` of the limit.

    Counted by weight, as the limit is: a list of extended data uses up as much as five others.
    """
    last = _last_third(view)
    if len(last) < calls:
        return unproven(f"{counted(len(last), 'call')} in the last third; {calls} are needed")
    seconds = last[-1].arrive - last[0].arrive
    served = [one for one in last[1:] if one.is_success]
    weight = sum(_weight(one) for one in served)
    goodput = weight / seconds if seconds > 0 else 0.0
    numbers: dict[str, Any] = {
        "served": len(served),
        "weight": weight,
        "seconds": round(seconds, 1),
        "rate": round(goodput, 2),
    }
    counting = "" if weight == len(served) else ", counted by their weight,"
    sentence = (
        f"{goodput:.1f} calls a second{counting} were served in the last third, of {rate:g} "
        f"allowed; the rule is at least {least:.0%}"
    )
    if goodput >= least * rate:
        return holds(sentence, **numbers)
    return broken(sentence, [row(last[0], "begins here"), row(last[-1], "ends here")], **numbers)


def _weight(one: Entry) -> int:
    operation = load().operations.get(one.operation)
    return weight_of(operation, one.request) if operation else 1


def _last_third(view: CaseView) -> list[Entry]:
    calls = sorted(view.api, key=lambda one: one.arrive)
    return calls[len(calls) * 2 // 3 :]


JUDGES = (limit_is_used, route_is_paused, throttling_settles)

TIMED = JUDGES
