"""Which versions are on their way out: told once while they last, refused when they are gone.

Knows the deprecation calendar of the contracts and the clock. Must not send anything: a version
that is shut off costs no call, and the message names its successor. Source: WAF, operational
excellence, track deprecations; release notes, deprecations (documented).
"""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from .errors import VersionGone
from .middleware import Middleware

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .api import Deprecation, Operation
    from .call import Call
    from .clock import Clock
    from .retry.chain import Chain
    from .sender import Sender
    from .transport import Reply

_WORD = "[^/]+"
_PLACES = {"{id}": r"(?:\d+|\{[^}]*\})"}
"""What a placeholder of the calendar stands for, where it is not any word."""

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """An operation whose version will be shut off: what, when, and what comes instead."""

    deprecation: str
    operation: str
    title: str
    shut_off: str
    days_left: int
    replacement: str


def log_notice(notice: Notice) -> None:
    """Write a notice as one warning: a sentence for people, its members for programs."""
    LOGGER.warning(
        "%s: %s will be shut off on %s, in %d days; use %s",
        notice.operation,
        notice.title,
        notice.shut_off,
        notice.days_left,
        notice.replacement or "nothing: it has no successor",
        extra=asdict(notice),
    )


class VersionTable:
    """The calendar, asked before each call. Days are those of UTC."""

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
        self._told: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def check(self, operation: Operation, accept: str = "") -> None:
        """Return when a call may be made; tell once of each version that will go.

        Raises:
            VersionGone: when path or media type is shut off by the calendar; nothing was sent.
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
                    f"{operation.id}: {row.title} is shut off since {row.shut_off}; nothing was "
                    f"sent; use {row.replacement or 'nothing, it has no successor'}",
                )
            if _day(row.announced) <= today:
                self._tell(row, operation, left)

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

    def _tell(self, row: Deprecation, operation: Operation, left: int) -> None:
        with self._lock:
            if (row.id, operation.id) in self._told:
                return
            self._told.add((row.id, operation.id))
        self._notify(
            Notice(row.id, operation.id, row.title, row.shut_off, left, row.replacement),
        )


class VersionDoor(Middleware):
    """Lets no call pass whose version is gone."""

    def __init__(self, inner: Sender, table: VersionTable) -> None:
        super().__init__(inner)
        self._table = table

    def send(self, call: Call, chain: Chain | None = None) -> Reply:
        """Return the reply of a call whose version lives; raises VersionGone for another."""
        self._table.check(call.operation, call.accept)
        return self._inner.send(call, chain)


def _is_path(written: str, operation: Operation) -> bool:
    """Say whether a row's path, with or without a method in front, is the operation's own.

    ``{id}`` stands for an id alone: ``/campaigns/{id}`` is not ``/campaigns/export``.
    """
    method, _, path = written.rpartition(" ")
    parts = re.split(r"(\{[^}]*\})", path)
    pattern = "".join(
        _PLACES.get(part, _WORD) if part[:1] == "{" else re.escape(part) for part in parts
    )
    return method in {"", operation.method} and re.fullmatch(pattern, operation.path) is not None


def _day(written: str) -> date:
    """Return the first day of what the calendar says: a day, a month or a year."""
    year, month, day = (*(int(part) for part in written.split("-")), 1, 1)[:3]
    return date(year, month, day)
