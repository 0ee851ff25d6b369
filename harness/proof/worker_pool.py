"""Many matrix rows in parallel: worker processes, each with its own mock.

A row keeps one core busy, and a mock serves one row at a time, so that unattributed calls can only
be those of that row.
"""

from __future__ import annotations

import gc
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from multiprocessing import active_children, get_context

from adsmock.harness.proof.clients import ProofClient
from adsmock.harness.proof.matrix_row import MatrixRow, play
from adsmock.harness.suite.control import Server, ServerError

GC_THRESHOLDS = 50_000, 20, 20
"""A row has many objects and few cycles: with Python's 700 it looks for them for 0.3 s."""

Progress = Callable[[MatrixRow], None]
"""Called with each row when it is complete, in any order."""


def play_all(
    clients: Sequence[ProofClient],
    names: tuple[str, ...],
    seeds: Sequence[int],
    jobs: int,
    on_row: Progress,
) -> list[MatrixRow]:
    """Return the rows of all clients in order, one per seed.

    Raises:
        ServerError: a mock did not start, or a worker ended in the middle of a row.
        PlaneError: a mock ended.
    """
    turns = [(client, seed) for client in clients for seed in seeds]
    queue, rows = deque(turns), dict[tuple[ProofClient, int], MatrixRow]()
    running: dict[Future[MatrixRow], str] = {}
    with ExitStack() as stack:
        jobs = max(1, min(jobs, len(turns)))
        free = [stack.enter_context(Server.started()).control for _ in range(jobs)]
        pool = stack.enter_context(_workers(jobs))
        while queue or running:
            while queue and free:
                control = free.pop()
                client, seed = queue.popleft()
                running[pool.submit(play, client, names, seed, control)] = control
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                free.append(running.pop(future))
                row = _result(future)
                rows[row.client, row.seed] = row
                on_row(row)
    return [rows[turn] for turn in turns]


def _result(future: Future[MatrixRow]) -> MatrixRow:
    try:
        return future.result()
    except BrokenProcessPool:
        raise ServerError("a worker process ended in the middle of a row: run it again") from None


@contextmanager
def _workers(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Yield processes that ignore ^C, and that end with this process in any case."""
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_prepare)
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
    """Start the processes with SIGINT blocked, so that ^C never reaches them.

    A pool starts one process per submitted call while none is idle.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        for _ in range(jobs):
            pool.submit(int)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare() -> None:
    """Ignore ^C in this worker, and look less often for garbage."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
