"""One attempt as a value, so that checkers and policies need no HTTP library and no clock."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum

from ..errors import TransportError
from ..transport import Reply

_SUMMARY_LENGTH = 200
"""Characters of an error body in a message."""


class Kind(Enum):
    """What a repeated attempt would do."""

    READ = "read"
    """Changes nothing."""
    REPEATABLE = "repeatable"
    """Idempotent: update, archive, start of an export."""
    CREATE = "create"
    """A repeated call may create twice: repeat it only if it is known not to have been done."""
    COSTLY = "costly"
    """Starts work that the service throttles most; may be repeated, after longer waits."""
    TOKEN = "token"
    """A token request; any number of access tokens may be valid at once."""
    DOWNLOAD = "download"
    """A file from storage: bytes, not JSON."""


@dataclass(frozen=True, slots=True)
class RateLimitKey:
    """The rate limit that an attempt counts against: a route in a region, and its quota class.

    ``quota`` is empty where nothing is throttled by class (the storage host).
    """

    region: str
    route: str
    quota: str = ""
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request that was sent: exactly one of ``reply`` and ``error`` is given."""

    kind: Kind
    reply: Reply | None = None
    error: TransportError | None = None

    @property
    def status(self) -> int:
        """The status of the reply, 0 without one."""
        return self.reply.status if self.reply else 0

    @property
    def summary(self) -> str:
        """What happened, in a few words for messages."""
        if self.reply is None:
            return str(self.error)
        return f"{self.reply.status} {self.reply.text[:_SUMMARY_LENGTH]}".strip()


def retry_after(reply: Reply | None, now: float) -> float | None:
    """Return the seconds to wait by the Retry-After of a reply, or None without a valid one.

    Valid are whole seconds and an HTTP-date, which is compared with ``now``.
    Source: concepts/rate-limiting (documented, seconds); RFC 9110 section 10.2.3 for the date.
    """
    written = reply.headers.get("retry-after", "").strip() if reply else ""
    if written.isascii() and written.isdigit():
        return float(written)
    try:
        return max(0.0, parsedate_to_datetime(written).timestamp() - now)
    except (ValueError, OverflowError):
        return None
