"""A copy that is started once for each task, with a task file; exit code 0 says that it is done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from adsmock.harness.suite.drivers.command import access, signal_group, tail
from adsmock.loadtests.program.copies import LONGEST_TASK, CopyDied, Note, Reply
from adsmock.loadtests.program.exit_code import death
from adsmock.loadtests.roles import Task


class CommandCopy:
    """Starts the program for a task, one task at a time."""

    def __init__(
        self,
        command: str,
        shared: Mapping[str, Any],
        places: tuple[str, str],
        note: Note,
        longest: float = LONGEST_TASK,
    ) -> None:
        self._command = command
        self._shared = shared
        self._control, self._sandbox = places
        self._note = note
        self._longest = longest
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = threading.Event()

    def run(self, task: Task) -> Reply:
        """Run the program to its end; see ``Copy``."""
        with (
            tempfile.TemporaryDirectory(prefix="adsmock-") as folder,
            tempfile.TemporaryFile() as output,
        ):
            path = Path(folder) / "task.json"
            whole = {**self._shared, "tasks": [{"verb": task.verb, "args": task.args}]}
            path.write_text(json.dumps(whole), "utf-8")
            variables = access(whole, self._sandbox, self._control) | {
                "ADSMOCK_TASK": str(path),
                "ADSMOCK_CASE": str(whole["case"]),
                "ADSMOCK_STATE": folder,
            }
            self._note("started", "")
            self._process = subprocess.Popen(  # noqa: S602 -- the user gives a command line
                self._command,
                shell=True,
                env=os.environ | variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            code = self._await(self._process)
            said = tail(output).strip().rpartition("\n")[2]
        if code is None:
            raise self._died(f"no end of {task.verb} within {self._longest:g} s")
        if reason := death(code):
            raise self._died(reason + (f": {said}" if said else ""))
        return Reply("done", done=0) if code == 0 else Reply("failed", error=said)

    def close(self) -> None:
        """End the running program."""
        self._is_closed.set()
        if self._process is not None:
            signal_group(self._process, signal.SIGTERM)

    def _await(self, process: subprocess.Popen[bytes]) -> int | None:
        """Return the exit code; None when the program took too long. No child outlives it."""
        try:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(self._longest)
            return None
        finally:
            signal_group(process, signal.SIGKILL)
            process.wait()

    def _died(self, reason: str) -> CopyDied:
        if not self._is_closed.is_set():
            self._note("died", reason)
        return CopyDied(reason)
