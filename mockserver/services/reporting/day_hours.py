"""The hours of a day in a time zone, and the part of the day's traffic that each has.

A day on which the clocks change has 23 or 25 hours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from adsmock.mockserver.services.reporting.traffic import WHOLE, bounds

SECONDS = 3600

_CURVE = (
    22, 15, 11, 9, 9, 12, 20, 31, 42, 50, 55, 57, 58, 56, 55, 54, 56, 60, 66, 72, 76, 70, 54, 35,
)  # fmt: skip
"""Traffic of each hour of the clock, relative to the others (assumed): most in the evening."""


class Hour(NamedTuple):
    """One hour: its first and last moment (sandbox seconds), its start in ISO 8601 with offset.

    ``before`` and ``until`` are how many of 1,024 parts of the day's traffic come before it and
    until its end.
    """

    start: float
    end: float
    text: str
    before: int
    until: int


@lru_cache(maxsize=4_000)
def hours(timezone: str, day: int) -> tuple[Hour, ...]:
    """Return the hours of a day, given as an ordinal."""
    zone = ZoneInfo(timezone)
    begin, end = (_midnight(zone, each) for each in (day, day + 1))
    starts = [datetime.fromtimestamp(each, zone) for each in range(begin, end, SECONDS)]
    ends = bounds(WHOLE, [_CURVE[each.hour] for each in starts])
    return tuple(
        Hour(
            start := begin + number * SECONDS,
            start + SECONDS,
            each.isoformat(timespec="seconds"),
            *share,
        )
        for number, (each, share) in enumerate(zip(starts, pairwise(ends), strict=True))
    )


def passed(timezone: str, day: int, now: float) -> int:
    """Return how many of 1,024 parts of a day's traffic have come at ``now``."""
    found = 0
    for hour in hours(timezone, day):
        if now < hour.end:
            share = max(0.0, (now - hour.start) / SECONDS)
            return hour.before + int(share * (hour.until - hour.before))
        found = hour.until
    return found


def _midnight(zone: ZoneInfo, day: int) -> int:
    local = datetime.combine(date.fromordinal(day), time(), zone)
    return int(local.astimezone(UTC).timestamp())
