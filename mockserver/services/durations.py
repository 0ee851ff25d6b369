"""Times and durations as people write them: ISO 8601, or so long from now.

Knows the two notations. Must not know clocks: the present is an argument.
"""

from __future__ import annotations

import re

from adsmock.mockserver.core.clock import parse_iso
from adsmock.mockserver.core.error import SetupError

LATEST = 4_102_444_800.0
"""2100-01-01: later times are refused, so that sums of them stay writable."""

_SPAN = re.compile(
    r"\+?P(?!$)(?:(\d{1,6})D)?(?:T(?!$)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,10}(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)
_UNITS = (86_400.0, 3_600.0, 60.0, 1.0)


def span(text: str, pointer: str) -> float:
    """Return the seconds of an ISO 8601 duration such as ``PT5M`` (a leading + is allowed).

    Raises:
        SetupError: ``text`` is no duration; years and months have no fixed length.
    """
    found = _SPAN.fullmatch(text)
    if found is None:
        raise SetupError(f'"{text}" is no duration such as PT5M or P1DT12H', pointer=pointer)
    parts = zip(found.groups(), _UNITS, strict=True)
    return sum(float(part) * unit for part, unit in parts if part)


def moment(text: str, now: float, pointer: str) -> float:
    """Return the time that ``text`` names, in seconds since 1970: ISO 8601, or ``+PT5M`` from now.

    Raises:
        SetupError: it is neither, or lies before 1970 or after 2099.
    """
    if text.startswith("+"):
        seconds = now + span(text, pointer)
    else:
        try:
            seconds = parse_iso(text)
        except (ValueError, OverflowError):
            raise SetupError(
                f'"{text}" is no time such as 2026-07-01T12:00:00Z', pointer=pointer
            ) from None
    if not 0 <= seconds <= LATEST:
        raise SetupError("the time lies outside 1970 to 2099", pointer=pointer)
    return seconds
