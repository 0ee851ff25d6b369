"""Checks of when and whether a failed call is tried again.

Lower bounds gate with a tolerance of 50 ms: over 1,700 sleeping clients, on an idle and on an
overloaded machine, none was ever seen early against a zero point taken before the first byte.
Source: rate-limiting page and Well-Architected Framework, exponential backoff; documented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from statistics import fmean
from typing import Any

from harness.suite.checks.finding import Finding, Row, broken, counted, holds, row, unproven
from harness.suite.journal import CaseView, Chain, Entry

THROTTLED = 429

TRIM = 1 / 16
"""Share cut from each end before the late waits are averaged: one of sixteen at eight chains.

Simulated, 20,000 runs of eight chains with five gaps, share that passes ratio 2.0: doubling with
full, additive or 20 % jitter 1.000; x1.6 full jitter 0.998; x1.5 full jitter 0.985; constant waits
0.000; constant with full jitter 0.001. Without trimming one stall of the machine decides.
"""

DATE_TOLERANCE = 1.0
"""Seconds: an HTTP-date has no finer grain."""


@dataclass(frozen=True, slots=True)
class _Return:
    """One attempt after an answer that named a wait."""

    earlier: Entry
    later: Entry
    number: int
    allowed: float
    tolerance: float

    @property
    def margin(self) -> float:
        """Seconds after the moment from which the attempt was allowed; negative is early."""
        return self.later.arrive - self.allowed


def retry_after_is_kept(view: CaseView, tolerance_ms: float) -> Finding:
    """Hold when no attempt arrived before the wait its predecessor's answer named was over."""
    asked = [entry for entry in view.api if entry.retry_after]
    if not asked:
        return unproven("no answer named a wait")
    returns = [one for chain in view.chains for one in _returns(chain, tolerance_ms / 1000)]
    early = [one for one in returns if one.margin < -one.tolerance]
    numbers: dict[str, Any] = {
        "waits_named": len(asked),
        "returns": len(returns),
        "early": len(early),
        "smallest_margin": round(min((one.margin for one in returns), default=0.0), 3),
        "tolerance_ms": tolerance_ms,
    }
    if early:
        worst = min(early, key=lambda one: one.margin)
        waited = worst.later.arrive - worst.earlier.send
        sentence = (
            f"attempt {worst.number} came {waited:.2f} s after the {worst.earlier.status}; "
            f"Retry-After was {worst.earlier.retry_after}"
        )
        return broken(sentence, [_evidence(one) for one in early], **numbers)
    if not returns:
        return holds(
            f"{counted(len(asked), 'answer')} named a wait and the client did not come back",
            **numbers,
        )
    return holds(
        f"{counted(len(returns), 'return')}, none before its wait was over; "
        f"the closest came {numbers['smallest_margin']:.2f} s after the allowed moment",
        [_evidence(one) for one in returns],
        **numbers,
    )


def _returns(chain: Chain, tolerance: float) -> Iterator[_Return]:
    pairs = zip(chain.attempts, chain.attempts[1:], strict=False)
    for number, (earlier, later) in enumerate(pairs, 2):
        text = (earlier.retry_after or "").strip()
        if text.isdigit():
            yield _Return(earlier, later, number, earlier.send + int(text), tolerance)
        elif text:
            wait = _date_wait(text, earlier)
            if wait is not None:
                yield _Return(earlier, later, number, earlier.send + wait, DATE_TOLERANCE)


def _date_wait(text: str, entry: Entry) -> float | None:
    """Return the seconds from an answer to the HTTP-date it named, on any timebase."""
    try:
        return parsedate_to_datetime(text).timestamp() - entry.sandbox_send
    except (ValueError, TypeError):
        return None


def _evidence(one: _Return) -> Row:
    verb = "early by" if one.margin < -one.tolerance else "after the allowed moment by"
    return row(one.later, f"attempt {one.number}, {verb} {abs(one.margin):.2f} s", one.allowed)


def faulted_work_succeeds(view: CaseView, fault: str | None = None) -> Finding:
    """Hold when every call that met the fault (or any fault) was answered well in the end."""
    struck = [
        chain
        for chain in view.chains
        if any(one.fault_id and fault in {None, one.fault_id} for one in chain.attempts)
        and _names_its_work(chain.attempts[0])
    ]
    if not struck:
        return unproven("no call met the fault")
    done = {chain.key for chain in view.chains if chain.succeeded}
    left = [chain for chain in struck if chain.key not in done]
    numbers: dict[str, Any] = {"chains": len(struck), "abandoned": len(left)}
    if left:
        last = left[0].attempts[-1]
        return broken(
            f"{len(left)} of {counted(len(struck), 'failed call')} never succeeded; "
            f"{last.operation} was given up after {counted(len(left[0].attempts), 'attempt')}",
            [row(chain.attempts[-1], "the last attempt at this call") for chain in left],
            **numbers,
        )
    most = max(len(chain.attempts) for chain in struck)
    return holds(
        f"{counted(len(struck), 'failed call')}, each of them successful in the end, "
        f"after at most {counted(most, 'attempt')}",
        **numbers,
    )


def _names_its_work(entry: Entry) -> bool:
    """Say whether a call carries the scope it needs; one without cannot be told from others."""
    return entry.profile_id is not None or entry.operation.startswith("profiles.")


def waits_grow(view: CaseView, ratio: float, chains: int, gaps: int) -> Finding:
    """Hold when the late waits of many chains are at least ``ratio`` times the first ones.

    The trimmed mean of the last two of ``gaps`` gaps over all chains is divided by the mean of
    their first two. No single gap has a floor: full jitter may lawfully draw 3 ms.
    """
    measured = [chain for chain in view.chains if _unguided(chain) >= gaps]
    if len(measured) < chains:
        return unproven(
            f"{counted(len(measured), 'chain')} showed {gaps} waits in a row without Retry-After; "
            f"{chains} are needed",
            chains=len(measured),
        )
    rows_of_gaps = [chain.gaps[:gaps] for chain in measured]
    first = fmean(gap for row_of in rows_of_gaps for gap in row_of[:2])
    last = _trimmed_mean([gap for row_of in rows_of_gaps for gap in row_of[-2:]])
    grown = last >= ratio * first and last > 0
    numbers = {
        "chains": len(measured),
        "first": round(first, 3),
        "last": round(last, 3),
        "ratio": round(last / first, 2) if first > 0 else None,
        "least": ratio,
    }
    sentence = (
        f"over {counted(len(measured), 'chain')} the first two waits were {first:.2f} s on average "
        f"and waits {gaps - 1} and {gaps} were {last:.2f} s; the rule is at least {ratio:g} times"
    )
    evidence = [
        row(attempt, f"wait {number}: {gap:.2f} s")
        for chain in measured
        for number, (attempt, gap) in enumerate(
            zip(chain.attempts[1 : gaps + 1], chain.gaps, strict=False), 1
        )
    ]
    return holds(sentence, evidence, **numbers) if grown else broken(sentence, evidence, **numbers)


def _unguided(chain: Chain) -> int:
    """Return how many first gaps of a chain follow a 429 that named no wait."""
    count = 0
    for attempt in chain.attempts[:-1]:
        if attempt.status != THROTTLED or attempt.retry_after:
            break
        count += 1
    return count


def _trimmed_mean(values: list[float]) -> float:
    cut = int(len(values) * TRIM)
    ordered = sorted(values)
    return fmean(ordered[cut : len(ordered) - cut])


JUDGES = (faulted_work_succeeds, retry_after_is_kept, waits_grow)
