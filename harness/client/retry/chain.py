"""The loop: attempts at one piece of work until it is done, refused or given up.

Knows how to run a send again and what each further attempt costs. Must not know what is sent.
Nothing else in the client loops over sends, so retries never multiply from layer to layer.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import TYPE_CHECKING

from ..errors import GaveUp, TransportError, UnknownOutcome
from . import checker
from .budget import RetryBudget
from .context import Attempt, Kind, Lane
from .policy import PATIENCE, RetryPolicy, Step
from .refusal import refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..clock import Sleeper
    from ..limiter import Limiter
    from ..transport import Reply


class Retry:
    """What all chains of one client share: the policy, the pace, and a budget per region."""

    def __init__(self, policy: RetryPolicy, limiter: Limiter, sleeper: Sleeper) -> None:
        self.policy = policy
        self.limiter = limiter
        self.sleeper = sleeper
        self._budgets: defaultdict[str, RetryBudget] = defaultdict(RetryBudget)
        self._lock = threading.Lock()

    def open(self, kind: Kind, lane: Lane) -> Chain:
        """Return a chain for one piece of work."""
        with self._lock:
            budget = self._budgets[lane.region]
        return Chain(self, kind, lane, budget)


class Chain:
    """One piece of work. ``answer_lost`` tells whether any attempt may have been done unseen."""

    def __init__(self, shared: Retry, kind: Kind, lane: Lane, budget: RetryBudget) -> None:
        self._shared = shared
        self._kind = kind
        self._lane = lane
        self._budget = budget
        self._retries = 0
        self.answer_lost = False
        self.last: Attempt | None = None
        """The last attempt, None before the first."""

    def run(self, send: Callable[[], Reply]) -> Reply:
        """Return the reply of the first attempt that succeeds.

        Raises:
            Refused: when an attempt was refused for good.
            Untrusted: when a certificate does not prove whose host it is.
            UnknownOutcome: when a create may have been done.
            GaveUp: when no further attempt is allowed.
        """
        while True:
            self.last = attempt = self._attempt(send)
            step = self._shared.policy.decide(attempt)
            self.answer_lost |= checker.is_outcome_unknown(attempt)
            if step is Step.STOP:
                raise refusal(attempt)
            if step is Step.VERIFY:
                raise UnknownOutcome(f"the outcome is unknown: {attempt.story}")
            if step is Step.RETRY:
                self.wait(attempt)
                continue
            assert attempt.reply is not None, "only a reply can be accepted"
            self._budget.refill()
            return attempt.reply

    def wait(self, attempt: Attempt | None = None) -> None:
        """Sleep before the next attempt; without an attempt, after a half-done batch.

        Raises:
            GaveUp: when retries, budget or patience are spent.
        """
        story = attempt.story if attempt else "items of the batch keep failing"
        if not self._shared.policy.allows(attempt, self._retries):
            raise GaveUp(f"after {self._retries} retries: {story}")
        if not self._budget.spend():
            raise GaveUp(f"the retry budget of {self._lane.region} is spent: {story}")
        self._retries += 1
        seconds = self._shared.policy.wait(attempt, self._retries)
        if seconds > PATIENCE:
            raise GaveUp(f"asked to wait {seconds:.0f} s: {story}")
        self._shared.sleeper.sleep(seconds)

    def _attempt(self, send: Callable[[], Reply]) -> Attempt:
        self._shared.limiter.admit(self._lane)
        try:
            attempt = Attempt(self._kind, reply=send())
        except TransportError as trouble:
            return Attempt(self._kind, breakage=trouble)
        if checker.is_throttled(attempt):
            # Every worker must hear of it, not only the one that was told.
            rest = self._shared.policy.retry_after(attempt) or 0.0
            self._shared.limiter.pause(self._lane, rest)
            self._shared.limiter.slow_down(self._lane, rest)
        return attempt
