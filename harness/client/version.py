"""The deprecation calendar: a notice for versions that end, a refusal for versions that ended.

A call to a version that is shut off is not sent; the error names the replacement. Source: WAF,
operational excellence, track deprecations; release notes, deprecations (documented).
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cache
from http import HTTPStatus

from .api import Deprecation, Operation
from .call import Call
from .clock import Clock
from .errors import VersionGone
from .middleware import Middleware
from .retry.chain import Chain
from .sender import Sender
from .transport import Reply

_WORD = "[^/]+"
_PLACES = {"{id}": r"(?:\d+|\{[^}]*\})"}
"""The pattern of a placeholder that does not match every segment."""

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """An operation with a version that will be shut off, the date and the replacement."""

    deprecation: str
    operation: str
    title: str
    shut_off: str
    days_left: int
    replacement: str


def log_notice(notice: Notice) -> None:
    """Log a notice as one warning: a sentence, and its members as ``extra``."""
    LOGGER.warning(
        "%s: %s will be shut off on %s, in %d days; use %s",
        notice.operation,
        notice.title,
        notice.shut_off,
        notice.days_left,
        notice.replacement or "nothing: it has no replacement",
        extra=asdict(notice),
    )


class VersionTable:
    """The calendar, checked before each call. Days are in UTC."""

    def __init__(
        self,
        calendar: Iterable[Deprecation],
        clock: Clock,
        notify: Callable[[Notice], None] = log_notice,
    ) -> None:
        self._calendar = tuple(calendar)
        self._clock = clock
        self._notify = notify
        self._rows: dict[tuple[str, str], tuple[Deprecation, ...]] = {}
        self._notified: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def check(self, operation: Operation, accept: str = "") -> None:
        """Check whether a call may be sent; notify once about each version that will end.

        Raises:
            VersionGone: path or media type is shut off; nothing was sent.
        """
        rows = self._matching(operation, accept)
        if not rows:
            return
        today = datetime.fromtimestamp(self._clock.now(), UTC).date()
        for row in rows:
            left = (_day(row.shut_off) - today).days
            if left <= 0:
                raise VersionGone(
                    row.status or HTTPStatus.GONE,
                    f"{operation.id}: {row.title} was shut off on {row.shut_off}; nothing was "
                    f"sent; use {row.replacement or 'nothing, it has no replacement'}",
                )
            if _day(row.announced) <= today:
                self._notify_once(row, operation, left)

    def _matching(self, operation: Operation, accept: str) -> tuple[Deprecation, ...]:
        key = (operation.id, accept)
        if key not in self._rows:
            media = {operation.request.lower(), (accept or operation.reply).lower()}
            self._rows[key] = tuple(
                row
                for row in self._calendar
                if any(_is_path(path, operation) for path in row.paths)
                and (not row.media_types or media & {name.lower() for name in row.media_types})
            )
        return self._rows[key]

    def _notify_once(self, row: Deprecation, operation: Operation, left: int) -> None:
        with self._lock:
            if (row.id, operation.id) in self._notified:
                return
            self._notified.add((row.id, operation.id))
        self._notify(
            Notice(row.id, operation.id, row.title, row.shut_off, left, row.replacement),
        )


class VersionMiddleware(Middleware):
    """Refuses calls to versions that are shut off."""

    def __init__(self, inner: Sender, table: VersionTable) -> None:
        super().__init__(inner)
        self._table = table

    def send(self, call: Call, chain: Chain | None = None) -> Reply:
        """Return the reply of the inner sender; raises VersionGone without sending."""
        self._table.check(call.operation, call.accept)
        return self._inner.send(call, chain)


def _is_path(written: str, operation: Operation) -> bool:
    """Return whether a path of the calendar, with or without a method, is the operation's.

    ``{id}`` matches ids only: ``/campaigns/{id}`` is not ``/campaigns/export``.
    """
    method, _, path = written.rpartition(" ")
    return method in {"", operation.method} and bool(_pattern(path).fullmatch(operation.path))


@cache
def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]*\})", path)
    return re.compile(
        "".join(_PLACES.get(part, _WORD) if part[:1] == "{" else re.escape(part) for part in parts)
    )


def _day(written: str) -> date:
    """Return the first day of a date in the calendar: a day, a month or a year."""
    year, month, day = (*(int(part) for part in written.split("-")), 1, 1)[:3]
    return date(year, month, day)
