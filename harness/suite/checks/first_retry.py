"""Checks of first retries: after a wait, and not all at the same time.

The noise monitor measures the machine: where it is too noisy for a rule, the result is
inconclusive, never broken. Source: Well-Architected Framework, initial
delay and jitter; documented.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean

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
from adsmock.harness.suite.checks.noise import reaches
from adsmock.harness.suite.journal import CaseView, Chain, Entry
from adsmock.harness.suite.journal.item import batch

QUIET_MEDIAN = 0.020
"""Seconds of the control client's median delay on a quiet machine."""

BUSIEST = 0.100
"""Seconds of the window in which simultaneous retries are counted."""

AT_ONCE = 5
"""Batches whose items are all sent again before the floor: enough to convict without an average.

The fastest compliant client (100 ms, full jitter) does so five times in a row in 0.008 % of runs.
"""

TOGETHER = 0.250
"""Seconds within which Retry-After waits count as ending together."""


def retries_are_paced(
    view: CaseView, chains: int, floor_ms: float, fault: str | None = None
) -> Finding:
    """Hold when the first waits of many chains are on average longer than ``floor_ms``.

    The largest is dropped. The fastest compliant client (100 ms, full jitter) fails at 15 ms and
    12 chains in at most 0.03 % of runs, an immediate retry passes in 0.02 %: see ``reaches``.
    """
    met = [(chain, place) for chain in view.chains for place in _first_faulted(chain, fault)]
    if not met:
        return unproven("the fault affected no call")
    waits = [
        (chain.attempts[place + 1], chain.gaps[place])
        for chain, place in met
        if place < len(chain.gaps)
    ]
    return paced(view, waits, chains, floor_ms)


def resubmissions_are_paced(view: CaseView, fault: str, chains: int, floor_ms: float) -> Finding:
    """Hold when items that failed inside a 207 are sent again, on average, after a wait.

    The rule and its error rates are those of ``retries_are_paced``, a batch for a chain. Fewer
    batches convict if the items of each were sent again before ``floor_ms``: see ``AT_ONCE``.
    """
    struck = [(call, items) for call in view.with_fault(fault) if (items := _failed(call))]
    if not struck:
        return unproven("no item failed inside a 207")
    waits = [
        (back, back.arrive - call.send)
        for call, items in struck
        if (back := _return_of(view, call, items)) is not None
    ]
    if AT_ONCE <= len(waits) < chains and all(wait < floor_ms / 1000 for _, wait in waits):
        return _at_once(waits, floor_ms)
    return paced(view, waits, chains, floor_ms)


def _at_once(waits: list[tuple[Entry, float]], floor_ms: float) -> Finding:
    """Return the result where the failed items of each batch were sent again at once."""
    longest = max(wait for _, wait in waits)
    return broken(
        f"the failed items of {counted(len(waits), 'batch')} were sent again after at most "
        f"{longest * 1000:.0f} ms; the minimum is {floor_ms:g} ms on average",
        [row(entry, f"first wait: {wait:.3f} s") for entry, wait in waits],
        returns=len(waits),
        longest=round(longest, 4),
        least=floor_ms / 1000,
    )


def _failed(call: Entry) -> set[str]:
    """Return the natural keys of the items that failed."""
    sent = batch(call)
    return {sent.key(index) for index in sent.error} if sent else set()


def _return_of(view: CaseView, call: Entry, items: set[str]) -> Entry | None:
    """Return the first later call with any of the items."""
    for later in view.of_operation(call.operation):
        if later.seq > call.seq and later.profile_id == call.profile_id:
            sent = batch(later)
            if sent and items & set(sent.keys()):
                return later
    return None


