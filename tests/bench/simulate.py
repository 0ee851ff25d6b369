"""How often the rules of time err: ``python -m tests.bench.simulate [runs]``.

Each row is a rule and a kind of client, with the share of runs in which the client is rejected.
Seeded, so that the figures next to the thresholds in checks and cases can be had again. Knows the
rules' numbers from the case files and the schedules of clients. Must not know journals: what a
judge makes of one is the sample journals' business.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from functools import partial
from statistics import fmean

from adsmock.harness.client.random_source import SeededRandom
from adsmock.harness.suite.case import load
from adsmock.harness.suite.checks.attempts import wilson

RUNS = 4000
SEED = 7

Waits = Callable[[SeededRandom, int], float]
"""The wait after the ``n``-th failure, from 1."""


def numbers(check: str) -> dict[str, float]:
    """Return the numbers that a case passes to the judge of a check."""
    (row,) = (one for one in load()[check.partition(".")[0]].checks if one.id == check)
    return row.numbers


def hides(waits: Waits, draw: SeededRandom) -> bool:
    """T01: a client that ignores Retry-After is early once in five calls."""
    asked = [(3, 10, 25), (3, 10), (3,), (3,), (3,)]
    return any(waits(draw, n) < wait for chain in asked for n, wait in enumerate(chain, 1))


def exact(first: float, draw: SeededRandom, failure: int) -> float:
    del draw
    return first * 2 ** (failure - 1)


def longer(first: float, waits: Waits, draw: SeededRandom, failure: int) -> float:
    return first * waits(draw, failure)


def full(factor: float, draw: SeededRandom, failure: int) -> float:
    return draw.fraction() * factor ** (failure - 1)


def additive(factor: float, draw: SeededRandom, failure: int) -> float:
    return (1 + draw.fraction()) * factor ** (failure - 1)


def linear(draw: SeededRandom, failure: int) -> float:
    return draw.fraction() * failure


def late(draw: SeededRandom, mean: float) -> float:
    """Return what a loaded machine adds to a wait: exponential."""
    return -mean * math.log(1 - draw.fraction())


def afresh(waits: Waits, resumed: int, draw: SeededRandom) -> bool:
    """T12: the second burst begins where ``resumed`` failures had left the client."""
    early = max(waits(draw, 1), waits(draw, 2))
    return waits(draw, resumed + 1) > numbers("T12.afresh")["factor"] * early


def outgrows(waits: Waits, chains: int, draw: SeededRandom) -> bool:
    """T04: waits 6 and 7 by waits 2 and 3, over so many chains."""
    gaps = [[waits(draw, n) for n in range(1, 8)] for _ in range(chains)]
    early = fmean(gap for of in gaps for gap in of[1:3])
    return fmean(gap for of in gaps for gap in of[5:7]) < numbers("T04.curve")["ratio"] * early


def paced(base: float, noise: float, chains: int, draw: SeededRandom) -> bool:
    """B01, E01, N02, T08: mean first wait without the largest, less the control's own error."""
    waits = sorted(base * draw.fraction() + late(draw, noise) for _ in range(chains))[:-1]
    return fmean(waits) - noise < numbers("B01.paced")["floor_ms"] / 1000


def spread(width: float, noise: float, draw: SeededRandom) -> bool:
    """T11: the busiest tenth of a second of fifty returns."""
    at = sorted(width * draw.fraction() + late(draw, noise) for _ in range(50))
    busiest = max(sum(1 for one in at if start <= one <= start + 0.1) for start in at)
    return busiest / len(at) > numbers("T11.herd")["share"]


def multiplies(repeats: int, draw: SeededRandom) -> bool:
    """T14: attempts by calls, 3 in 10 refused, 210 calls; a page costs ``repeats`` calls more."""
    attempts = work = 0
    for _ in range(210):
        work, attempts = work + 1, attempts + 1
        while draw.fraction() < 0.3:
            attempts += 1 + repeats
    allowed = 1 - 1 / numbers("T14.ratio")["most"]
    return wilson(attempts - work, attempts)[0] > allowed


