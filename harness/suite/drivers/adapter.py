"""A long-lived program as the client: it gets task by task and reports the result of each.

What it reports is a claim, which the judge compares with the journal.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, Queue
from threading import Event
from typing import Any

from adsmock.harness.suite.case_setup import CaseSetup, ClockMode
from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.drivers.command import LOOK_SECONDS, trust_variables
from adsmock.harness.suite.drivers.days import pause_of
from adsmock.harness.suite.drivers.line_process import InvalidReply, LineProcess, ProcessEnded
from adsmock.harness.suite.drivers.redaction import redact_ending
from adsmock.harness.suite.journal import Ending

PARALLEL = 8
"""Programs at once. Each runs one case at a time, so that it need not distinguish cases."""

RESTARTS = 3
"""Limit of restarts, so that a program that dies at every task does not start 500 times."""

TASKS_NAMED = 3
"""Tasks that an error names; the others are counted."""


@dataclass(slots=True)
class _Dialog:
    """The dialog about one case: tasks left, claims received, errors."""

    setup: CaseSetup
    left: float
    waiting: deque[tuple[int, dict[str, Any]]]
    claims: dict[int, dict[str, Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    endings: dict[str, list[int]] = field(default_factory=dict)
    """How the program ended, each with the numbers of the open tasks."""
    code: int | None = None
    timed_out: bool = False

    @property
    def pause(self) -> float:
        """The seconds that the suite passes in place of the next task."""
        return pause_of(self.setup, self.waiting[0][1]) if self.waiting else 0.0

    @property
    def is_over(self) -> bool:
        """Say whether no task is left."""
        return self.timed_out or not self.waiting


class AdapterDriver:
    """Runs a case by a program that outlives it; when it dies, a new one is started.

    Args:
        command: the shell command.
        timeout: the seconds that a case may take; a slow case has more.
        is_strict: whether ``timeout`` limits slow cases, too.
    """

    kind = "adapter"
    clock: ClockMode = "real"
    parallel = PARALLEL

    def __init__(self, command: str, timeout: float, *, is_strict: bool = False) -> None:
        self.name = command.strip().partition(" ")[0]
        self.command: str | None = command
        self._line = command
        self._timeout = timeout
        self._is_strict = is_strict
        self._idle: Queue[LineProcess] = Queue()
        self._stopped = Event()

    def play(self, setup: CaseSetup, plane: Plane) -> Ending:
        """Send every task; a program that dies loses its current tasks, not the others."""
        limit = setup.case.time_limit(self._timeout, is_strict=self._is_strict)
        dialog = _Dialog(setup, limit, deque(enumerate(setup.task["tasks"])))
        said = ""
        for _ in range(1 + RESTARTS):
            # A program reads these variables at its start, so it runs this case only.
            variables = trust_variables(setup.task)
            pipe = LineProcess(self._line, variables) if variables else self._take()
            sound = self._converse(pipe, dialog, plane)
            said += pipe.said()
            if sound and variables:
                pipe.end()
            elif sound:
                self._idle.put(pipe)
            else:
                pipe.end(0.0)
            if dialog.is_over or self._stopped.is_set():
                break
        return redact_ending(_ending(dialog, said, limit), setup)

    def stop(self) -> None:
        """End every dialog at the next reply or timeout."""
        self._stopped.set()

    def close(self) -> None:
        """Shut the idle programs down."""
        with suppress(Empty):
            while True:
                self._idle.get_nowait().end()

    def _take(self) -> LineProcess:
        """Return an idle program, else a new one."""
        with suppress(Empty):
            while True:
                pipe = self._idle.get_nowait()
                if pipe.is_alive:
                    return pipe
        return LineProcess(self._line)

    def _converse(self, pipe: LineProcess, dialog: _Dialog, plane: Plane) -> bool:
        """Send tasks and read replies until all are done; return whether it is reusable."""
        width = int(dialog.setup.task.get("workers", 1))
        asked: dict[int, int] = {}
        try:
            while (dialog.waiting or asked) and not self._stopped.is_set():
                if dialog.pause and not asked:
                    plane.advance(dialog.setup.sandbox, dialog.pause)
                    dialog.waiting.popleft()
                while dialog.waiting and not dialog.pause and len(asked) < width:
                    number, task = dialog.waiting.popleft()
                    asked[_ask(pipe, task, dialog.setup.task)] = number
                _hear(pipe, dialog, asked)
                if dialog.left <= 0:
                    dialog.timed_out = True
                    return False
        except ProcessEnded as end:
            dialog.code = end.code
            dialog.endings.setdefault(str(end), []).extend(asked.values())
            return False
        except InvalidReply as problem:
            dialog.problems.append(str(problem))
            return False
        return not asked


def _ask(pipe: LineProcess, task: dict[str, Any], whole: dict[str, Any]) -> int:
    shared = {name: whole[name] for name in SHARED if name in whole}
    return pipe.ask(task["verb"], task["args"], **shared)


def _hear(pipe: LineProcess, dialog: _Dialog, asked: dict[int, int]) -> None:
    """Record the next reply with its task, or the time that passed without one."""
    reply = pipe.hear(min(LOOK_SECONDS, dialog.left))
    if reply is None:
        dialog.left -= LOOK_SECONDS
        return
    number = asked.pop(reply.pop("id"), None)
    if number is None:
        raise InvalidReply(
            "the adapter answered a request id that was not open: answer each id once"
        )
    verb = dialog.setup.task["tasks"][number]["verb"]
    dialog.claims[number] = {"task": number, "verb": verb, **reply}


def _errors(dialog: _Dialog) -> list[str]:
    """Return the errors of a dialog, equal endings of the program as one."""
    return [f"{end} at task {_numbers(tasks)}" for end, tasks in dialog.endings.items()] + (
        dialog.problems
    )


def _numbers(tasks: Sequence[int]) -> str:
    """Return task numbers counted from 1, the first few of many."""
    numbers = sorted({number + 1 for number in tasks})
    shown = ", ".join(map(str, numbers[:TASKS_NAMED])) or "none"
    return shown + (f" and {len(numbers) - TASKS_NAMED} more" if numbers[TASKS_NAMED:] else "")


def _ending(dialog: _Dialog, said: str, limit: float) -> Ending:
    claims = tuple(claim for _, claim in sorted(dialog.claims.items()))
    failed = next((claim["error"] for claim in claims if claim.get("error")), None)
    return Ending(
        exit_code=dialog.code,
        timed_out=dialog.timed_out,
        stopped_after=limit if dialog.timed_out else None,
        output=said,
        error="; ".join(_errors(dialog)) or failed,
        claims=claims,
    )


SHARED = ("case", "seed", "regions", "profiles", "proxy", "caBundle", "credentials", "aws")
"""Members of the task file that every request repeats, if the case has them."""
