"""Readers that follow a journal: server-sent events, in streams of bounded life.

A stream ends by itself after ``LIFE`` seconds and the reader comes back with the number of the
last event it has, so that no thread is held for a reader that went away unnoticed. Knows pacing
and the event format. Must not know what an entry means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event, Lock

import orjson

from adsmock.mockserver.control.serializers import entry_row
from adsmock.mockserver.core.journal import Entry, Journal

LIFETIME = 25.0
"""Seconds a stream lives; proxies give up on silent connections at 30 to 60."""

INTERVAL = 0.2
"""Seconds between looks at the journal: what an eye takes for at once."""

_COMMENT_EVERY = 5
"""Looks between two comments."""

MAX_STREAMS = 4
"""Streams at once; each holds one of the ten threads that serve the control plane."""


class EventStreams:
    """The streams that are open; ``pause`` waits some seconds between two looks."""

    def __init__(self, pause: Callable[[float], object] | None = None) -> None:
        self._pause = pause or Event().wait
        self._lock = Lock()
        self._open = 0

    def enter(self) -> bool:
        """Take a place and say whether there was one."""
        with self._lock:
            if self._open >= MAX_STREAMS:
                return False
            self._open += 1
            return True

    def leave(self) -> None:
        """Give the place back."""
        with self._lock:
            self._open -= 1

    def follow(
        self, journal: Journal, cursor: int, matches: Callable[[Entry], bool]
    ) -> Iterator[bytes]:
        """Yield events of finished calls after ``cursor``; call after a successful ``enter``.

        A call that is still open is told when it ends and holds no other back.
        """
        waiting: dict[int, Entry] = {}
        try:
            yield b"retry: 300\n\n"
            for look in range(round(LIFETIME / INTERVAL)):
                for entry in journal.rows(cursor):
                    cursor = entry.seq
                    waiting[entry.seq] = entry
                done = [entry for entry in waiting.values() if entry.ended != "open"]
                for entry in done:
                    del waiting[entry.seq]
                    if matches(entry):
                        yield _event(entry, min(waiting, default=cursor + 1) - 1)
                # A comment now and then, and a chance in between, for the server to notice that
                # the reader has left.
                yield b"" if look % _COMMENT_EVERY else b":\n\n"
                self._pause(INTERVAL)
        finally:
            self.leave()


def _event(entry: Entry, resume: int) -> bytes:
    """Return one event; ``resume`` is a number that no untold call lies at or below."""
    return b"id: %d\nevent: entry\ndata: %s\n\n" % (resume, orjson.dumps(entry_row(entry)))
