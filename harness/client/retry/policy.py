"""What to do after an attempt: checkers and backoff joined.

Knows the rules. Must not send, sleep or count; the chain does.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from . import checker
from .context import Kind, retry_after

if TYPE_CHECKING:
    from ..clock import Clock
    from .backoff import ExponentialBackoff
    from .context import Attempt

RETRIES = 10
"""The larger of the two documented examples (5 or 10). Source: WAF, fundamental component."""

GARBLED_RETRIES = 2
"""A success that cannot be read is more often a wrong turn than a passing trouble (own choice)."""

COSTLY_STEPS = 2
"""How far ahead costly work starts on the ladder of delays: at 4 s instead of 1 s.

Source: concepts/rate-limiting (documented): a longer backoff for reports; the number is ours."""

PATIENCE = 600.0
"""The longest single wait, in seconds; a service that asks for more gets no further attempt."""


class Step(Enum):
    """The move after an attempt."""

    ACCEPT = "accept"
    RETRY = "retry"
    VERIFY = "verify"
    """Find out whether it was done; only then decide what to send."""
    STOP = "stop"


class RetryPolicy:
    """Decides by the kind of work.

    Reads, repeatable writes, grants and downloads are retried after anything transient. A create
    is repeated only where it cannot have been done (429, no connection); otherwise its outcome
    must be read back first.
    """

    def __init__(self, backoff: ExponentialBackoff, clock: Clock) -> None:
        self._backoff = backoff
        self._clock = clock

    def decide(self, attempt: Attempt) -> Step:
        """Return the move after this attempt."""
        if checker.is_success(attempt):
            return Step.ACCEPT
        if not self.is_retryable(attempt):
            return Step.STOP
        if attempt.kind is Kind.CREATE and checker.is_outcome_unknown(attempt):
            return Step.VERIFY
        return Step.RETRY

    def is_retryable(self, attempt: Attempt) -> bool:
        """Say whether this failure may pass by itself."""
        return checker.is_transient(attempt)

    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        """Say whether one more retry is in order when ``retries`` were made already."""
        garbled = attempt is not None and checker.is_garbled(attempt)
        return retries < (GARBLED_RETRIES if garbled else RETRIES)

    def retry_after(self, attempt: Attempt | None) -> float | None:
        """Return the wait that the service asked for, in seconds."""
        return retry_after(attempt.reply, self._clock.now()) if attempt else None

    def wait(self, attempt: Attempt | None, retry: int) -> float:
        """Return the seconds to wait before the ``retry``-th retry, never under Retry-After."""
        is_costly = attempt is not None and attempt.kind is Kind.COSTLY
        step = retry + COSTLY_STEPS if is_costly else retry
        return self._backoff.wait(step, floor=self.retry_after(attempt) or 0.0)
