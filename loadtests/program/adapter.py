"""A copy that lives through the event and gets its tasks as lines, several at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import Empty, Queue
from typing import Any

from adsmock.harness.suite.drivers.line_process import InvalidReply, LineProcess, ProcessEnded
from adsmock.loadtests.program.copies import LONGEST_TASK, CopyDied, Note, Reply
from adsmock.loadtests.roles import Task

LOOK = 1.0
"""Seconds between two looks at a copy that is silent."""


class AdapterCopy:
    """One adapter. After its death the next task starts it again."""

    def __init__(
        self,
        start: Callable[[], LineProcess],
        shared: Mapping[str, Any],
        note: Note,
        longest: float = LONGEST_TASK,
    ) -> None:
        self._start = start
        self._shared = shared
        self._note = note
        self._longest = longest
        self._process: LineProcess | None = None
        self._waiting: dict[int, Queue[Reply | CopyDied]] = {}
        self._lock = threading.Lock()

    def run(self, task: Task) -> Reply:
        """Send the task and wait for its reply; see ``Copy``."""
        replies: Queue[Reply | CopyDied] = Queue()
        with self._lock:
            process = self._process or self._begin()
            number = process.ask(task.verb, task.args, **self._shared)
            self._waiting[number] = replies
        try:
            found = replies.get(timeout=self._longest)
        except Empty:
            found = CopyDied(f"no reply to {task.verb} within {self._longest:g} s")
            self._end(process, found)
        finally:
            self._waiting.pop(number, None)
        if isinstance(found, CopyDied):
            raise found
        return found

    def close(self) -> None:
        """End the program; its open tasks stay without a reply."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.end(0.0)

    def _begin(self) -> LineProcess:
        self._process = process = self._start()
        self._note("started", "")
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()
        return process

    def _listen(self, process: LineProcess) -> None:
        """Pass every reply to its task until the program ends."""
        while self._process is process:
            try:
                reply = process.hear(LOOK)
            except ProcessEnded as ended:
                said = process.said().strip().rpartition("\n")[2]
                reason = f"exit code {ended.code}" + (f": {said}" if said else "")
                return self._end(process, CopyDied(reason))
            except InvalidReply as problem:
                return self._end(process, CopyDied(str(problem)))
            with self._lock:  # a task is registered only after it was sent
                waiting = self._waiting.get(reply["id"]) if reply else None
            if reply and waiting:
                waiting.put(Reply(reply["status"], reply.get("done", 0), reply.get("error", "")))
        return None

    def _end(self, process: LineProcess, why: CopyDied) -> None:
        """End a program that died or must die, and tell all its tasks."""
        with self._lock:
            if self._process is not process:
                return
            self._process = None
            waiting, self._waiting = self._waiting, {}
        self._note("died", str(why))
        for replies in waiting.values():
            replies.put(why)
        with suppress(OSError):
            process.end(0.0)
