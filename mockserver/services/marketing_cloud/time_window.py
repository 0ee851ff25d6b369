"""The time window of an execution, and which of its data have arrived.

Source: guides/amazon-marketing-cloud/reporting/execute-workflow (documented: the types, the format,
48 hours). Assumed: the exact ends of the windows that are not explicit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adsmock.mockserver.core.error import ApiError

LAG_SECONDS = 48 * 3600.0
"""How long data take to arrive (documented)."""

RETENTION_DAYS = 396
"""The data of an instance: 13 months (documented), in days of the longest 13 months."""

_FORMAT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z?)")
_YEARS = range(1970, 2100)
_EXPLICIT, _PLAIN = "EXPLICIT", "MOST_RECENT_DAY"


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """A window from ``start`` to ``end`` (sandbox seconds), in the zone of the request."""

    type: str
    start: float
    end: float
    zone: str

    def local(self, moment: float) -> str:
        """Return a moment as the request writes it: in its zone, without an offset."""
        return f"{datetime.fromtimestamp(moment, ZoneInfo(self.zone)):%Y-%m-%dT%H:%M:%S}"


def window_of(body: dict[str, Any], now: float) -> TimeWindow:
    """Return the window of a request for an execution.

    Raises:
        ApiError: 422, the zone, a time or their order is invalid.
    """
    name = body.get("timeWindowTimeZone") or "UTC"
    zone = zone_of(name, "timeWindowTimeZone")
    kind = body.get("timeWindowType") or _PLAIN
    if kind == _EXPLICIT:
        start, end = (_explicit(body, each, zone) for each in ("timeWindowStart", "timeWindowEnd"))
        if end <= start:
            _refuse("timeWindowEnd must be after timeWindowStart")
        return TimeWindow(kind, start, end, name)
    start, end = _relative(kind, now, zone)
    return TimeWindow(kind, start, end, name)


def zone_of(name: str, member: str) -> ZoneInfo:
    """Return a time zone.

    Raises:
        ApiError: 422, there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        _refuse(f"{member} {name[:80]} is not a time zone")


def moment_of(text: str, member: str, zone: ZoneInfo) -> float:
    """Return the moment of a time such as ``2026-07-01T00:00:00``.

    Raises:
        ApiError: 422, the text has another form.
    """
    match = _FORMAT.fullmatch(text)
    try:
        found = datetime.fromisoformat(text.removesuffix("Z")) if match else None
    except ValueError:
        found = None
    if match is None or found is None or found.year not in _YEARS:
        _refuse(f"{member} must have the form yyyy-MM-dd'T'HH:mm:ss")
    return found.replace(tzinfo=UTC if match[1] else zone).timestamp()


def _explicit(body: dict[str, Any], member: str, zone: ZoneInfo) -> float:
    if not body.get(member):
        _refuse(f"timeWindowType EXPLICIT needs {member}")
    return moment_of(body[member], member, zone)


def _relative(kind: str, now: float, zone: ZoneInfo) -> tuple[float, float]:
    arrived = datetime.fromtimestamp(now - LAG_SECONDS, zone)
    day = _midnight(arrived)
    if kind == "CURRENT_MONTH":
        month = _midnight(datetime.fromtimestamp(now, zone)).replace(day=1)
        return month.timestamp(), max(month, arrived).timestamp()
    if kind == "PREVIOUS_MONTH":
        month = _midnight(datetime.fromtimestamp(now, zone)).replace(day=1)
        return (month - timedelta(days=1)).replace(day=1).timestamp(), month.timestamp()
    days = {"MOST_RECENT_WEEK": 7, "ALL": RETENTION_DAYS}.get(kind, 1)
    end = arrived if kind == "ALL" else day
    return (day - timedelta(days=days)).timestamp(), end.timestamp()


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _refuse(text: str) -> NoReturn:
    raise ApiError("unprocessable", 422, message=text)
