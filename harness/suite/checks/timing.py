"""Statistical checks of the waits within chains: growing, exponential, jittered.

No single wait has a minimum, since full jitter may give 3 ms, so each rule needs many chains. Every
rule states its sample and its error rates, simulated over 1,500 to 20,000 runs each, with the
noise of a loaded machine where stated. On a machine that is too noisy for a rule the result is
inconclusive, never broken. Source: Well-Architected Framework, exponential backoff.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean, median

from adsmock.harness.suite.checks.finding import (
    Evidence,
    Finding,
    broken,
    counted,
    holds,
    inconclusive,
    row,
    unproven,
)
from adsmock.harness.suite.checks.noise import noisy
from adsmock.harness.suite.journal import CaseView, Chain

TRIM = 1 / 16
"""Share cut from each end before the late waits are averaged: one of sixteen at eight chains.

Simulated, 20,000 runs of eight chains with five gaps, share that passes ratio 2.0: doubling with
full, additive or 20 % jitter 1.000; x1.6 full jitter 0.998; x1.5 full jitter 0.985; constant waits
0.000; constant with full jitter 0.001. Without trimming one stall of the machine decides.
"""

SHORT_RATIO = 1.6
SHORT_CHAINS = 20
"""For clients that give up after three retries: mean third wait by mean first one, 20 chains.

Simulated, 4,000 runs, share that passes: x2 with full or additive jitter 1.000; x1.6 full 0.994;
x1.5 full 0.965, additive 1.000; constant 0.000; constant with full jitter 0.007.
"""

CAPPED_GROWTH = 1.3
"""A median wait that grew by less than this factor has reached the client's limit."""

PLATEAU = 1.5
"""All late waits within this of each other and of the first ones: constant, not capped."""

DOCUMENTED_LIMIT = 60.0
"""Seconds of the longest delay in the documented example; full jitter averages half of it."""

LEVEL = 1.25
"""Waits 6 and 7 within this factor of waits 4 and 5 do not grow; those of a line do, by 1.44."""

JITTER_FLOOR = 0.01
JITTER_NOISE = 3.0
"""Relative median deviation that counts as jitter: 1 %, or three times what the control shows.

Simulated, 3,000 runs of eight chains: full, equal, additive, also capped at 5 s, 1.000; 20 %
jitter 0.999; 10 % jitter 0.89 (0.99 at 20 chains); no jitter 0.000. With exponential noise of
14 ms on each wait all of these stay the same to 0.01.
"""


def waits_grow(view: CaseView, ratio: float, chains: int, gaps: int) -> Finding:
    """Hold when the late waits of many chains are at least ``ratio`` times the first ones.

    The trimmed mean of the last two of ``gaps`` gaps over all chains is divided by the mean of
    their first two. Chains of clients that give up after three retries are judged by their third
    wait, when there are 20 of them.
    """
    measured = [chain for chain in view.chains if _unguided(chain) >= gaps]
    if len(measured) >= chains:
        cut = [chain.gaps[:gaps] for chain in measured]
        first = fmean(gap for of in cut for gap in of[:2])
        last = _trimmed_mean([gap for of in cut for gap in of[-2:]])
        words = f"the first two waits averaged {{first:.2f}} s, and waits {gaps - 1} and {gaps}"
        return _grown(view, measured, gaps, (first, last, ratio, words))
    short = [chain for chain in view.chains if _unguided(chain) >= 3]  # noqa: PLR2004 -- as said
    if len(short) >= SHORT_CHAINS:
        first = fmean(chain.gaps[0] for chain in short)
        last = fmean(chain.gaps[2] for chain in short)
        words = "the first wait averaged {first:.2f} s, and the third"
        return _grown(view, short, 3, (first, last, SHORT_RATIO, words))
    return unproven(
        f"{counted(len(measured), 'call')} had {gaps} retries in a row without Retry-After; "
        f"{chains} such calls are needed",
        chains=len(measured),
    )


def _grown(
    view: CaseView, measured: list[Chain], gaps: int, rule: tuple[float, float, float, str]
) -> Finding:
    first, last, ratio, words = rule
    noise = noisy(view)
    if noise:
        return inconclusive(noise)
    numbers = {
        "chains": len(measured),
        "first": round(first, 3),
        "last": round(last, 3),
        "ratio": round(last / first, 2) if first > 0 else None,
        "least": ratio,
    }
    sentence = (
        f"over {counted(len(measured), 'retried call')}, {words.format(first=first)} averaged "
        f"{last:.2f} s; the later ones must be at least {ratio:g} times as long"
    )
    answer = holds if last >= ratio * first and last > 0 else broken
    return answer(sentence, _waits(measured, gaps), **numbers)


