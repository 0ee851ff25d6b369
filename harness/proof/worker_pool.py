"""Many rows at once: worker processes, each with a mock of its own.

A row keeps one core busy and a mock serves one row at a time, so that traffic which belongs to
nobody can only be that row's. Knows processes. Must not know what a row is made of.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from multiprocessing import active_children, get_context

from adsmock.harness.proof.clients import Player
from adsmock.harness.proof.matrix_row import MatrixRow, play
from adsmock.harness.suite.control import Server, ServerError

Told = Callable[[MatrixRow], None]
"""Told each row as soon as it is there, in whatever order they come."""


def play_all(
    players: Sequence[Player], names: tuple[str, ...], seeds: Sequence[int], jobs: int, told: Told
) -> list[MatrixRow]:
    """Return the rows of all players in their order, one for each seed.

    Raises:
        ServerError: a mock did not start, or a worker ended in the middle of a row.
        PlaneError: a mock ended.
    """
    turns = [(player, seed) for player in players for seed in seeds]
    queue, rows = deque(turns), dict[tuple[Player, int], MatrixRow]()
    running: dict[Future[MatrixRow], str] = {}
    with ExitStack() as stack:
        jobs = max(1, min(jobs, len(turns)))
        free = [stack.enter_context(Server.started()).control for _ in range(jobs)]
        pool = stack.enter_context(_workers(jobs))
        while queue or running:
            while queue and free:
                control = free.pop()
                player, seed = queue.popleft()
                running[pool.submit(play, player, names, seed, control)] = control
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                free.append(running.pop(future))
                row = _result(future)
                rows[row.player, row.seed] = row
                told(row)
    return [rows[turn] for turn in turns]


def _result(future: Future[MatrixRow]) -> MatrixRow:
    try:
        return future.result()
    except BrokenProcessPool:
        raise ServerError("a worker ended in the middle of a row") from None


@contextmanager
def _workers(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Give processes that leave ^C to this one, and that end with it however it ends."""
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_leave_interrupts)
    try:
        _start(pool, jobs)
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in active_children():
            child.terminate()
        raise
    finally:
        pool.shutdown()


def _start(pool: ProcessPoolExecutor, jobs: int) -> None:
    """Have the processes there, deaf to ^C from their first moment on.

    A pool starts one for each thing to do while none is idle, and none is before all have begun.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        for _ in range(jobs):
            pool.submit(int)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
