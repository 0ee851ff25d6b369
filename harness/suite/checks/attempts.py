"""Checks of the number of attempts: limited, not multiplied, reset after a success, given up.

Source: Well-Architected Framework, limit retries (5 or 10) and delays (60 s); documented.
"""

from __future__ import annotations

from collections import Counter
from math import inf, sqrt
from typing import Any

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
from adsmock.harness.suite.checks.paging import list_key
from adsmock.harness.suite.checks.reaction import acted_after
from adsmock.harness.suite.journal import CaseView, Chain, Entry

Z = 1.96
"""95 % two-sided, for the Wilson bounds of a ratio."""

REQUEUE = 300.0
"""Seconds after which an attempt belongs to a new run of the same job, which a queue started."""

GROWN = (1.25, 4.0)
"""Backoff makes each wait longer than the last one by a factor in this range (own choice)."""

DOCUMENTED = 11
"""A first attempt and ten retries, the larger documented example: so many may take any time."""

WRITES = ("create", "update", "archive")


def attempts_are_bounded(
    view: CaseView, most: int, fault: str | None = None, within_s: float | None = None
) -> Finding:
    """Hold when no failing call was attempted more than ``most`` times, or later than allowed.

    ``within_s`` counts from the first attempt's answer, for a call with more attempts than the
    documented limit: a circuit breaker or a queue may space ten retries by minutes.
    A wait of five minutes or more, which did not grow out of the waits before it, starts a new run
    of the job: it is counted from there.
    A client that never retries shows no limit.
    """
    chains = _struck(view, fault)
    struck = [run for chain in chains for run in _runs(chain)]
    if not struck:
        return unproven("the fault affected no call")
    longest = max(struck, key=lambda chain: len(chain.attempts))
    late = [chain for chain in struck if within_s and _is_late(chain, within_s)]
    found = len(longest.attempts)
    numbers: dict[str, Any] = {"attempts": found, "most": most, "chains": len(struck)}
    if found > most:
        return broken(
            f"{longest.attempts[0].title} was attempted {found} times; the limit is {most}",
            rows(longest.attempts[most:], "one attempt too many"),
            **numbers,
        )
    if late:
        last = late[0].attempts[-1]
        return broken(
            f"{last.title} was attempted {_duration(late[0]):.0f} s after the first failure; "
            f"the limit is {within_s:g} s",
            [row(last, "too late")],
            **numbers,
        )
    if all(len(chain.attempts) == 1 for chain in chains):
        return unproven(f"{counted(len(struck), 'failing call')}, none retried", **numbers)
    return holds(
        f"{counted(len(struck), 'failing call')}, at most {counted(found, 'attempt')} each; "
        f"the limit is {most}",
        **numbers,
    )


def _is_late(chain: Chain, within_s: float) -> bool:
    return len(chain.attempts) > DOCUMENTED and _duration(chain) > within_s


def _duration(chain: Chain) -> float:
    """Return the seconds from the first answer to the last attempt."""
    return chain.attempts[-1].arrive - chain.attempts[0].send


def waits_stay_below(view: CaseView, longest_s: float) -> Finding:
    """Hold when no wait between attempts at a failing call reached ``longest_s``."""
    gaps = [
        (gap, attempt)
        for chain in _struck(view, None)
        for attempt, gap in zip(chain.attempts[1:], chain.gaps, strict=True)
    ]
    if not gaps:
        return unproven("no failed call was retried")
    longest, entry = max(gaps, key=lambda pair: pair[0])
    numbers = {"waits": len(gaps), "longest": round(longest, 2), "most": longest_s}
    sentence = (
        f"the longest of {counted(len(gaps), 'wait')} was {longest:.1f} s; "
        f"waits must stay below {longest_s:g} s"
    )
    if longest >= longest_s:
        evidence = [row(call, f"wait of {gap:.1f} s") for gap, call in gaps if gap >= longest_s]
        return broken(sentence, evidence, **numbers)
    return holds(sentence, [row(entry, "longest wait")], **numbers)


