"""The user that gives the work of its role to a copy of the program."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from adsmock.loadtests.counters import bucket
from adsmock.loadtests.program.copies import CopyDied, CopyPool, Reply
from adsmock.loadtests.roles import Role, TurnResult
from adsmock.loadtests.shared_state import SharedState
from adsmock.loadtests.work_queue import Result, WorkItem, WorkQueue

ReportTask = Callable[[str, float, Exception | None], None]
"""Reports a task to Locust: the role, milliseconds, and the error if there is one."""


class ProgramWorker:
    """Gives each batch of work to the program as one task, and takes its word for the result.

    The word is compared with the mock's store at the end of the run.
    """

    def __init__(self, pool: CopyPool, shared: SharedState, report_task: ReportTask) -> None:
        self._pool = pool
        self._shared = shared
        self._report_task = report_task
        self._unsupported: set[str] = set()

    def start_turn(self) -> None:
        """Do nothing: a copy needs no preparation."""

    def do(self, role: Role, queue: WorkQueue, most: int) -> TurnResult:
        """Give up to ``most`` items to a copy; leave them in the queue when none has room."""
        if role.name in self._unsupported:
            return _all(queue.take(most, lambda number: role.subject(queue.target, number)))
        with self._pool.room() as give:
            if give is None:
                return TurnResult()
            batch = queue.take(most, lambda number: role.subject(queue.target, number))
            if not batch:
                return TurnResult()
            began = self._shared.clock.now()
            try:
                reply = give(role.task(queue.target, [number for number, _at in batch]))
            except CopyDied as died:
                self._note(role, began, died)
                return _unsure(role, queue, batch, ["again"] * len(batch))
        failed = reply.status in {"partial", "failed"}
        self._note(role, began, RuntimeError(reply.error or reply.status) if failed else None)
        return self._result(role, queue, batch, reply)

    def _note(self, role: Role, began: float, error: Exception | None) -> None:
        took = (self._shared.clock.now() - began) * 1000
        self._shared.counters.add("task", role.name, bucket(took))
        if error is not None and not isinstance(error, CopyDied):
            self._shared.counters.add("error", role.name, str(error)[:200])
        self._report_task(role.name, took, error)

    def _result(
        self, role: Role, queue: WorkQueue, batch: Sequence[WorkItem], reply: Reply
    ) -> TurnResult:
        if reply.status == "unsupported":
            self._unsupported.add(role.name)
            return _all(batch)
        done = len(batch) if reply.status == "done" else _done(role, len(batch), reply)
        results: list[Result] = ["done"] * done
        results += ["refused"] * (len(batch) - done)
        if reply.status != "done":
            return _unsure(role, queue, batch, results)
        numbers = [number for number, _at in batch]
        return TurnResult(
            batch,
            results,
            bids=role.bids(queue.target, numbers),
            built=role.built(queue.target, numbers),
        )


def _all(batch: Sequence[WorkItem]) -> TurnResult:
    """Return the result of work that the program does not do."""
    return TurnResult(batch, ["unsupported"] * len(batch))


def _unsure(
    role: Role, queue: WorkQueue, batch: Sequence[WorkItem], results: Sequence[Result]
) -> TurnResult:
    """Return results of items of which nobody knows which took effect: their bids are unknown."""
    numbers = [number for number, _at in batch]
    return TurnResult(batch, results, bids=dict.fromkeys(role.bids(queue.target, numbers)))


def _done(role: Role, items: int, reply: Reply) -> int:
    """Return how many items a partly failed task did; its reply counts entities."""
    if reply.status == "failed":
        return 0
    return min(items - 1, reply.done // max(1, sum(role.entities.values())))