def paced(
    view: CaseView, returns: list[tuple[Entry, float]], chains: int, floor_ms: float
) -> Finding:
    """Return whether first retries, each with its wait in seconds, come after a wait on average."""
    if len(returns) < chains:
        return unproven(f"{counted(len(returns), 'first retry')}; {chains} are needed")
    waits = sorted(wait for _, wait in returns)[:-1]
    mean = fmean(waits)
    numbers = {"returns": len(returns), "mean": round(mean, 4), "least": floor_ms / 1000}
    sentence = (
        f"after {counted(len(returns), 'failed call')}, the first retry came {mean * 1000:.0f} ms "
        f"after the answer on average; the minimum is {floor_ms:g} ms"
    )
    is_own = reaches(view, waits, floor_ms / 1000)
    if is_own is None:
        late = view.record.noise.mean if view.record.noise else 0.0
        return inconclusive(
            f"the noise monitor had a mean delay of {late * 1000:.0f} ms; {sentence}", **numbers
        )
    evidence = [row(entry, f"first wait: {wait:.3f} s") for entry, wait in returns]
    return (holds if is_own else broken)(sentence, evidence, **numbers)


def returns_are_spread(view: CaseView, share: float, returns: int) -> Finding:
    """Hold when calls with the same Retry-After do not all return at its end.

    At least ``returns`` such calls are needed. The share of retries in their busiest 100 ms is at
    most ``share``. A client that paces its calls has no such group: it holds when the waits of as
    many calls overlapped, and no two of their retries came within 100 ms.

    A spread of 200 ms passes 80 % in every run, no jitter in none. With a median noise near 100 ms
    the rule finds nothing, so 20 ms make it inconclusive.
    """
    herd = _same_retry_after(view)
    if len(herd) < returns:
        return _apart(view, returns) or unproven(
            f"{counted(len(herd), 'retry')} of calls with the same Retry-After; {returns} are "
            "needed"
        )
    if view.record.noise and view.record.noise.median >= QUIET_MEDIAN:
        return inconclusive("the noise monitor had a median delay of 20 ms or more")
    arrivals = sorted(chain.attempts[1].arrive for chain in herd)
    busiest = max(
        sum(1 for arrival in arrivals if start <= arrival <= start + BUSIEST) for start in arrivals
    )
    found = busiest / len(arrivals)
    sentence = (
        f"{busiest} of {len(arrivals)} retries came within {BUSIEST * 1000:.0f} ms ({found:.0%}); "
        f"the limit is {share:.0%}"
    )
    evidence = [row(chain.attempts[1], "retry") for chain in herd]
    answer = holds if found <= share else broken
    return answer(sentence, evidence, busiest=round(found, 3), most=share)


def _apart(view: CaseView, returns: int) -> Finding | None:
    """Return that calls which waited at the same time returned apart, None when too few did."""
    waits = [
        (chain.attempts[0].send, chain.attempts[1])
        for chain in view.chains
        if (chain.attempts[0].retry_after or "").isdigit() and chain.gaps
    ]
    waits.sort(key=lambda wait: wait[1].arrive)
    overlapping = [
        later
        for (_, earlier), (start, later) in pairwise(waits)
        if start < earlier.arrive and later.arrive - earlier.arrive > BUSIEST
    ]
    if len(overlapping) < returns or len(overlapping) < len(waits) - 1:
        return None
    return holds(
        f"{counted(len(waits), 'retry')} of calls with a Retry-After, whose waits overlapped; no "
        f"two came within {BUSIEST * 1000:.0f} ms",
        rows(overlapping, "retry"),
        retries=len(waits),
    )


def _same_retry_after(view: CaseView) -> list[Chain]:
    """Return the largest group of retried calls with a Retry-After that ended together."""
    ends = [
        (chain.attempts[0].send + int(chain.attempts[0].retry_after or 0), chain)
        for chain in view.chains
        if (chain.attempts[0].retry_after or "").isdigit() and chain.gaps
    ]
    groups = [
        [chain for until, chain in ends if start <= until <= start + TOGETHER] for start, _ in ends
    ]
    return max(groups, key=len, default=[])


def _first_faulted(chain: Chain, fault: str | None) -> list[int]:
    """Return the index of the first attempt with the fault (or any), or nothing."""
    places = [
        place
        for place, attempt in enumerate(chain.attempts)
        if attempt.fault_id and fault in {None, attempt.fault_id}
    ]
    return places[:1]


JUDGES = (resubmissions_are_paced, retries_are_paced, returns_are_spread)

TIMED = JUDGES

CHAINED = (retries_are_paced, returns_are_spread)