def later_trouble_starts_afresh(view: CaseView, factor: float) -> Finding:
    """Hold when the first wait of a second burst of failures is no longer than early waits.

    It is compared with the larger of the first two waits of the first burst. Simulated
    (``tests/bench/simulate.py``, 4,000 runs): a client that doubles with full jitter is flagged in
    4.7 of 100 runs, with additive jitter never. A client that does not reset its delay is flagged
    in 86 with full jitter, in 100 with additive. Too weak for more than an INFO.
    """
    bursts = [chain for chain in view.chains if chain.faulted and len(chain.gaps) > 1]
    if len(bursts) < 2 or not bursts[0].succeeded:  # noqa: PLR2004 -- two bursts
        return unproven("there were not two bursts of failures with a success between them")
    first, second = bursts[0], bursts[-1]
    early, fresh = max(first.gaps[:2]), second.gaps[0]
    numbers = {"early": round(early, 3), "fresh": round(fresh, 3), "factor": factor}
    sentence = (
        f"the second burst of failures began with a wait of {fresh:.2f} s, the first with at most "
        f"{early:.2f} s; the limit is {factor:g} times as long"
    )
    evidence = [row(second.attempts[1], f"first wait of the second burst: {fresh:.2f} s")]
    answer = holds if fresh <= factor * early else broken
    return answer(sentence, evidence, **numbers)


def garbled_success_is_not_believed(view: CaseView, fault: str, retries: int) -> Finding:
    """Hold when nothing was written because of an unreadable success, and it was soon given up.

    A write may depend on the answer if it is for the same profile and the same ad product, and the
    call had not succeeded in the meantime. A write of another resource that the client has read
    depends on that list. A request for a report or an export is no write.
    """
    struck = _struck(view, fault)
    if not struck:
        return unproven("the fault affected no call")
    first = next(entry for entry in view.entries if entry.fault_id == fault)
    written = _writes_because_of(view, first)
    numbers: dict[str, Any] = {"calls": len(struck), "writes": len(written)}
    if written:
        return broken(
            f"{written[0].title} (call {written[0].seq}) was sent, although the answer of "
            f"{first.title} (call {first.seq}) could not be read",
            [row(first, "a page instead of JSON"), *rows(written, "write after it")],
            written[0],
            **numbers,
        )
    by_key = Counter(call.chain for call in view.with_fault(fault))
    most = max(by_key.values())
    if most > retries + 1:
        again = [call for call in view.with_fault(fault) if by_key[call.chain] == most]
        return broken(
            f"the call with the unreadable answer was sent {most} times; "
            f"the limit is {counted(retries, 'retry')}",
            rows(again[retries + 1 :], "sent again"),
            **numbers,
        )
    if most == 1 and not acted_after(view, first):
        return unproven("after the unreadable answer, the client neither went on nor reported it")
    return holds(
        f"nothing was written, and the call was given up after {counted(most, 'attempt')}",
        **numbers,
    )


def _writes_because_of(view: CaseView, answer: Entry) -> list[Entry]:
    """Return the writes that may depend on an answer which could not be read."""
    family = answer.operation.partition(".")[0]
    listed = answer.operation.rpartition(".")[0]
    again = (each.seq for each in view.api if each.chain == answer.chain and not each.fault_id)
    readable = next((seq for seq in again if seq > answer.seq), inf)
    return [
        call
        for call in view.api
        if answer.seq < call.seq < readable
        and call.operation.partition(".")[0] == family
        and call.operation.rpartition(".")[2] in WRITES
        and call.profile_id == answer.profile_id
        and (call.operation.rpartition(".")[0] == listed or not _has_read(view, call))
    ]


def _has_read(view: CaseView, write: Entry) -> bool:
    """Say whether the client had a readable list of the resource of a write."""
    wanted = f"{write.operation.rpartition('.')[0]}.list"
    return any(
        call.is_success and not call.fault_id and call.seq < write.seq
        for call in view.of_operation(wanted)
        if call.profile_id == write.profile_id
    )