def falls(lowers: float, regains: float, draw: SeededRandom) -> tuple[float, float]:
    """Return ratio of 429 and goodput in the last third of T13, for four workers in step.

    The bucket gives 3 calls a second after 80. A 429 lowers the pace to ``lowers`` of it, at most
    once a second, and ``regains`` of 9 a second is won back in each; a refused call waits as it was
    advised.
    """
    tokens, at, rate, cut_at = 80.0, 0.0, 9.0, -1.0
    story: list[tuple[float, bool]] = []
    done = 0
    while done < 440:
        step = (0.9 + 0.2 * draw.fraction()) / rate
        at, tokens = at + step, min(80.0, tokens + 3 * step)
        rate = min(9.0, rate + 9 * regains * step)
        served = tokens >= 1
        story.append((at, served))
        tokens, done = (tokens - 1, done + 1) if served else (tokens, done)
        if not served and at - cut_at >= 1:
            rate, cut_at = max(0.45, rate * lowers), at
            at, tokens = at + 1, min(80.0, tokens + 3)
    last = story[len(story) * 2 // 3 :]
    served_last = sum(one for _, one in last)
    return 1 - served_last / len(last), served_last / (last[-1][0] - last[0][0])


def settles(lowers: float, regains: float, draw: SeededRandom) -> bool:
    return falls(lowers, regains, draw)[0] > numbers("T13.ratio")["most"]


def uses(lowers: float, regains: float, draw: SeededRandom) -> bool:
    limit = numbers("T13.goodput")
    return falls(lowers, regains, draw)[1] < limit["least"] * limit["rate"]


ROWS: tuple[tuple[str, str, bool, Callable[[SeededRandom], bool]], ...] = (
    ("T01.early", "own 1-2-4, full jitter", False, partial(hides, partial(full, 2))),
    ("T01.early", "own 1-2-4, additive jitter", False, partial(hides, partial(additive, 2))),
    (
        "T01.early",
        "own 2-4-8, additive jitter",
        False,
        partial(hides, partial(longer, 2, partial(additive, 2))),
    ),
    ("T01.early", "own 5-10-20, no jitter", False, partial(hides, partial(exact, 5))),
    (
        "T01.early",
        "own 10-20-40, full jitter",
        False,
        partial(hides, partial(longer, 10, partial(full, 2))),
    ),
    ("T12.afresh", "doubling, full jitter", True, partial(afresh, partial(full, 2), 0)),
    ("T12.afresh", "doubling, additive jitter", True, partial(afresh, partial(additive, 2), 0)),
    ("T12.afresh", "carries on, additive jitter", False, partial(afresh, partial(additive, 2), 4)),
    ("T12.afresh", "carries on, full jitter", False, partial(afresh, partial(full, 2), 4)),
    ("T04.curve", "x2 full jitter, 12 chains", True, partial(outgrows, partial(full, 2), 12)),
    ("T04.curve", "x1.6 full jitter, 12 chains", True, partial(outgrows, partial(full, 1.6), 12)),
    ("T04.curve", "x1.5 full jitter, 12 chains", True, partial(outgrows, partial(full, 1.5), 12)),
    ("T04.curve", "linear, full jitter, 12 chains", False, partial(outgrows, linear, 12)),
    ("B01.paced", "0.1 s full jitter, quiet", True, partial(paced, 0.1, 0.003, 12)),
    ("B01.paced", "0.1 s full jitter, 12 busy", True, partial(paced, 0.1, 0.012, 12)),
    ("B01.paced", "at once, quiet", False, partial(paced, 0.0, 0.003, 12)),
    ("B01.paced", "at once, 12 busy", False, partial(paced, 0.0, 0.012, 12)),
    ("T11.herd", "spread 0.2 s, quiet", True, partial(spread, 0.2, 0.003)),
    ("T11.herd", "spread 0.2 s, 12 busy", True, partial(spread, 0.2, 0.012)),
    ("T11.herd", "no jitter, quiet", False, partial(spread, 0.0, 0.003)),
    ("T11.herd", "no jitter, 12 busy", False, partial(spread, 0.0, 0.012)),
    ("T14.ratio", "repeats what failed", True, partial(multiplies, 0)),
    ("T14.ratio", "reads the page before again too", False, partial(multiplies, 1)),
    ("T13.ratio", "lowers its pace to 70 %", True, partial(settles, 0.7, 0.01)),
    ("T13.ratio", "lowers its pace to 50 %", True, partial(settles, 0.5, 0.01)),
    ("T13.ratio", "keeps its pace", False, partial(settles, 1.0, 0.01)),
    ("T13.goodput", "lowers its pace to 70 %", True, partial(uses, 0.7, 0.01)),
    ("T13.goodput", "lowers its pace to 50 %", True, partial(uses, 0.5, 0.01)),
    ("T13.goodput", "halves its pace and wins nothing back", False, partial(uses, 0.5, 0.0)),
)
"""Check, client, whether it is compliant, and one run: true when the client is rejected."""


def rates(runs: int = RUNS) -> Iterator[tuple[str, str, bool, float]]:
    """Yield check, client, whether it is compliant, and the share of runs that reject it."""
    for check, client, is_compliant, is_rejected in ROWS:
        draw = SeededRandom(f"{SEED}:{check}:{client}")
        count = runs if not check.startswith("T13") else max(20, runs // 40)
        yield check, client, is_compliant, sum(is_rejected(draw) for _ in range(count)) / count


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    for check, client, is_compliant, share in rates(runs):
        word = "compliant" if is_compliant else "broken"
        sys.stdout.write(f"{check:<12} {word} {client:<34} rejected {share:.4f}\n")


if __name__ == "__main__":
    main()
