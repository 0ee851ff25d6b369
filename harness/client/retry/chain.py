"""The retry loop: attempts at one piece of work until it is done, refused or given up.

Nothing else in the client repeats a request, so that retries never multiply between layers.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable

from ..clock import Sleeper
from ..errors import GaveUp, TransportError, UnknownOutcome
from ..limiter import Limiter
from ..transport import Reply
from . import checker
from .budget import RetryBudget
from .context import Attempt, Kind, RateLimitKey
from .policy import LONGEST_WAIT, Decision, RetryPolicy
from .refusal import refusal


class Retry:
    """What all chains of a client share: policy, rate limiter, and a budget per region."""

    def __init__(self, policy: RetryPolicy, limiter: Limiter, sleeper: Sleeper) -> None:
        self.policy = policy
        self.limiter = limiter
        self.sleeper = sleeper
        self._budgets: defaultdict[str, RetryBudget] = defaultdict(RetryBudget)
        self._lock = threading.Lock()

    def open(self, kind: Kind, limit_key: RateLimitKey) -> Chain:
        """Return a chain for one piece of work."""
        with self._lock:
            budget = self._budgets[limit_key.region]
        return Chain(self, kind, limit_key, budget)


class Chain:
    """One piece of work. ``answer_lost``: an attempt may have been done without a reply."""

    def __init__(
        self, shared: Retry, kind: Kind, limit_key: RateLimitKey, budget: RetryBudget
    ) -> None:
        self._shared = shared
        self._kind = kind
        self._limit_key = limit_key
        self._budget = budget
        self._retries = 0
        self.answer_lost = False
        self.last: Attempt | None = None
        """The last attempt, None before the first."""

    def run(self, send: Callable[[], Reply]) -> Reply:
        """Return the reply of the first attempt that succeeds.

        Raises:
            Refused: an attempt was finally refused.
            Untrusted: the certificate of the host cannot be verified.
            UnknownOutcome: a create may have been done.
            GaveUp: no further attempt is allowed.
        """
        while True:
            self.last = attempt = self._attempt(send)
            step = self._shared.policy.decide(attempt)
            self.answer_lost |= checker.is_outcome_unknown(attempt)
            if step is Decision.STOP:
                raise refusal(attempt)
            if step is Decision.VERIFY:
                raise UnknownOutcome(f"the outcome is unknown: {attempt.summary}")
            if step is Decision.RETRY:
                self.wait(attempt)
                continue
            assert attempt.reply is not None, "only a reply can be accepted"
            self._budget.refill()
            return attempt.reply

    def wait(self, attempt: Attempt | None = None) -> None:
        """Sleep before the next attempt; without ``attempt``, after a partly failed batch.

        Raises:
            GaveUp: retries, budget or the wait limit are used up.
        """
        summary = attempt.summary if attempt else "items of the batch failed again"
        if not self._shared.policy.allows(attempt, self._retries):
            raise GaveUp(f"after {self._retries} retries: {summary}")
        if not self._budget.spend():
            raise GaveUp(f"the retry budget of {self._limit_key.region} is used up: {summary}")
        self._retries += 1
        seconds = self._shared.policy.wait(attempt, self._retries)
        if seconds > LONGEST_WAIT:
            raise GaveUp(f"the wait of {seconds:.0f} s exceeds {LONGEST_WAIT:.0f} s: {summary}")
        self._shared.sleeper.sleep(seconds)

    def _attempt(self, send: Callable[[], Reply]) -> Attempt:
        self._shared.limiter.admit(self._limit_key)
        try:
            attempt = Attempt(self._kind, reply=send())
        except TransportError as error:
            return Attempt(self._kind, error=error)
        if checker.is_throttled(attempt):
            # All workers must wait, not only the one that got the 429.
            seconds = self._shared.policy.retry_after(attempt) or 0.0
            self._shared.limiter.pause(self._limit_key, seconds)
            self._shared.limiter.slow_down(self._limit_key, seconds)
        return attempt
