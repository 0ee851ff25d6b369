"""What to do after an attempt. The policy only decides; the chain sends and sleeps."""

from __future__ import annotations

from enum import Enum

from ..clock import Clock
from . import checker
from .backoff import ExponentialBackoff
from .context import Attempt, Kind, retry_after

RETRIES = 10
"""The larger of the two documented examples (5 or 10). Source: WAF, fundamental component."""

UNREADABLE_RETRIES = 2
"""An unreadable success is more often a wrong host than a transient error (own choice)."""

COSTLY_STEPS = 2
"""The steps that costly work skips in the backoff: it starts at 4 s instead of 1 s.

Source: concepts/rate-limiting (documented): a longer backoff for reports; own number."""

LONGEST_WAIT = 600.0
"""The longest single wait in seconds; if the service asks for more, the client gives up."""


class Decision(Enum):
    """What to do after an attempt."""

    ACCEPT = "accept"
    RETRY = "retry"
    VERIFY = "verify"
    """Find out whether it was done before anything is sent again."""
    STOP = "stop"


class RetryPolicy:
    """Retry rules by the kind of work.

    Reads, idempotent writes, token requests and downloads are retried after any transient error. A
    create is repeated only if it cannot have been done (429, no connection); otherwise it must be
    read back first.
    """

    def __init__(self, backoff: ExponentialBackoff, clock: Clock) -> None:
        self._backoff = backoff
        self._clock = clock

    def decide(self, attempt: Attempt) -> Decision:
        """Return what to do after this attempt."""
        if checker.is_success(attempt):
            return Decision.ACCEPT
        if not self.is_retryable(attempt):
            return Decision.STOP
        if attempt.kind is Kind.CREATE and checker.is_outcome_unknown(attempt):
            return Decision.VERIFY
        return Decision.RETRY

    def is_retryable(self, attempt: Attempt) -> bool:
        """Return whether this failure is transient."""
        return checker.is_transient(attempt)

    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        """Return whether one more retry is allowed after ``retries``."""
        is_unreadable_success = attempt is not None and checker.is_unreadable(attempt)
        return retries < (UNREADABLE_RETRIES if is_unreadable_success else RETRIES)

    def retry_after(self, attempt: Attempt | None) -> float | None:
        """Return the wait that the service asked for, in seconds, or None."""
        return retry_after(attempt.reply, self._clock.now()) if attempt else None

    def wait(self, attempt: Attempt | None, retry: int) -> float:
        """Return the seconds to wait before the ``retry``-th retry, at least Retry-After."""
        is_costly = attempt is not None and attempt.kind is Kind.COSTLY
        step = retry + COSTLY_STEPS if is_costly else retry
        return self._backoff.wait(step, floor=self.retry_after(attempt) or 0.0)
