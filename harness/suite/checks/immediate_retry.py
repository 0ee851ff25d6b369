"""Check that a client waits before it repeats failed calls, also where the retries are few.

A statistic of first retries needs many of them; a series of retries without a wait is improbable
long before. The sum of the waits is compared with those of the fastest compliant client: full
jitter, a first delay of 100 ms, growth of 1.5. One wait near zero, or an immediate first retry
before growing waits, is no breach. Noise of the machine only makes waits longer.
Source: Well-Architected Framework, exponential backoff; documented.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import exp, fsum, lgamma, log
from statistics import fmean, median
from typing import Any

from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    row,
    suspected,
    unproven,
)
from adsmock.harness.suite.checks.retry import names_its_work
from adsmock.harness.suite.checks.users import by_user
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.entry import Timebase

THROTTLED = 429
FIRST_SERVER_ERROR = 500

INITIAL = 0.1
"""Seconds of the first delay of the fastest compliant client."""

GROWTH = 1.5
"""Factor from one delay of the fastest compliant client to the next."""

GROWING = 8
"""Delays after which no more growth is assumed: 100 ms have become 1.7 s."""

Wait = tuple[Entry, float, int]
"""A retry, its wait in seconds, and its number from 1."""

SHORTEST = 1e-6
"""Seconds that a sum of waits counts as at least: its logarithm must exist."""


def retries_come_after_waits(
    view: CaseView, floor_ms: float, proof_ms: float, chance: float, doubt: float
) -> Finding:
    """Hold when most retries without a Retry-After came ``proof_ms`` or more after the answer.

    Broken when the mean wait is below ``floor_ms``, and the fastest compliant client has so small
    a sum with a probability below ``chance``. Below ``doubt`` it is suspected: a few retries at
    once are no proof, but no pass either. Everything else proves nothing. A call that succeeds
    twice may be that of several threads, so it is not judged.
    """
    waits = list(_waits(view))
    if not waits:
        return unproven("no call was repeated after a 429 or 5xx without Retry-After")
    mean = fmean(wait for _, wait, _ in waits)
    numbers: dict[str, Any] = {"retries": len(waits), "mean": round(mean, 4)}
    middle = median(wait for _, wait, _ in waits)
    sentence = (
        f"{counted(len(waits), 'retry')} after a 429 or 5xx without Retry-After, with a mean wait "
        f"of {mean * 1000:.0f} ms and a median of {middle * 1000:.0f} ms"
    )
    evidence = [row(entry, f"wait: {wait:.3f} s") for entry, wait, _ in waits]
    if _likely(waits, floor_ms) < chance:
        return broken(f"{sentence}; the minimum is {floor_ms:g} ms", evidence, **numbers)
    if min(_likely(waits, floor_ms), _likely(list(_in_sequence(view)), floor_ms)) < doubt:
        return suspected(f"{sentence}: at once, but too few retries to judge", **numbers)
    if middle < proof_ms / 1000:
        return unproven(f"{sentence}: a median below {proof_ms:g} ms proves no backoff", **numbers)
    return holds(sentence, evidence, **numbers)


def _likely(waits: list[Wait], floor_ms: float) -> float:
    """Return how likely the fastest compliant client has such waits; 1 from the floor on."""
    total = fsum(wait for _, wait, _ in waits)
    if not waits or total >= len(waits) * floor_ms / 1000:
        return 1.0
    return probability(total, [scale(number) for _, _, number in waits])


def scale(number: int) -> float:
    """Return the longest wait of the fastest compliant client before a retry, in seconds."""
    return INITIAL * GROWTH ** (min(number, GROWING) - 1)


def probability(total: float, scales: list[float]) -> float:
    """Return an upper bound of the probability that uniform waits have a sum of at most ``total``.

    Wait i is uniform from 0 to ``scales[i]``, in seconds: the volume of the simplex of side
    ``total``, divided by that of the box. The bound is exact when no scale is below ``total``.
    """
    count = len(scales)
    volume = count * log(max(total, SHORTEST)) - lgamma(count + 1)
    return exp(min(0.0, volume - fsum(map(log, scales))))


def _in_sequence(view: CaseView) -> Iterator[Wait]:
    """Yield the waits as those of one user, if no two calls were in progress at once.

    An HTTP client may use two connections in turn, which looks like two users.
    """
    calls = sorted(view.api, key=lambda call: call.arrive)
    if all(later.arrive >= max(earlier.send, earlier.end) for earlier, later in pairwise(calls)):
        yield from _waits(view, split=False)


def _waits(view: CaseView, *, split: bool = True) -> Iterator[Wait]:
    """Yield each judged retry; equal calls on connections that take turns are several users'."""
    rows = {row["seq"]: row for row in view.record.rows}
    clocks = _clocks(view)
    successes = Counter(call.chain for call in view.api if call.is_success)
    for chain in view.chains:
        first = chain.attempts[0]
        if not first.is_api or not names_its_work(first) or successes[chain.key] > 1:
            continue
        for attempts in by_user(view, chain.attempts) if split else [chain.attempts]:
            number = 0
            for earlier, later in pairwise(attempts):
                if earlier.region == later.region and _asks_for_backoff(earlier):
                    wait = _wait(rows[earlier.seq], rows[later.seq], clocks)
                    if wait >= 0:
                        number += 1
                        yield later, wait, number


def _clocks(view: CaseView) -> tuple[Timebase, ...]:
    """Return the clocks that show a client's waits.

    The tasks of a case in virtual time are done by a client that sleeps only there, so the time
    that a slow machine takes is no wait. In other journals a client may sleep on either clock.
    """
    record = view.record
    is_virtual = record.timebase == "sandbox" and bool(record.tasks)
    return ("sandbox",) if is_virtual else ("monotonic", "sandbox")


def _wait(earlier: dict[str, Any], later: dict[str, Any], clocks: tuple[Timebase, ...]) -> float:
    """Return the seconds from an answer to a call on the clock that shows more of them.

    Negative when the call was already on its way.
    """
    return max(
        Entry.read(later, clock).arrive - Entry.read(earlier, clock).send for clock in clocks
    )


def _asks_for_backoff(entry: Entry) -> bool:
    """Say whether a complete answer leaves the wait to the client."""
    is_refused = entry.status == THROTTLED or entry.status >= FIRST_SERVER_ERROR
    return is_refused and entry.ended == "complete" and not entry.retry_after


JUDGES = (retries_come_after_waits,)

CHAINED = JUDGES
