"""What the workers of one integration share: tokens, paces, queues and counts.

An integration is one client to the service, however many workers it has. Knows who may call
when. Must not know Locust: clock and draw are arguments, HTTP is the users' affair.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from loadtests.desk import Desk
from loadtests.pace import Pace
from loadtests.plan import Plan
from loadtests.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.client.clock import SystemClock
    from harness.client.draw import Draw

EARLY = 60.0
"""Seconds before its expiry at which a token is replaced."""

PATIENCE = 1.0
"""Seconds a worker waits for its slot; a longer wait is left to the next turn."""

Grant = Callable[[str], tuple[str, float]]
"""Fetches a token for a region: the token (empty when refused) and its lifetime in seconds."""


class Fleet:
    """One client of the service. Workers come and go with the shape; the queues stay."""

    def __init__(self, plan: Plan, clock: SystemClock, draw: Draw) -> None:
        self.plan = plan
        self.clock = clock
        self.draw = draw
        self.tally = Tally()
        self.desks = [Desk(each) for each in plan.targets]
        self.paces: dict[tuple[str, str], Pace] = defaultdict(Pace)
        self._lanes: dict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)
        self._tokens: dict[str, tuple[str, float]] = {}
        self._granting: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._joined = 0

    def join(self) -> int:
        """Return the number of the next worker, from 0."""
        self._joined += 1
        return self._joined - 1

    def waiting(self) -> int:
        """Return the changes that nobody has written yet."""
        return sum(len(desk.waiting) for desk in self.desks)

    def fullest(self, region: str) -> Desk:
        """Return the desk of the region where most changes wait."""
        desks = [desk for desk in self.desks if desk.target.region == region]
        return max(desks, key=lambda desk: len(desk.waiting))

    def token(self, region: str, grant: Grant) -> str:
        """Return the region's token, fetched once for all workers and renewed before it expires."""
        with self._granting[region]:
            token, until = self._tokens.get(region, ("", 0.0))
            if token and self.clock.now() < until - EARLY:
                return token
            token, lifetime = grant(region)
            self._tokens[region] = (token, self.clock.now() + lifetime)
            return token

    def forget_token(self, region: str) -> None:
        """Drop a token that the service refused."""
        self._tokens.pop(region, None)

    @contextmanager
    def slot(self, region: str, quota: str) -> Iterator[Pace | None]:
        """Give the lane's pace when this worker may call now, else nothing.

        One worker at a time waits on a lane; the others go on with something else, because
        what they would have done is picked up by whoever calls next.
        """
        lane = (region, quota)
        lock = self._lanes[lane]
        if not lock.acquire(blocking=False):
            yield None
            return
        try:
            yield self._now_or_never(self.paces[lane])
        finally:
            lock.release()

    def _now_or_never(self, pace: Pace) -> Pace | None:
        seconds = pace.wait(self.clock.now())
        if seconds > PATIENCE:
            return None
        self.clock.sleep(seconds)
        pace.take(self.clock.now())
        return pace
