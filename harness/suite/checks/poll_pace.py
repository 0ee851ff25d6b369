"""The pace of polls: average intervals, their growth, and the busiest minute.

All limits are our own: the documents ask for a delay between polls and give no number.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.journal import Entry

FIRST_POLLS = 6
"""The polls that show the interval of a client."""

GROWTH = 1.5
"""Later intervals that are this many times the earlier ones count as growing."""

MINUTE = 60.0
FULL_MINUTE = 55.0
"""Polls that last this many seconds are named as one minute."""
MOST_A_MINUTE = 60
"""Polls of one job in any minute: one a second. A client with a mean interval of 2 s and full
jitter would need twice as many as expected, which is nine standard deviations."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The intervals before the polls of one job, and its busiest minute.

    ``gaps`` are the intervals before the first polls, ``later`` those before all other polls.
    """

    gaps: tuple[float, ...]
    later: tuple[float, ...]
    busiest: int
    """Polls in the busiest minute, the first poll too."""
    span: float = 0.0
    """Seconds from the first to the last poll of the busiest minute."""

    @property
    def mean(self) -> float:
        """The average of the first intervals, in seconds."""
        return fmean(self.gaps)

    @property
    def grows(self) -> bool:
        """Say whether the first intervals grow; the wait before the first poll does not count."""
        own = self.gaps[1:]
        half = len(own) // 2
        return half > 0 and fmean(own[-half:]) >= GROWTH * fmean(own[:half])

    def is_at_least(self, mean_s: float, *, or_growing: bool = False) -> bool:
        """Say whether all polls keep an average interval of ``mean_s``.

        With ``or_growing`` the first intervals may grow instead, if the later ones are no shorter.
        """
        floor = min(mean_s, self.mean) if or_growing and self.grows else mean_s
        return (
            self.busiest <= MOST_A_MINUTE
            and self.mean >= floor
            and (len(self.later) < FIRST_POLLS or fmean(self.later) >= floor)
        )


def pace_of(calls: Sequence[Entry], polls: int = FIRST_POLLS, *, from_create: bool = False) -> Pace:
    """Return the pace of calls in order: the polls of a job, after its creation or alone.

    ``polls`` is the number of intervals that are the first ones. With ``from_create`` the first
    call is the creation, which is no poll.
    """
    gaps = tuple(after.arrive - before.send for before, after in pairwise(calls))
    times = [call.arrive for call in calls[from_create:]]
    busiest, span = _busiest_minute(times)
    return Pace(gaps[:polls], gaps[polls:], busiest, span)


def _busiest_minute(times: Sequence[float]) -> tuple[int, float]:
    """Return the number of polls in the busiest minute, and the seconds between first and last."""
    ends = (
        (bisect_left(times, start + MINUTE) - place, place) for place, start in enumerate(times)
    )
    count, first = max(ends, key=lambda one: one[0], default=(0, 0))
    return count, times[first + count - 1] - times[first] if count else 0.0


def describe(pace: Pace, mean_s: float, *, or_growing: bool = False) -> str:
    """Return one sentence about a pace and its limits."""
    grows = " or growing intervals" if or_growing else ""
    if pace.busiest > MOST_A_MINUTE:
        is_full = pace.span >= FULL_MINUTE
        span = "one minute" if is_full else f"{pace.span:.0f} s"
        limit = f"{MOST_A_MINUTE}" if is_full else f"{MOST_A_MINUTE} in one minute"
        return (
            f"{pace.busiest} polls came in {span}; the limit is {limit}, and the "
            f"minimum between two polls is {mean_s:g} s{grows}"
        )
    grew = " and the intervals grew" if pace.grows else ""
    later = f", and the later ones {fmean(pace.later):.2f} s" if pace.later else ""
    first = f"the first {counted(len(pace.gaps), 'poll')} came {pace.mean:.2f} s apart on average"
    return f"{first}{grew}{later}; the minimum is {mean_s:g} s{grows}"