def waits_outgrow_a_line(view: CaseView, ratio: float, chains: int) -> Finding:
    """Hold when waits 6 and 7 are at least ``ratio`` times waits 2 and 3, unlike linear ones.

    Linear waits reach 2.6. Simulated, 4,000 runs, share that passes 3.6 at 8 chains: doubling with
    full, additive or 20 % jitter 1.000; x1.6 full 0.996; x1.5 full 0.941; linear, also with
    additive jitter, 0.000; linear with full jitter 0.059. At 12 chains: x1.5 full 0.970, linear
    with full jitter 0.033. Waits that reached the client's own cap before the seventh say
    nothing about a line.
    """
    measured = [chain for chain in view.chains if _unguided(chain) >= 7]  # noqa: PLR2004 -- by its definition
    if len(measured) < chains:
        return unproven(
            f"{counted(len(measured), 'call')} had 7 retries in a row; {chains} such calls are "
            "needed"
        )
    noise = noisy(view)
    if noise:
        return inconclusive(noise)
    middles = _medians(measured, 7)
    early = fmean(gap for chain in measured for gap in chain.gaps[1:3])
    late = fmean(gap for chain in measured for gap in chain.gaps[5:7])
    numbers = {"early": round(early, 3), "late": round(late, 3), "least": ratio}
    capped = middles[6] < CAPPED_GROWTH * middles[5] < CAPPED_GROWTH**2 * middles[4]
    answer: Callable[..., Finding] = broken
    middle = fmean(gap for chain in measured for gap in chain.gaps[3:5])
    if late >= ratio * early and late > 0:
        answer = holds
    elif late >= 0.45 * DOCUMENTED_LIMIT and late < LEVEL * middle and late > LEVEL * early:
        return unproven(
            f"the waits reach the documented limit: waits 4 to 7 averaged {middle:.1f} s and more"
        )
    elif capped and middles[6] > PLATEAU * middles[0] and not _is_line(middles):
        return unproven(f"the waits reach their limit near {middles[6]:.1f} s before the seventh")
    return answer(
        f"waits 2 and 3 averaged {early:.2f} s, and waits 6 and 7 averaged {late:.2f} s; "
        f"the later ones must be at least {ratio:g} times as long",
        _waits(measured, 7),
        **numbers,
    )


def _is_line(middles: Sequence[float]) -> bool:
    """Say whether the later waits grow by about the same step: linear, not capped."""
    step = (middles[6] - middles[0]) / 6
    return middles[6] - middles[4] > step


def waits_are_jittered(view: CaseView, chains: int, gaps: int) -> Finding:
    """Hold when the last wait below the client's cap differs from chain to chain."""
    measured = [chain for chain in view.chains if _unguided(chain) >= gaps]
    if len(measured) < chains:
        return unproven(
            f"{counted(len(measured), 'call')} had {gaps} retries in a row; {chains} such calls "
            "are needed"
        )
    place = _last_uncapped(_medians(measured, min(_unguided(chain) for chain in measured)))
    waits = [chain.gaps[place] for chain in measured]
    middle = median(waits)
    noise = noisy(view, middle)
    if noise:
        return inconclusive(noise)
    spread = median(abs(wait - middle) for wait in waits) / middle if middle > 0 else 0.0
    control = view.record.noise.spread / middle if view.record.noise and middle > 0 else 0.0
    least = max(JITTER_FLOOR, JITTER_NOISE * control)
    sentence = (
        f"over {counted(len(measured), 'retried call')}, wait {place + 1} had a median of "
        f"{middle:.2f} s and a spread of {spread:.1%}; the spread must be at least {least:.1%}"
    )
    numbers = {"wait": place + 1, "spread": round(spread, 4), "least": round(least, 4)}
    answer = holds if spread >= least else broken
    return answer(sentence, _waits(measured, place + 1), **numbers)


def _unguided(chain: Chain) -> int:
    """Return how many first gaps of a chain follow a failure without Retry-After."""
    count = 0
    for attempt in chain.attempts[:-1]:
        if not attempt.fault_id or attempt.retry_after:
            break
        count += 1
    return count


def _medians(chains: list[Chain], gaps: int) -> list[float]:
    return [median(chain.gaps[place] for chain in chains) for place in range(gaps)]


def _last_uncapped(middles: Sequence[float]) -> int:
    place = len(middles) - 1
    while place > 0 and middles[place] < CAPPED_GROWTH * middles[place - 1]:
        place -= 1
    return place


def _waits(chains: list[Chain], gaps: int) -> list[Evidence]:
    return [
        row(attempt, f"wait {number}: {gap:.2f} s")
        for chain in chains
        for number, (attempt, gap) in enumerate(
            zip(chain.attempts[1 : gaps + 1], chain.gaps, strict=False), 1
        )
    ]


def _trimmed_mean(values: list[float]) -> float:
    cut = int(len(values) * TRIM)
    ordered = sorted(values)
    return fmean(ordered[cut : len(ordered) - cut])


JUDGES = (
    waits_are_jittered,
    waits_grow,
    waits_outgrow_a_line,
)

TIMED = JUDGES

CHAINED = JUDGES
