"""Workflows of Marketing Cloud, read from journal entries: queries, windows, statuses."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from adsmock.harness.suite.journal import CaseView, Entry

CREATE, STATUS = "amc.workflowExecutions.create", "amc.workflowExecutions.get"
DOWNLOAD = "amc.workflowExecutions.download"
STORES = ("amc.workflows.create", "amc.workflows.update")
SCHEDULES = ("amc.schedules.create", "amc.schedules.update")

DAY = 86_400.0

_COMMENT = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)

RELATIVE = {"MOST_RECENT_DAY": 1, "MOST_RECENT_WEEK": 7}
"""Days of the windows whose end the service sets to the newest complete day (documented)."""


class Window(NamedTuple):
    """The end of an execution's window in sandbox seconds, and its length in days."""

    end: float
    days: float


def queries(view: CaseView) -> Iterator[tuple[Entry, str]]:
    """Yield each call that stores, executes or schedules a query, with its text in one spelling."""
    stored: dict[str, str] = {}
    for call in view.api:
        body = call.request if isinstance(call.request, dict) else {}
        if call.operation in STORES:
            text = _text(body)
            stored[str(body.get("workflowId") or call.path.rpartition("/")[2])] = text
            yield call, text
        elif call.operation in (CREATE, *SCHEDULES):
            own = body.get("workflow")
            known = stored.get(str(body.get("workflowId")), "")
            yield call, _text(own) if isinstance(own, dict) else known


def spelled(query: str) -> str:
    """Return a query in one spelling: no comments, single blanks, small letters, no semicolon."""
    return " ".join(_COMMENT.sub(" ", query).split()).rstrip("; ").casefold()


def window(create: Entry) -> Window | None:
    """Return the window of an execution, None where the service sets it or it is unreadable."""
    body = create.request if isinstance(create.request, dict) else {}
    if body.get("timeWindowType") != "EXPLICIT":
        return None
    zone = str(body.get("timeWindowTimeZone") or "UTC")
    try:
        start, end = (
            _moment(str(body[name]), zone) for name in ("timeWindowStart", "timeWindowEnd")
        )
    except (KeyError, ValueError, OSError):
        return None
    return Window(end, (end - start) / DAY)


def days(create: Entry) -> float:
    """Return the number of days of an execution's window, 0 where it is not known."""
    found = window(create)
    body = create.request if isinstance(create.request, dict) else {}
    return found.days if found else RELATIVE.get(body.get("timeWindowType") or "MOST_RECENT_DAY", 0)


def execution(entry: Entry) -> dict[str, Any]:
    """Return the execution in an answer, empty when there is none; documents wrap it."""
    reply = entry.reply if isinstance(entry.reply, dict) else {}
    found = reply.get("workflowExecution", reply)
    return found if isinstance(found, dict) else {}


def _text(workflow: dict[str, Any]) -> str:
    parts = workflow.get("query")
    if isinstance(parts, list):
        try:
            return spelled(b"".join(b64decode(str(part)) for part in parts).decode())
        except ValueError:
            return ""
    return spelled(str(workflow.get("sqlQuery") or ""))


def _moment(text: str, zone: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).timestamp()
