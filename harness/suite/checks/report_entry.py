"""Report requests and answers, read from journal entries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from adsmock.harness.suite.journal import Entry

CREATE, STATUS, DELETE = "reporting.create", "reporting.get", "reporting.delete"
TOO_EARLY = 425


def media(entry: Entry) -> str:
    """Return the media type of a request without parameters, in lower case."""
    return entry.headers.get("content-type", "").partition(";")[0].strip().lower()


def configuration(entry: Entry) -> dict[str, Any]:
    """Return the configuration of a report request, empty when there is none."""
    body = entry.request if isinstance(entry.request, dict) else {}
    found = body.get("configuration")
    return found if isinstance(found, dict) else {}


def span(entry: Entry) -> tuple[str, str]:
    """Return the first and last day of a report request, as written."""
    body = entry.request if isinstance(entry.request, dict) else {}
    return str(body.get("startDate")), str(body.get("endDate"))


def days(first: str, last: str) -> set[date]:
    """Return the days of a range, both ends included; none for an invalid range."""
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return set()
    return {begin + timedelta(days=n) for n in range((end - begin).days + 1)}


def state(entry: Entry) -> str:
    """Return the report status in the answer to a poll."""
    return str(entry.reply.get("status")) if isinstance(entry.reply, dict) else ""
