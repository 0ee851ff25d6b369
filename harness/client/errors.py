"""The errors of the client, grouped by who has to act.

::

    AdsError                    any of the below
    ├── Misuse                  the caller's mistake; nothing was sent
    ├── TransportError          no complete reply; ``kind`` says how the request failed
    ├── UnknownOutcome          a create may have been done: read it back before sending it again
    ├── Untrusted               the certificate does not match the host; nothing was sent
    ├── GaveUp                  retries, retry budget or wait limit are used up; try later
    ├── Refused                 a final refusal; the same call would be refused again
    │   ├── BadCredentials      Login with Amazon refuses the grant: a person must act
    │   ├── ScopeRefused        the profile is unknown to the token or region, or was not named
    │   ├── VersionGone         the path or media type is shut off: use its successor
    │   ├── UrlExpired          a download address has expired; request a fresh one
    │   └── PageExpired         a page token has expired; read the list again
    ├── UnreadableReply         a success reply without its required parts
    ├── JobFailed               the service reports that the job failed
    ├── JobGone                 the service no longer keeps the job; start it again
    ├── JobTimedOut             the job did not finish in time
    └── StoreError              a file or store cannot be opened: missing, damaged, wrong key
"""

from __future__ import annotations

from typing import Literal

TransportErrorKind = Literal["connect", "untrusted", "reset", "timeout", "truncated"]
"""How a request failed: no connection, a wrong certificate, a connection that was reset, a timeout,
or an incomplete reply."""


class AdsError(Exception):
    """Base of all errors of this client."""


class Misuse(AdsError):
    """The caller passed something invalid; nothing was sent."""


class TransportError(AdsError):
    """No complete reply was received."""

    def __init__(self, kind: TransportErrorKind, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind


class UnknownOutcome(AdsError):
    """A create was sent, and no reply says whether it was done."""


class Untrusted(AdsError):
    """The certificate of the host cannot be verified; a retry would not change that."""


class GaveUp(AdsError):
    """The limit of retries or waits was reached."""


class Refused(AdsError):
    """The service refuses the call, and would refuse it again."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message


class BadCredentials(Refused):
    """Login with Amazon refuses the client or its refresh token."""


class ScopeRefused(Refused):
    """The token may not use this profile in this region."""


class VersionGone(Refused):
    """The path or media type is shut off."""


class UrlExpired(Refused):
    """The signed download address is no longer valid."""


class PageExpired(Refused):
    """The page token has expired; the list can be read again from its start."""


class UnreadableReply(AdsError):
    """A success reply without its required parts."""


class JobFailed(AdsError):
    """A job ended without a result."""


class JobGone(AdsError):
    """The service no longer knows a job."""


class JobTimedOut(AdsError):
    """A job was running at its deadline."""


class StoreError(AdsError):
    """A file or store cannot be opened, or not with this key."""
