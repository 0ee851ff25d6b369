"""One attempt, normalised, so that checkers and policies need no HTTP library and no clock.

Knows what an attempt is made of and how Retry-After is written. Must not know what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..errors import TransportError
    from ..transport import Reply

_STORY_LENGTH = 200
"""How much of an error body is worth repeating in a message."""


class Kind(Enum):
    """What a repeated attempt would do to the world."""

    READ = "read"
    """Changes nothing."""
    REPEATABLE = "repeatable"
    """Doing it twice leaves the same state: update, archive, start of an export."""
    CREATE = "create"
    """Doing it twice may make two: repeat only what is known not to have been done."""
    COSTLY = "costly"
    """Starts work that the service throttles hardest; may be repeated, after longer waits."""
    TOKEN = "token"
    """A grant at Login with Amazon; any number of access tokens may live at once."""
    DOWNLOAD = "download"
    """A file from storage: bytes, not JSON."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Where an attempt is counted: one route in one region, and its quota class.

    ``quota`` is empty where nothing is throttled by class (the storage host).
    """

    region: str
    route: str
    quota: str = ""
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try on the wire: exactly one of ``reply`` and ``breakage`` is given."""

    kind: Kind
    reply: Reply | None = None
    breakage: TransportError | None = None

    @property
    def status(self) -> int:
        """The status of the reply, 0 without one."""
        return self.reply.status if self.reply else 0

    @property
    def story(self) -> str:
        """What happened, in a few words for people."""
        if self.reply is None:
            return str(self.breakage)
        return f"{self.reply.status} {self.reply.text[:_STORY_LENGTH]}".strip()


def retry_after(reply: Reply | None, now: float) -> float | None:
    """Return the seconds that a reply asks us to wait, or None when it asks for nothing.

    Both written forms count: whole seconds and an HTTP-date, which is read against ``now``.
    What is neither is no request. Source: concepts/rate-limiting (documented, seconds);
    RFC 9110 section 10.2.3 for the date.
    """
    written = reply.headers.get("retry-after", "").strip() if reply else ""
    if written.isascii() and written.isdigit():
        return float(written)
    try:
        return max(0.0, parsedate_to_datetime(written).timestamp() - now)
    except (ValueError, OverflowError):
        return None
