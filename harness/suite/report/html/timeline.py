"""When the calls of a case happened, on the one timebase its judge read.

Knows the two clocks of a journal entry (the server's monotonic one and the sandbox's) and how a
`Retry-After` turns into the moment a client may come back. Knows nothing about pictures or pages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any

Entry = Mapping[str, Any]

# Lower bounds are judged with this tolerance: the picture must not call early what a judge lets
# pass. Evidence: 1,700 waits of sleeping clients on a loaded machine, none seen early at all.
EARLY_TOLERANCE_S = 0.05

_SECONDS = re.compile(r"\d{1,9}(\.\d{1,6})?")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_SHOWN_AS_MS = 0.0995  # what would round to less than 0.1 s


@dataclass(frozen=True, slots=True)
class Moment:
    """One call in time: seconds on the run's timebase, `allowed` only after a `Retry-After`."""

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

    A call that was never answered has no send time (or zero): it lasts until its connection
    ended, which only the server's own clock knows.
    """
    clock = "c" if timebase == "sandbox" else "t"
    arrive = number(entry.get(f"{clock}Arrive")) or 0.0
    send = number(entry.get(f"{clock}Send")) or number(entry.get(f"{clock}End")) or arrive
    send = max(arrive, send)
    return Moment(arrive, send, _allowed(entry, send))


def _allowed(entry: Entry, send: float) -> float | None:
    """Return the send time plus what `Retry-After` asked for, or None when it asked for nothing."""
    text = str(entry.get("retryAfter") or "").strip()
    if _SECONDS.fullmatch(text):
        return send + float(text)
    # An HTTP-date is a moment of the sandbox's clock; carry its distance over to this timebase.
    sent = number(entry.get("cSend"))
    try:
        date = parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError, TypeError):
        return None
    return None if sent is None else send + max(0.0, date - sent)


def duration(seconds: float) -> str:
    """Return a length of time the way a person says it: `8 ms`, `3.02 s`, `4 min 10 s`."""
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
