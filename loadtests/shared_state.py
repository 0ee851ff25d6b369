"""What the workers of one integration share: queues, tokens, paces and counters.

An integration is one client to the service, however many workers it has. Clock and draw are
arguments; callers send the HTTP calls.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from adsmock.loadtests.behavior import Behavior, behaviors
from adsmock.loadtests.counters import Counters, bucket
from adsmock.loadtests.pace import Pace
from adsmock.loadtests.partition import partition
from adsmock.loadtests.plan import RehearsalPlan
from adsmock.loadtests.planned_work import PlannedWork
from adsmock.loadtests.roles import ROLES, Role, Worker
from adsmock.loadtests.work_queue import StoredQueue, WorkQueue

if TYPE_CHECKING:
    from adsmock.harness.client.clock import SystemClock
    from adsmock.harness.client.random_source import RandomSource

EARLY = 60.0
"""Seconds before its expiry at which a token is replaced."""

PATIENCE = 1.0
"""Seconds a worker waits for its slot; a longer wait is left to the next turn."""

LATE = 2.0
"""How long an item may wait, as a multiple of the role's gather time. The minimum number of calls
and the work that is due at the end are calculated with it."""

Grant = Callable[[str], tuple[str, float]]
"""Fetches a token for a region: the token (empty when refused) and its lifetime in seconds."""


def window_of(role: Role, elapsed: float) -> int:
    """Return the number of the time window in which items share calls."""
    return int(max(0.0, elapsed) / (LATE * role.gather))


class SharedState:
    """The state of one process of an integration, the ``index``-th of ``of`` processes."""

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
        self.behavior: Behavior = behaviors()[plan.behavior]
        self.counters = Counters()
        self.partition = partition(plan.targets, index, of)
        self.index = index
        self.began = clock.now() - plan.offset
        at, step = self.partition.place, self.partition.sharers
        self.queues = [
            WorkQueue(role, target, at, step) for role in ROLES for target in self.partition.targets
        ]
        self.paces: dict[tuple[str, str], Pace] = defaultdict(Pace)
        self._quota_locks: dict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)
        self._tokens: dict[str, tuple[str, float]] = {}
        self._granting: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._fed = clock.now()
        self._sampled = -1
        self._workers: dict[str, int] = defaultdict(int)
        self._restore(plan.queues)
        self._runs: dict[int, float] = defaultdict(float)
        self._turns: dict[int, int] = defaultdict(int)
        self._profiles = Counter(target.group for target in plan.targets)

    def _restore(self, queues: Sequence[StoredQueue]) -> None:
        """Continue with the work that a stopped run left to this process."""
        now = self.clock.now()
        left = {(each.role, each.profile_id): each for each in queues if each.process == self.index}
        for queue in self.queues:
            stored = left.get((queue.role, queue.target.profile_id))
            if stored is not None:
                queue.restore(stored, now)

    def stored(self) -> list[StoredQueue]:
        """Return the queues for a run that continues this one."""
        now = self.clock.now()
        return [queue.stored(self.index, now) for queue in self.queues]

    def second(self) -> int:
        """Return the whole seconds since the start, rounded down to the plan's interval."""
        passed = int(self.clock.now() - self.began)
        return passed - passed % self.plan.interval

    def add_arrivals(self) -> None:
        """Add the work that arrived since the last call, by the shape of the event."""
        now = self.clock.now()
        passed, self._fed = now - self._fed, now
        progress = (now - self.began) / self.plan.duration
        if progress >= 1.0:
            return
        if self.plan.planned is not None:
            self._add_planned(self.plan.planned, progress, passed, now)
            return
        for queue in self.queues:
            region, role = queue.target.region, ROLES[queue.role]
            load = self.plan.event.level(region, progress) * self.plan.users
            shares = len([each for each in self.plan.targets if each.region == region])
            share = 1.0 / (len(self.plan.regions) * shares * self.partition.sharers)
            came = queue.arrive(load * share * role.rate * passed, now)
            if came:
                self._count(queue, came, now)

    def _add_planned(self, work: PlannedWork, progress: float, passed: float, now: float) -> None:
        """Add the runs of a partner's plan; the profiles of a group take turns."""
        before = progress - passed / self.plan.duration
        for number, each in enumerate(work.arrivals):
            mine = [
                queue
                for queue in self.queues
                if queue.role == each.role and queue.target.group == each.group
            ]
            if not mine:
                continue
            share = len(mine) / self._profiles[each.group] / self.partition.sharers
            self._runs[number] += work.rate(each, before, progress) * share * passed
            while self._runs[number] >= 1.0:
                self._runs[number] -= 1.0
                queue = mine[self._turns[number] % len(mine)]
                self._turns[number] += 1
                queue.arrive_at_once(each.items, now)
                self._count(queue, each.items, now)

    def _count(self, queue: WorkQueue, came: int, now: float) -> None:
        role, profile = queue.role, queue.target.profile_id
        self.counters.add("work", role, "arrived", times=came)
        self.counters.add("demand", self.second(), queue.target.region, times=came)
        self.counters.add("came", self.second(), role, times=came)
        window = window_of(ROLES[role], now - self.began)
        self.counters.add("window", role, profile, window, times=came)

    def sample(self) -> None:
        """Count waiting items and jobs, once per interval."""
        if self.second() == self._sampled:
            return
        self._sampled = self.second()
        for queue in self.queues:
            waits = len(queue.waiting) + len(queue.in_progress)
            self.counters.add("wait", self.second(), queue.target.region, times=waits)
            jobs = int(queue.job is not None)
            self.counters.add("jobs", self.second(), queue.target.region, times=jobs)

    def assign_role(self) -> str:
        """Return the role of a new worker: the one with the fewest workers."""
        role = min(ROLES, key=lambda name: self._workers[name])
        self._workers[role] += 1
        return role

    def release_role(self, role: str) -> None:
        """Remove a worker from a role."""
        self._workers[role] -= 1

    def work(self, name: str, worker: Worker) -> None:
        """Do one turn of a role: serve as many queues as the behavior says."""
        worker.start_turn()
        for _each in range(self.behavior.repeats):
            with self._queue_for(name) as queue:
                if queue is None:
                    return
                self._work_at(queue, ROLES[name], worker)

    def _work_at(self, queue: WorkQueue, role: Role, worker: Worker) -> None:
        turn = worker.do(role, queue, self.behavior.batch)
        queue.finish(turn.items, turn.results, lambda number: role.subject(queue.target, number))
        self.counters.note(queue.target.profile_id, turn.made, turn.bids, turn.built)
        now = self.clock.now()
        for (_number, at), result in zip(turn.items, turn.results, strict=True):
            if result == "again":
                continue
            self.counters.add("work", role.name, result)
            if result != "unsupported":
                self.counters.add("aged", role.name, bucket((now - at) * 1000))

    @contextmanager
    def _queue_for(self, role: str) -> Iterator[WorkQueue | None]:
        """Yield the role's queue in which work has waited longest; None when no queue is due."""
        now = self.clock.now()
        due = [queue for queue in self.queues if queue.role == role and self._is_due(queue, now)]
        if not due:
            yield None
            return
        queue = max(due, key=lambda each: each.age(now))
        queue.is_held = self.behavior.is_alone
        try:
            yield queue
        finally:
            queue.is_held = False

    def _is_due(self, queue: WorkQueue, now: float) -> bool:
        if queue.is_held:
            return False
        if queue.job is not None:
            return now >= queue.job.next_look
        gather = ROLES[queue.role].gather if self.behavior.gathers else 0.0
        return queue.is_due(now, gather, self.behavior.batch)

    def unfinished_writes(self) -> set[str]:
        """Return the subjects of unfinished writes, which may or may not have taken effect."""
        return {
            each
            for queue in self.queues
            if ROLES[queue.role].is_write
            for each in queue.in_progress
        }

    def token(self, region: str, grant: Grant) -> str:
        """Return the region's token, which all workers share; renew it before it expires."""
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
        """Yield the quota's pace when this worker may call now, else None.

        One worker at a time waits for a quota. The others continue with other work, because the
        next worker of that quota takes their items too.
        """
        key = (region, quota)
        lock = self._quota_locks[key]
        if not lock.acquire(blocking=False):
            yield None
            return
        try:
            yield self._take_slot(self.paces[key])
        finally:
            lock.release()

    def _take_slot(self, pace: Pace) -> Pace | None:
        seconds = pace.wait(self.clock.now())
        if seconds > PATIENCE:
            return None
        self.clock.sleep(seconds)
        pace.take(self.clock.now())
        return pace