def attempts_do_not_multiply(
    view: CaseView, most: float, calls: int, each: int = 0, afresh: bool = False
) -> Finding:
    """Hold when the attempts per piece of work stay low: on average, and for ``each`` piece.

    A repeated call is another attempt at the same work. With ``afresh`` it is new work if the call
    had succeeded: right for work that recurs, wrong where a client may repeat finished work. The
    share of repeated attempts is judged by its lower Wilson bound (95 %), with
    at least ``calls`` attempts; above the limit but within the bound is inconclusive.
    """
    work = _pieces(view, afresh=afresh)
    total = sum(map(len, work))
    if total < calls or not work:
        return unproven(f"{counted(total, 'attempt')}; {calls} are needed")
    ratio, longest = total / len(work), max(work, key=len)
    worst = len(longest)
    numbers: dict[str, Any] = {
        "attempts": total,
        "work": len(work),
        "ratio": round(ratio, 3),
        "most": most,
        "worst": worst,
    }
    sentence = (
        f"{total} attempts at {counted(len(work), 'call')}: {ratio:.2f} on average; "
        f"the limit is {most:g}"
    )
    allowed = 1 - 1 / most
    if each and worst > each:
        return broken(
            f"{longest[0].title} was attempted {worst} times; the limit is {each}",
            rows(longest[each:], "one attempt too many"),
            **numbers,
        )
    if ratio <= most:
        return holds(sentence, **numbers)
    if wilson(total - len(work), total)[0] <= allowed:
        return inconclusive(f"{sentence}, and this sample may exceed it by chance", **numbers)
    repeats = [attempt for attempts in work for attempt in attempts[1:]]
    return broken(sentence, rows(repeats[:50], "repeated"), **numbers)


def _pieces(view: CaseView, *, afresh: bool) -> list[tuple[Entry, ...]]:
    """Return the attempts at each piece of work.

    Without ``afresh`` only operations with a fault count: a client may read its profiles before
    each job, and nothing there failed. There a call that had succeeded is new work too, unless the
    last call for the same list failed: then the failure made the client read it again.
    """
    if afresh:
        return [chain.attempts for chain in view.chains if chain.attempts[0].is_api]
    struck = {each.operation for each in view.api if each.fault_id}
    grown: dict[str, list[Entry]] = {}
    done: list[list[Entry]] = []
    last: dict[str, Entry] = {}
    for call in view.api:
        if call.operation not in struck:
            continue
        key = call.operation + list_key(call)
        attempts = grown.get(call.chain)
        is_again = attempts and attempts[-1].is_success and last[key].is_success
        if attempts is None or is_again:
            grown[call.chain] = attempts = []
            done.append(attempts)
        attempts.append(call)
        last[key] = call
    return [tuple(attempts) for attempts in done]


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Return the Wilson bounds (95 %) of a share."""
    share = hits / total
    middle = share + Z * Z / (2 * total)
    spread = Z * sqrt(share * (1 - share) / total + Z * Z / (4 * total * total))
    below = 1 + Z * Z / total
    return (middle - spread) / below, (middle + spread) / below


def _runs(chain: Chain) -> list[Chain]:
    """Return the attempts of each run of a job: a queue may start it again after minutes."""
    runs = [[chain.attempts[0]]]
    before = 0.0
    for attempt, gap in zip(chain.attempts[1:], chain.gaps, strict=True):
        if gap >= REQUEUE and not GROWN[0] * before < gap <= GROWN[1] * before:
            runs.append([])
        runs[-1].append(attempt)
        before = gap
    return [Chain(chain.key, tuple(attempts)) for attempts in runs]


def _struck(view: CaseView, fault: str | None) -> list[Chain]:
    """Return the chains that the fault (or any fault) affected."""
    return [
        chain
        for chain in view.chains
        if any(attempt.fault_id and fault in {None, attempt.fault_id} for attempt in chain.attempts)
    ]


JUDGES = (
    attempts_are_bounded,
    attempts_do_not_multiply,
    garbled_success_is_not_believed,
    later_trouble_starts_afresh,
    waits_stay_below,
)

TIMED = (later_trouble_starts_afresh, waits_stay_below)

CHAINED = (attempts_are_bounded, attempts_do_not_multiply, waits_stay_below)
