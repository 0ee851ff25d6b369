"""Journal entries as server-sent events, in streams of limited length.

A stream ends after ``LIFETIME`` seconds. The reader reconnects with the number of its last event,
so a reader that disappears unnoticed occupies no thread for long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event, Lock

from adsmock.mockserver.control.serializers import entry_json
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.journal import Entry, Journal

LIFETIME = 25.0
"""Seconds until a stream ends; proxies close silent connections after 30 to 60."""

INTERVAL = 0.2
"""Seconds between two reads of the journal: a person sees no delay."""

_COMMENT_EVERY = 5
"""Reads between two comments."""

MAX_STREAMS = 4
"""Concurrent streams; each occupies one of the ten threads of the control plane."""


def full() -> SetupError:
    """Return the refusal of one stream too many."""
    return SetupError(
        f"{MAX_STREAMS} clients follow journals already: close one, or read pages", status=503
    )


class EventStreams:
    """The open streams; ``pause`` waits a number of seconds between two reads."""

    def __init__(self, pause: Callable[[float], object] | None = None) -> None:
        self._pause = pause or Event().wait
        self._lock = Lock()
        self._open = 0

    def enter(self) -> bool:
        """Open a stream and return True, or return False at the limit."""
        with self._lock:
            if self._open >= MAX_STREAMS:
                return False
            self._open += 1
            return True

    def leave(self) -> None:
        """Close a stream."""
        with self._lock:
            self._open -= 1

    def wait(self) -> object:
        """Wait until the next read."""
        return self._pause(INTERVAL)

    def follow(
        self, journal: Journal, cursor: int, matches: Callable[[Entry], bool]
    ) -> Iterator[bytes]:
        """Yield events of finished calls after ``cursor``; call after a successful ``enter``.

        The event of an open call comes when the call ends, and delays no other event.
        """
        waiting: dict[int, Entry] = {}
        try:
            yield b"retry: 300\n\n"
            for number in range(round(LIFETIME / INTERVAL)):
                for entry in journal.rows(cursor):
                    cursor = entry.seq
                    waiting[entry.seq] = entry
                done = [entry for entry in waiting.values() if entry.ended != "open"]
                for entry in done:
                    del waiting[entry.seq]
                    if matches(entry):
                        yield _event(entry, min(waiting, default=cursor + 1) - 1)
                # Comments and empty chunks let the server notice that the reader disconnected.
                yield b"" if number % _COMMENT_EVERY else b":\n\n"
                self.wait()
        finally:
            self.leave()


def _event(entry: Entry, resume: int) -> bytes:
    """Return one event; all calls up to the number ``resume`` have had their event."""
    return b"id: %d\nevent: entry\ndata: %s\n\n" % (resume, entry_json(entry))
