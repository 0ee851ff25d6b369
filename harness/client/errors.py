"""Everything that can go wrong, by whose move it is next.

::

    AdsError                    any of the below
    ├── Misuse                  the caller's mistake; nothing was sent
    ├── TransportError          no whole reply came; ``kind`` says how it broke
    ├── UnknownOutcome          a create may or may not have been done: read back before re-sending
    ├── Untrusted               whoever answered could not prove who it is; nothing was sent
    ├── GaveUp                  retries, budget or patience are spent; later may work
    ├── Refused                 a final no; the same call would be refused again
    │   ├── BadCredentials      Login with Amazon refuses the grant: a person must act
    │   ├── ScopeRefused        this profile is not ours, not here, or was not named
    │   ├── VersionGone         this path or media type is shut off: move to its successor
    │   ├── UrlExpired          a download address has died; ask for a fresh one
    │   └── PageExpired         a page token is no longer good; read the list anew
    ├── UnreadableReply         a success without the parts that it must have
    ├── JobFailed               the service says that the export failed
    ├── JobGone                 the export is not kept any longer; ask for a new one
    ├── JobTimedOut             the export did not finish within our patience
    └── StoreTrouble            what is kept on disk cannot be opened: no key, a wrong one, no file

Knows the tree and its texts. Must not know how a reply is classified (``retry.refusal``).
"""

from __future__ import annotations

from typing import Literal

Breakage = Literal["connect", "untrusted", "reset", "timeout", "truncated"]
"""How a transport broke: no connection at all, one to a stranger, cut off, silent for too long, or
cut short."""


class AdsError(Exception):
    """Any failure that this client reports."""


class Misuse(AdsError):
    """The caller asked for something that does not exist; nothing was sent."""


class TransportError(AdsError):
    """No whole reply came."""

    def __init__(self, kind: Breakage, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind


class UnknownOutcome(AdsError):
    """A create was sent and no answer tells whether it was done."""


class Untrusted(AdsError):
    """A certificate does not prove whose host this is; trying again proves no more."""


class GaveUp(AdsError):
    """Trying further would be of no use now."""


class Refused(AdsError):
    """The service says no, and would say so again."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message


class BadCredentials(Refused):
    """Login with Amazon refuses the client or its refresh token."""


class ScopeRefused(Refused):
    """The profile named in the call is not one that this token may use at this region."""


class VersionGone(Refused):
    """The path or media type is shut off; no call to it can succeed again."""


class UrlExpired(Refused):
    """The signed download address is no longer valid."""


class PageExpired(Refused):
    """The service no longer knows the page token; the list can be read anew from its start."""


class UnreadableReply(AdsError):
    """A reply says success but lacks what a success must carry."""


class JobFailed(AdsError):
    """An asynchronous job ended without a result."""


class JobGone(AdsError):
    """An asynchronous job is not known any longer."""


class JobTimedOut(AdsError):
    """An asynchronous job was still running when our patience ended."""


class StoreTrouble(AdsError):
    """What is kept on disk cannot be opened, or not with this key."""
