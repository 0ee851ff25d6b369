"""Journals in five formats: pages, NDJSON, server-sent events, HAR, VCR cassettes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adsmock import __version__
from adsmock.mockserver.control.call_details import call_json
from adsmock.mockserver.control.event_stream import EventStreams, full
from adsmock.mockserver.control.har import archive
from adsmock.mockserver.control.journal_filter import Predicate, by_query
from adsmock.mockserver.control.json_stream import array, in_pieces
from adsmock.mockserver.control.request import ControlReply, ControlRequest
from adsmock.mockserver.control.routes import EVENTS, NDJSON, YAML
from adsmock.mockserver.control.serializers import entry_json
from adsmock.mockserver.control.unknown_name import UnknownName
from adsmock.mockserver.control.vcr import cassette
from adsmock.mockserver.core.journal import Entry, Journal

_MAX_DIGITS = 18


def get(request: ControlRequest) -> Any:
    """Return a sandbox's journal in the requested format."""
    return _read(request, request.sandbox.journal)


def put(request: ControlRequest) -> Any:
    """Set what is recorded from now on; the entries stay."""
    sandbox, mode = request.sandbox, request.body["mode"]
    with sandbox.lock:
        sandbox.journal.mode = mode
    return {"mode": mode}


def call(request: ControlRequest) -> Any:
    """Return one call with what explains it.

    Raises:
        UnknownName: 404, the journal has no entry with this number.
    """
    sandbox, number = request.sandbox, request.path["call"]
    journal = sandbox.journal
    entry = journal.find(int(number)) if _is_number(number) else None
    if entry is None:
        known = f"{journal.oldest} to {journal.last}" if len(journal) else ""
        raise UnknownName("call", number, [known] if known else [])
    return ControlReply(call_json(entry, sandbox))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS


def clear(request: ControlRequest) -> None:
    """Empty a sandbox's journal; numbering continues."""
    sandbox = request.sandbox
    with sandbox.lock:
        sandbox.journal.clear()


def get_orphans(request: ControlRequest) -> Any:
    """Return the calls that belong to no sandbox."""
    return _read(request, request.sandboxes.orphans)


def clear_orphans(request: ControlRequest) -> None:
    """Empty the orphan journal."""
    with request.sandboxes.lock:
        request.sandboxes.orphans.clear()


def _read(request: ControlRequest, journal: Journal) -> Any:
    return read_journal(journal, request.query, request.accept, request.resume, request.streams)


def read_journal(
    journal: Journal, query: dict[str, Any], accept: str, resume: str, streams: EventStreams
) -> Any:
    """Return the entries that a query selects, in the format that the caller accepts."""
    matches, cursor = by_query(query), query["cursor"]
    wanted = query.get("format")
    if wanted == "har":
        entries = (each for each in journal.rows(cursor) if matches(each))
        return ControlReply(in_pieces(archive(entries, __version__)))
    if wanted == "vcr":
        entries = (each for each in journal.rows(cursor) if matches(each))
        return ControlReply(in_pieces(cassette(entries)), YAML)
    if wanted == "ndjson" or (wanted is None and NDJSON in accept):
        return ControlReply(in_pieces(_lines(journal, cursor, matches)), NDJSON)
    if wanted is None and EVENTS in accept:
        return _events(streams, journal, _resumed(resume, cursor), matches)
    return _page(journal, cursor, query["limit"], matches)


def _page(journal: Journal, cursor: int, limit: int, matches: Predicate) -> ControlReply:
    """Return at most ``limit`` entries and the cursor after the last one read."""
    found: list[Entry] = []
    for entry in journal.rows(cursor):
        if len(found) == limit:
            break
        cursor = entry.seq
        if matches(entry):
            found.append(entry)
    tail = b',"next":%d,"dropped":%d}' % (cursor, journal.dropped)
    return ControlReply(b"".join(array(b'{"entries":', map(entry_json, found), tail)))


def _lines(journal: Journal, cursor: int, matches: Predicate) -> Iterator[bytes]:
    for entry in journal.rows(cursor):
        if matches(entry):
            yield entry_json(entry) + b"\n"


def _resumed(resume: str, cursor: int) -> int:
    return int(resume) if resume.isascii() and resume.isdigit() else cursor


def _events(
    streams: EventStreams, journal: Journal, cursor: int, matches: Predicate
) -> ControlReply:
    if not streams.enter():
        raise full()
    return ControlReply(streams.follow(journal, cursor, matches), EVENTS)
