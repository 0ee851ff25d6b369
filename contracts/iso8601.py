"""ISO 8601 times, dates and durations: the notation that mock and harness share."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import Literal

Precision = Literal["seconds", "milliseconds", "microseconds"]

_DURATION = re.compile(
    r"\+?P(?!$)(?:(\d{1,6})D)?(?:T(?!$)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,10}(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)
_UNITS = (86_400.0, 3_600.0, 60.0, 1.0)
_OFFSET = len("+00:00")


@lru_cache(maxsize=1_024)
def format_utc(seconds: float, precision: Precision = "milliseconds") -> str:
    """Return seconds since 1970 as UTC time such as ``2026-07-01T12:00:00.000Z``, rounded down.

    Cached: most rows of a file share their times, and formatting them took a third of its time.
    """
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec=precision)
    return text[:-_OFFSET] + "Z"


def parse_utc(text: str) -> float:
    """Return seconds since 1970 of an ISO 8601 date or time; without an offset it is UTC.

    Raises:
        ValueError: ``text`` is not ISO 8601.
    """
    return parse_time(text, UTC).timestamp()


def parse_time(text: str, zone: tzinfo) -> datetime:
    """Return an ISO 8601 date or time; without an offset it is local time in ``zone``.

    Raises:
        ValueError: ``text`` is not ISO 8601.
    """
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=zone)


def parse_duration(text: str) -> float:
    """Return the seconds of a duration such as ``PT5M`` or ``P1DT12H``; a leading + is allowed.

    Raises:
        ValueError: ``text`` is not a duration. Years and months have no fixed length.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not a duration such as PT5M or P1DT12H')
    parts = zip(match.groups(), _UNITS, strict=True)
    return sum(float(part) * unit for part, unit in parts if part)


@lru_cache(maxsize=4_096)
def is_date(text: str, *, compact: bool = False) -> bool:
    """Say whether ``text`` is a real date as ``YYYY-MM-DD``, or ``YYYYMMDD`` if compact.

    ``date.fromisoformat`` also reads week dates such as ``2026-W27``, which the API refuses.
    """
    try:
        standard = date.fromisoformat(text).isoformat()
    except ValueError:
        return False
    return text == (standard.replace("-", "") if compact else standard)
