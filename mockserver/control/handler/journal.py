"""Journals, read in four forms: pages, lines, events, archive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from adsmock import __version__
from adsmock.mockserver.control.har import archive
from adsmock.mockserver.control.journal_filter import Keeps, by_query
from adsmock.mockserver.control.request import ControlReply, ControlRequest
from adsmock.mockserver.control.routes import EVENTS, NDJSON
from adsmock.mockserver.control.serializers import entry_row
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.journal import Entry, Journal


def get(ask: ControlRequest) -> Any:
    """Return a sandbox's journal in the form the reader asks for."""
    return _read(ask, ask.sandbox.journal)


def clear(ask: ControlRequest) -> None:
    """Empty a sandbox's journal; numbers go on."""
    sandbox = ask.sandbox
    with sandbox.lock:
        sandbox.journal.clear()


def get_orphans(ask: ControlRequest) -> Any:
    """Return the calls that belong to no sandbox."""
    return _read(ask, ask.sandboxes.orphans)


def clear_orphans(ask: ControlRequest) -> None:
    """Empty the orphan journal."""
    with ask.sandboxes.lock:
        ask.sandboxes.orphans.clear()


def _read(ask: ControlRequest, journal: Journal) -> Any:
    keeps, cursor = by_query(ask.query), ask.query["cursor"]
    form = ask.query.get("format")
    if form == "har":
        return archive((each for each in journal.rows(cursor) if keeps(each)), __version__)
    if form == "ndjson" or (form is None and NDJSON in ask.accept):
        return ControlReply(_lines(journal, cursor, keeps), NDJSON)
    if form is None and EVENTS in ask.accept:
        return _events(ask, journal, cursor, keeps)
    return _page(journal, cursor, ask.query["limit"], keeps)


def _page(journal: Journal, cursor: int, limit: int, keeps: Keeps) -> dict[str, Any]:
    """Return at most ``limit`` entries and the cursor behind the last that was looked at."""
    found: list[Entry] = []
    for entry in journal.rows(cursor):
        if len(found) == limit:
            break
        cursor = entry.seq
        if keeps(entry):
            found.append(entry)
    rows = [entry_row(entry) for entry in found]
    return {"entries": rows, "next": cursor, "dropped": journal.dropped}


def _lines(journal: Journal, cursor: int, keeps: Keeps) -> Iterator[bytes]:
    for entry in journal.rows(cursor):
        if keeps(entry):
            yield orjson.dumps(entry_row(entry)) + b"\n"


def _events(ask: ControlRequest, journal: Journal, cursor: int, keeps: Keeps) -> ControlReply:
    if ask.resume.isascii() and ask.resume.isdigit():
        cursor = int(ask.resume)
    if not ask.followers.enter():
        raise SetupError("too many readers follow journals already", status=503)
    return ControlReply(ask.followers.follow(journal, cursor, keeps), EVENTS)
