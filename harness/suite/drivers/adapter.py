"""A long-lived program as the client: it is asked task by task and says what became of each.

Knows the conversation and how to go on when the program dies. Must not know checks, or whether
what the program says is true.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, Queue
from threading import Event
from typing import Any

from adsmock.harness.suite.case_setup import CaseSetup, ClockMode
from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.drivers.command import LOOK_SECONDS, redact, trust_variables
from adsmock.harness.suite.drivers.line_process import Ended, Garbled, Pipe
from adsmock.harness.suite.journal import Ending

PARALLEL = 8
"""Programs at once. Each works at one case at a time, so that it need not tell cases apart."""

RESTARTS = 3
"""A program that dies at every task shall not be started for each of five hundred."""


@dataclass(slots=True)
class _Talk:
    """The conversation about one case: what is still to ask, what was heard, what went wrong."""

    stage: CaseSetup
    left: float
    waiting: deque[tuple[int, dict[str, Any]]]
    claims: dict[int, dict[str, Any]] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    code: int | None = None
    timed_out: bool = False

    @property
    def is_over(self) -> bool:
        """Say whether nothing more is to be asked."""
        return self.timed_out or not self.waiting


class AdapterDriver:
    """Plays a case by asking a program that outlives it; a new one is started when it dies."""

    kind = "adapter"
    clock: ClockMode = "real"
    parallel = PARALLEL

    def __init__(self, command: str, timeout: float) -> None:
        self.name = command.strip().partition(" ")[0]
        self.command: str | None = command
        self._line = command
        self._timeout = timeout
        self._idle: Queue[Pipe] = Queue()
        self._stopped = Event()

    def play(self, stage: CaseSetup, plane: Plane) -> Ending:  # noqa: ARG002 -- the form of a driver
        """Ask for every task; a program that dies costs the tasks it was at, not the others."""
        talk = _Talk(
            stage, max(self._timeout, stage.case.timeout), deque(enumerate(stage.task["tasks"]))
        )
        said = ""
        for _ in range(1 + RESTARTS):
            # A program reads these variables at its start, so it serves this case only.
            variables = trust_variables(stage.task)
            pipe = Pipe(self._line, variables) if variables else self._take()
            sound = self._converse(pipe, talk)
            said += pipe.said()
            if sound and variables:
                pipe.end()
            elif sound:
                self._idle.put(pipe)
            else:
                pipe.end(0.0)
            if talk.is_over or self._stopped.is_set():
                break
        return _ending(talk, redact(said, stage))

    def stop(self) -> None:
        """End every conversation at the next look at it."""
        self._stopped.set()

    def close(self) -> None:
        """Ask the idle programs to shut down."""
        with suppress(Empty):
            while True:
                self._idle.get_nowait().end()

    def _take(self) -> Pipe:
        """Return a program that waits for work: an idle one, else a new one."""
        with suppress(Empty):
            while True:
                pipe = self._idle.get_nowait()
                if pipe.is_alive:
                    return pipe
        return Pipe(self._line)

    def _converse(self, pipe: Pipe, talk: _Talk) -> bool:
        """Ask and listen until all is answered; return whether the program may be used again."""
        width = int(talk.stage.task.get("workers", 1))
        asked: dict[int, int] = {}
        try:
            while (talk.waiting or asked) and not self._stopped.is_set():
                while talk.waiting and len(asked) < width:
                    number, task = talk.waiting.popleft()
                    asked[_ask(pipe, task, talk.stage.task)] = number
                _hear(pipe, talk, asked)
                if talk.left <= 0:
                    talk.timed_out = True
                    return False
        except Ended as end:
            talk.code = end.code
            talk.troubles.append(f"{end} at task {_numbers(asked)}")
            return False
        except Garbled as problem:
            talk.troubles.append(str(problem))
            return False
        return not asked


def _ask(pipe: Pipe, task: dict[str, Any], whole: dict[str, Any]) -> int:
    shared = {name: whole[name] for name in SHARED if name in whole}
    return pipe.ask(task["verb"], task["args"], **shared)


def _hear(pipe: Pipe, talk: _Talk, asked: dict[int, int]) -> None:
    """Note the next reply beside its task, or that time has passed without one."""
    reply = pipe.hear(min(LOOK_SECONDS, talk.left))
    if reply is None:
        talk.left -= LOOK_SECONDS
        return
    number = asked.pop(reply.pop("id"), None)
    if number is None:
        raise Garbled("the adapter answered a request that was not open")
    verb = talk.stage.task["tasks"][number]["verb"]
    talk.claims[number] = {"task": number, "verb": verb, **reply}


def _numbers(asked: dict[int, int]) -> str:
    return ", ".join(str(number + 1) for number in asked.values()) or "none"


def _ending(talk: _Talk, said: str) -> Ending:
    claims = tuple(claim for _, claim in sorted(talk.claims.items()))
    failed = next((claim["error"] for claim in claims if claim.get("error")), None)
    return Ending(
        exit_code=talk.code,
        timed_out=talk.timed_out,
        output=said,
        error="; ".join(talk.troubles) or failed,
        claims=claims,
    )


SHARED = ("case", "seed", "regions", "profiles", "proxy", "caBundle", "credentials")
"""Members of the task file that every request repeats, each where the case has it."""
