"""One call with what explains it: the attempts of its chain, its fault rule, what refused it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import orjson

from adsmock.mockserver.control.serializers import entry_json, entry_summary
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.faults.schema import show

FIRST_ERROR = 400
"""The lowest status of a refusal."""

MAX_ATTEMPTS = 200
"""Attempts that are shown, the newest."""


def call_json(entry: Entry, sandbox: Sandbox) -> bytes:
    """Return a call and what explains it as JSON text."""
    planned = sandbox.faults.find(entry.fault.get("id", "")) if entry.fault else None
    same = _same_request(entry, sandbox)
    more = {
        "attempts": _attempts(entry, same),
        "repeats": len(same),
        "rule": show(planned, sandbox.clock.now()) if planned else None,
    }
    return b'{"call":%b,%b' % (entry_json(entry), orjson.dumps(more)[1:])


def _same_request(entry: Entry, sandbox: Sandbox) -> list[Entry]:
    """Return the calls of the same logical request, oldest first."""
    if entry.chain is None:
        return [entry]
    return [each for each in sandbox.journal.rows() if each.chain == entry.chain]


def _attempts(entry: Entry, same: list[Entry]) -> list[dict[str, Any]]:
    """Return the attempts until the request succeeded, each with its wait since the one before.

    After a success, the same request is a new piece of work. ``waited`` is in seconds of the
    machine, from the end of the answer to the next arrival; ``waitedSandbox`` in seconds of the
    sandbox's clock.
    """
    first = last = next(place for place, each in enumerate(same) if each is entry)
    while first and not _succeeded(same[first - 1]):
        first -= 1
    while last + 1 < len(same) and not _succeeded(same[last]):
        last += 1
    found = same[max(first, last + 1 - MAX_ATTEMPTS) : last + 1]
    rows = [entry_summary(each) for each in found]
    for row, (before, each) in zip(rows[1:], pairwise(found), strict=True):
        row["waited"] = round(each.t_arrive - (before.t_end or before.t_arrive), 4)
        row["waitedSandbox"] = round(each.c_arrive - (before.c_end or before.c_arrive), 4)
    return rows


def _succeeded(entry: Entry) -> bool:
    return entry.ended == "complete" and entry.status < FIRST_ERROR
