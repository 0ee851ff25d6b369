"""Everything that the dashboard shows, as one stream of server-sent events.

``sandboxes`` has the summaries that changed. Of one sandbox, ``sandbox`` has the profiles and URLs,
``state`` the clock, quotas and faults, ``entries`` the summaries of calls. No event has a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import orjson

from adsmock.mockserver.control.serializers import entry_summary, listed_sandbox
from adsmock.mockserver.control.state_summary import state_summary
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.core.sandbox import Sandbox

READS_PER_SECOND = 5
"""Reads of the journal; summaries and state, which cost more, are read once a second."""

_ENTRIES_PER_EVENT = 2_000

Urls = dict[str, dict[str, str]]
Summaries = Callable[[], list[dict[str, Any]]]
"""Returns the summary of every sandbox, oldest first."""


def event(name: str, value: Any) -> bytes:
    """Return one event."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps(value))


class SandboxChanges:
    """The summaries that changed since the last read."""

    def __init__(self, summaries: Summaries) -> None:
        self._summaries = summaries
        self._sent: dict[str, bytes] | None = None

    def read(self) -> Iterator[bytes]:
        """Yield an event if a sandbox was created, changed or deleted; one at the first read."""
        rows = {row["id"]: row for row in self._summaries()}
        texts = {name: orjson.dumps(row) for name, row in rows.items()}
        before = self._sent or {}
        changed = [rows[name] for name, text in texts.items() if before.get(name) != text]
        removed = [name for name in before if name not in texts]
        if changed or removed or self._sent is None:
            yield event("sandboxes", {"changed": changed, "removed": removed})
        self._sent = texts


class SandboxEvents:
    """The calls and the state of one sandbox, from after entry ``cursor``."""

    def __init__(
        self, sandbox: Sandbox, cursor: int, urls: Urls, is_current: Callable[[], bool]
    ) -> None:
        self.is_current = is_current
        self._urls = urls
        journal = sandbox.journal
        self._sandbox = sandbox
        self._cursor = cursor if cursor <= journal.last else 0  # else another mock's number
        self._open: dict[int, Entry] = {}
        self._state: Any = None

    def entries(self) -> Iterator[bytes]:
        """Yield the calls that began or ended since the last read."""
        journal = self._sandbox.journal
        ended = [entry for entry in self._open.values() if entry.ended != "open"]
        for entry in ended:
            del self._open[entry.seq]
        if ended:
            yield self._event(ended)
        if journal.last == self._cursor:
            return
        new = journal.rows(self._cursor)
        while entries := list(islice(new, _ENTRIES_PER_EVENT)):
            self._cursor = entries[-1].seq
            self._open |= {entry.seq: entry for entry in entries if entry.ended == "open"}
            yield self._event(entries)

    def state(self) -> Iterator[bytes]:
        """Yield the state if it changed, before the first one what does not change.

        A clock that only runs is no change.
        """
        if self._state is None:
            yield event("sandbox", listed_sandbox(self._sandbox, self._urls))
        row = state_summary(self._sandbox)
        clock = row["clock"]
        compared = row if clock["mode"] == "frozen" else row | {"clock": _setting(clock)}
        if compared != self._state:
            self._state = compared
            yield event("state", row)

    def _event(self, entries: list[Entry]) -> bytes:
        rows = [entry_summary(each) for each in entries]
        return event("entries", {"sandbox": self._sandbox.id, "entries": rows})


def _setting(clock: dict[str, Any]) -> dict[str, Any]:
    return {name: clock[name] for name in ("mode", "rate")}


def frames(
    changes: SandboxChanges, one: SandboxEvents | None, pause: Callable[[], object], reads: int
) -> Iterator[bytes]:
    """Yield events for a number of reads; ``pause`` waits between two of them.

    They end early when the one sandbox has been deleted, perhaps to be created again.
    """
    for number in range(reads):
        if number:
            pause()
        if one and not one.is_current():
            return
        if number % READS_PER_SECOND == 0:
            yield from changes.read()
            yield from one.state() if one else ()
            yield b":\n\n"  # lets both sides notice that the other one has gone
        else:
            yield b""
        yield from one.entries() if one else ()
