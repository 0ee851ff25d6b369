"""Times of the calls of a case, on the timebase of its checks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any

Entry = Mapping[str, Any]

# Lower limits are judged with this tolerance, so the timeline must not show a call as early that a
# check accepts. Evidence: 1,700 waits of sleeping clients on a loaded machine, none early.
EARLY_TOLERANCE_S = 0.05

_SECONDS = re.compile(r"\d{1,9}(\.\d{1,6})?")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_SHOWN_AS_MS = 0.0995  # what would round to less than 0.1 s


@dataclass(frozen=True, slots=True)
class Moment:
    """The times of one call in seconds; `allowed` is set only after a `Retry-After`."""

    arrive: float
    send: float
    allowed: float | None


def number(value: object) -> float | None:
    """Return a finite number as float, None for anything else (booleans are not numbers)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        reading = float(value)
    except OverflowError:
        return None
    return reading if isfinite(reading) else None


def moment(entry: Entry, timebase: str) -> Moment:
    """Return when a call arrived, when its reply left, and when the next one was allowed.

    A call that was never answered has no send time (or zero): it lasts until the end of its
    connection, which only the server's own clock has.
    """
    clock = "c" if timebase == "sandbox" else "t"
    arrive = number(entry.get(f"{clock}Arrive")) or 0.0
    send = number(entry.get(f"{clock}Send")) or number(entry.get(f"{clock}End")) or arrive
    send = max(arrive, send)
    return Moment(arrive, send, _allowed(entry, send))


def _allowed(entry: Entry, send: float) -> float | None:
    """Return the send time plus `Retry-After`, or None without one."""
    text = str(entry.get("retryAfter") or "").strip()
    if _SECONDS.fullmatch(text):
        return send + float(text)
    # An HTTP-date is on the sandbox's clock; transfer its distance to this timebase.
    sent = number(entry.get("cSend"))
    try:
        date = parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError, TypeError):
        return None
    return None if sent is None else send + max(0.0, date - sent)


def duration(seconds: float) -> str:
    """Return a readable duration: `8 ms`, `3.02 s`, `4 min 10 s`."""
    if seconds < 0:
        return f"-{duration(-seconds)}"
    if 0 < seconds < _SHOWN_AS_MS:
        return f"{seconds * 1000:.0f} ms"
    if round(seconds, 2) < _MINUTE:
        return f"{seconds:.2f}".rstrip("0").rstrip(".") + " s"
    whole = round(seconds)
    if whole < _HOUR:
        return _pair(whole, _MINUTE, "min", 1, "s")
    if whole < _DAY:
        return _pair(whole, _HOUR, "h", _MINUTE, "min")
    return _pair(whole, _DAY, "d", _HOUR, "h")


def _pair(whole: int, large: int, large_unit: str, small: int, small_unit: str) -> str:
    """Return `whole` in two units, the second left out when it is zero."""
    rest = whole % large // small
    head = f"{whole // large} {large_unit}"
    return f"{head} {rest} {small_unit}" if rest else head
