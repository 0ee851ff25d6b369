"""A clock shared by workers: every sleeper wakes at its due time, whatever the threads do."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adsmock.harness.client import clock as module
from adsmock.harness.client.clock import ScaledClock, SharedClock, SystemClock, speed_of


class Far:
    """A frozen clock elsewhere, which rounds a little down."""

    def __init__(self):
        self.now = 1_782_907_200.0
        self.moves = []

    def advance(self, seconds):
        self.moves.append(seconds)
        self.now += seconds - 1e-7
        return self.now


def play(plans):
    """Return for each worker the moments at which its sleeps ended, seconds after the start."""
    far = Far()
    clock = SharedClock(far.now, far.advance, len(plans))
    start = far.now

    def work(plan):
        woke = []
        for seconds in plan:
            clock.sleep(seconds)
            woke.append(clock.now() - start)
        clock.leave()
        return woke

    with ThreadPoolExecutor(len(plans)) as pool:
        return list(pool.map(work, plans)), far


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.integers(1, 50), max_size=5), min_size=1, max_size=6))
def test_every_sleeper_wakes_when_it_is_due(plans):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "STUCK_SECONDS", 60.0)  # a slow worker of a busy machine is not stuck
        woke, _ = play(plans)

    for plan, times in zip(plans, woke, strict=True):
        due = [sum(plan[: n + 1]) for n in range(len(plan))]
        assert times == pytest.approx(due, abs=1e-3)


def test_the_clock_moves_once_for_all_who_are_due_together():
    _, far = play([[5], [5], [5]])

    assert far.moves == [5]


def test_sleeping_for_nothing_waits_for_nobody():
    far = Far()
    SharedClock(far.now, far.advance, 2).sleep(0)

    assert far.moves == []


def test_a_worker_blocked_by_a_sleeper_does_not_stop_time(monkeypatch):
    monkeypatch.setattr(module, "STUCK_SECONDS", 0.05)
    far = Far()
    clock = SharedClock(far.now, far.advance, 2)
    lock, taken = Lock(), Event()

    def holder():
        with lock:
            taken.set()
            clock.sleep(3)
        clock.leave()

    def waiter():
        taken.wait()
        with lock:
            clock.sleep(2)
        clock.leave()

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(holder), pool.submit(waiter)]:
            each.result(timeout=300)

    assert far.moves == pytest.approx([3, 2], abs=1e-3)


class Machine(SystemClock):
    """A machine's clock that passes only when it is waited for."""

    def __init__(self):
        super().__init__()
        self.at = 100.0

    def now(self):
        return self.at

    def sleep(self, seconds):
        self.at += seconds


def test_scaled_clock_runs_and_waits_at_its_pace():
    machine = Machine()
    clock = ScaledClock(5000.0, 60, machine)

    clock.sleep(30.0)

    assert machine.at == pytest.approx(100.5)
    assert clock.now() == pytest.approx(5030.0)
    assert (speed_of(clock), speed_of(machine)) == (60, 1.0)


def test_a_call_in_progress_holds_the_clock_however_slow_the_machine_is(monkeypatch):
    monkeypatch.setattr(module, "STUCK_SECONDS", 0.02)
    far = Far()
    clock = SharedClock(far.now, far.advance, 2)
    moved, called = [], Event()

    def sleeper():
        called.wait()
        clock.sleep(3)
        clock.leave()

    def caller():
        with clock.calling():
            called.set()
            Event().wait(0.3)
            moved.extend(far.moves)
        clock.leave()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(sleeper), pool.submit(caller)]:
            future.result()

    assert (moved, far.moves) == ([], [3])
