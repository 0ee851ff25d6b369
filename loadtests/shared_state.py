"""What the workers of one integration share: desks, tokens, paces and counts.

An integration is one client to the service, however many workers it has. Knows what is to be done
and who may call when. Must not know Locust; clock and draw are arguments, HTTP is the hands'.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from adsmock.loadtests.behavior import Behavior, tempers
from adsmock.loadtests.counters import Counters, bucket
from adsmock.loadtests.pace import Pace
from adsmock.loadtests.partition import portion
from adsmock.loadtests.plan import RehearsalPlan
from adsmock.loadtests.roles import ROLES, Hand, Role
from adsmock.loadtests.work_queue import WorkQueue

if TYPE_CHECKING:
    from adsmock.harness.client.clock import SystemClock
    from adsmock.harness.client.random_source import RandomSource

EARLY = 60.0
"""Seconds before its expiry at which a token is replaced."""

PATIENCE = 1.0
"""Seconds a worker waits for its slot; a longer wait is left to the next turn."""

LATE = 2.0
"""How many times as long as it may gather a piece of work may wait: the least number of calls is
reckoned by that, and what is due at the end."""

Grant = Callable[[str], tuple[str, float]]
"""Fetches a token for a region: the token (empty when refused) and its lifetime in seconds."""


class SharedState:
    """One process of an integration, the ``index``-th of ``of``: workers go, desks stay."""

    def __init__(
        self,
        plan: RehearsalPlan,
        clock: SystemClock,
        draw: RandomSource,
        index: int = 0,
        of: int = 1,
    ) -> None:
        self.plan = plan
        self.clock = clock
        self.draw = draw
        self.temper: Behavior = tempers()[plan.user]
        self.tally = Counters()
        self.portion = portion(plan.targets, index, of)
        self.began = clock.now()
        at, step = self.portion.place, self.portion.sharers
        self.desks = [
            WorkQueue(role, one, at, step) for role in ROLES for one in self.portion.targets
        ]
        self.paces: dict[tuple[str, str], Pace] = defaultdict(Pace)
        self._lanes: dict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)
        self._tokens: dict[str, tuple[str, float]] = {}
        self._granting: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._fed = self.began
        self._looked = -1
        self._workers: dict[str, int] = defaultdict(int)

    def second(self) -> int:
        """Return the whole seconds since the start, as exactly as the plan tells them apart."""
        passed = int(self.clock.now() - self.began)
        return passed - passed % self.plan.width

    def feed(self) -> None:
        """Let the work of the time since the last call arrive, by the shape of the event."""
        now = self.clock.now()
        passed, self._fed = now - self._fed, now
        progress = (now - self.began) / self.plan.duration
        if progress >= 1.0:
            return
        for desk in self.desks:
            region, role = desk.target.region, ROLES[desk.role]
            load = self.plan.event.level(region, progress) * self.plan.users
            shares = len([each for each in self.plan.targets if each.region == region])
            share = 1.0 / (len(self.plan.regions) * shares * self.portion.sharers)
            came = desk.arrive(load * share * role.rate * passed, now)
            if came:
                self.tally.add("work", desk.role, "arrived", times=came)
                self.tally.add("demand", self.second(), region, times=came)
                window = int((now - self.began) / (LATE * role.gather))
                self.tally.add("window", desk.role, desk.target.profile_id, window, times=came)

    def look(self) -> None:
        """Count what waits, once in each moment that is told apart."""
        if self.second() == self._looked:
            return
        self._looked = self.second()
        for desk in self.desks:
            waits = len(desk.waiting) + len(desk.under_way)
            self.tally.add("wait", self.second(), desk.target.region, times=waits)
            jobs = int(desk.job is not None)
            self.tally.add("jobs", self.second(), desk.target.region, times=jobs)

    def enlist(self) -> str:
        """Return the role that a new worker takes: the one with the fewest workers."""
        role = min(ROLES, key=lambda name: self._workers[name])
        self._workers[role] += 1
        return role

    def dismiss(self, role: str) -> None:
        """Let a worker go."""
        self._workers[role] -= 1

    def work(self, name: str, hand: Hand) -> None:
        """Do one turn of a role: as many desks as the temper takes on."""
        hand.begin()
        for _each in range(self.temper.repeats):
            with self._desk_for(name) as desk:
                if desk is None:
                    return
                self._work_at(desk, ROLES[name], hand)

    def _work_at(self, desk: WorkQueue, role: Role, hand: Hand) -> None:
        turn = role.work(desk, hand, self.temper.batch)
        desk.settle(turn.pieces, turn.fates, lambda number: role.subject(desk.target, number))
        self.tally.note(desk.target.profile_id, turn.made, turn.bids)
        now = self.clock.now()
        for (_number, at), fate in zip(turn.pieces, turn.fates, strict=True):
            if fate != "again":
                self.tally.add("work", role.name, fate)
                self.tally.add("aged", role.name, bucket((now - at) * 1000))

    @contextmanager
    def _desk_for(self, role: str) -> Iterator[WorkQueue | None]:
        """Give the desk of a role where work has waited longest, nothing when none is ripe."""
        now = self.clock.now()
        ripe = [desk for desk in self.desks if desk.role == role and self._is_ripe(desk, now)]
        if not ripe:
            yield None
            return
        desk = max(ripe, key=lambda each: each.age(now))
        desk.is_held = self.temper.is_alone
        try:
            yield desk
        finally:
            desk.is_held = False

    def _is_ripe(self, desk: WorkQueue, now: float) -> bool:
        if desk.is_held:
            return False
        if desk.job is not None:
            return now >= desk.job.next_look
        gather = ROLES[desk.role].gather if self.temper.gathers else 0.0
        return desk.is_ripe(now, gather, self.temper.batch)

    def on_the_way(self) -> set[str]:
        """Return what writes under way are about: nobody knows yet whether they took effect."""
        return {one for desk in self.desks if ROLES[desk.role].is_write for one in desk.under_way}

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
