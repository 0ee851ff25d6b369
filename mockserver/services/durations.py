"""Times and durations in control requests: ISO 8601, or ``+PT5M`` from now."""

from __future__ import annotations

from adsmock.contracts.iso8601 import parse_duration, parse_utc
from adsmock.mockserver.core.error import SetupError

LATEST = 4_102_444_800.0
"""2100-01-01: later times are refused, so that sums of times can be formatted."""


def read_duration(text: str, pointer: str) -> float:
    """Return the seconds of an ISO 8601 duration such as ``PT5M``.

    Raises:
        SetupError: ``text`` is not a duration; years and months have no fixed length.
    """
    try:
        return parse_duration(text)
    except ValueError as error:
        raise SetupError(f"{error}", pointer=pointer) from None


def read_time(text: str, now: float, pointer: str) -> float:
    """Return seconds since 1970 of an ISO 8601 time, or of ``+PT5M``, counted from ``now``.

    Raises:
        SetupError: ``text`` is neither, or is before 1970 or after 2099.
    """
    if text.startswith("+"):
        seconds = now + read_duration(text, pointer)
    else:
        try:
            seconds = parse_utc(text)
        except (ValueError, OverflowError):
            raise SetupError(
                f'"{text}" is not a time: write 2026-07-01T12:00:00Z, or +PT5M from now',
                pointer=pointer,
            ) from None
    if not 0 <= seconds <= LATEST:
        raise SetupError(
            f'"{text}" is outside 1970 to 2099: the time must be before 2100-01-01',
            pointer=pointer,
        )
    return seconds
