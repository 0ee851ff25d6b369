"""The journal: what the server saw, bounded by count and by bytes.

Secrets never get here: callers redact them first (``core.redaction``).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

Mode = Literal["off", "lean", "full"]

_ENTRY_BYTES = 700
"""Size of an entry without its bodies (measured with sys.getsizeof over its slots)."""

_HEADERS_BYTES = 1_500
"""Size of the headers of both sides, where they are kept (measured likewise)."""

REPLY_KEPT_BYTES = 65_536
REQUEST_KEPT_BYTES = 2 << 20
"""Bodies above these sizes are not kept. A batch of a thousand items needs a quarter of it."""


@dataclass(slots=True)
class Entry:
    """One call. Times in seconds: ``t_*`` monotonic, ``c_*`` sandbox time."""

    method: str
    path: str
    t_arrive: float
    seq: int = 0
    sandbox: str | None = None
    via: str = "none"
    region: str | None = None
    host: str = ""
    port: int = 0
    tls: bool = False
    connection: int = 0
    query: str = ""
    route: str | None = None
    operation: str | None = None
    generic: bool = False
    """Answered from an OpenAPI document's schema, without reading or changing state."""
    client_id: str | None = None
    profile_id: str | None = None
    token: str | None = None
    token_state: str = "absent"
    headers: dict[str, str] | None = None
    chain: str | None = None
    attempt: int | None = None
    items: int | None = None
    request_bytes: int = 0
    request: Any = None
    fault: dict[str, str] | None = None
    status: int = 0
    reply_bytes: int = 0
    retry_after: str | None = None
    reply: bytes | None = None
    next_token: str | None = None
    """The page token in a list that is too long to keep; empty on its last page."""
    committed: bool = False
    ended: str = "open"
    t_send: float = 0.0
    t_end: float = 0.0
    c_arrive: float = 0.0
    c_send: float = 0.0
    c_end: float = 0.0
    lag: float = 0.0
    request_id: str = ""
    failed_items: int | None = None
    """Items of a batch that were refused; None if the reply has no outcomes of items."""
    refusal: dict[str, Any] | None = None
    """The rule of the mock that refused the call; None if a fault did, or nothing."""
    reply_headers: dict[str, str] | None = None
    rows: int | None = None
    """Rows of a downloaded file of an export or a report; None where they were not counted."""

    def size(self) -> int:
        """Return the approximate size of the entry in bytes."""
        kept = self.request_bytes if self.request is not None else 0
        headers = _HEADERS_BYTES if self.headers is not None else 0
        return _ENTRY_BYTES + headers + kept + len(self.reply or b"")


class Journal:
    """A ring of entries. ``dropped`` counts those that were dropped to make room."""

    __slots__ = (
        "_bytes", "_entries", "_seq", "dropped", "keep", "max_bytes", "max_entries", "mode",
    )  # fmt: skip

    def __init__(
        self, mode: Mode = "lean", *, max_entries: int = 20_000, max_bytes: int = 64 << 20
    ) -> None:
        self.mode: Mode = mode
        self.max_entries = max_entries
        self.max_bytes = max_bytes
        self.dropped = 0
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        self._seq = 0
        self.keep: Callable[[Entry | None], None] | None = None
        """Gets each finished entry, None when the journal is emptied."""

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def last(self) -> int:
        """The number of the last entry."""
        return self._seq

    @property
    def oldest(self) -> int:
        """The number of the oldest entry that is kept, of the next one if none is."""
        return self._entries[0].seq if self._entries else self._seq + 1

    @property
    def latest(self) -> Entry | None:
        """The newest entry that is kept."""
        return self._entries[-1] if self._entries else None

    def find(self, number: int) -> Entry | None:
        """Return the entry with a number, None if it was dropped or never was."""
        return next((each for each in list(self._entries) if each.seq == number), None)

    def resume(self, number: int) -> None:
        """Continue after an entry number, for stored states."""
        self._seq = number

    def restore(self, entries: Iterable[Entry]) -> None:
        """Add kept entries, in the order of their numbers."""
        for entry in sorted(entries, key=lambda each: each.seq):
            self._entries.append(entry)
            self._bytes += entry.size()
            if len(self._entries) > self.max_entries or self._bytes > self.max_bytes:
                self._drop()
            self._seq = max(self._seq, entry.seq)

    def open(self, entry: Entry) -> None:
        """Number the entry and keep it."""
        self._seq += 1
        entry.seq = self._seq
        if self.mode == "off":
            return
        self._entries.append(entry)
        self._bytes += _ENTRY_BYTES
        if len(self._entries) > self.max_entries:
            self._drop()

    def close(self, entry: Entry) -> None:
        """Count the size of the finished entry, and drop the oldest if the limit is exceeded."""
        if self.mode == "off":
            return
        if entry.request is not None or entry.reply is not None:
            self._bytes += entry.size() - _ENTRY_BYTES
        if self.keep is not None:
            self.keep(entry)
        while self._bytes > self.max_bytes and len(self._entries) > 1:
            self._drop()

    def rows(self, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
        """Yield entries with ``seq > after``, oldest first, at most ``limit``."""
        count = 0
        for entry in list(self._entries):
            if entry.seq <= after:
                continue
            if limit is not None and count >= limit:
                return
            count += 1
            yield entry

    def clear(self) -> None:
        """Remove all entries; numbers continue."""
        self._entries.clear()
        self._bytes = 0
        self.dropped = 0
        if self.keep is not None:
            self.keep(None)

    def _drop(self) -> None:
        oldest = self._entries.popleft()
        self._bytes -= oldest.size() if oldest.ended != "open" else _ENTRY_BYTES
        self.dropped += 1
