"""Any program in any language as the client: a task file, an environment, an exit.

Knows processes. Must not know cases, checks or what the program does.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import IO, Any

from adsmock.cli import child_environment
from adsmock.harness.suite.case_setup import CaseSetup, ClockMode
from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.journal import Ending

PARALLEL = 6
"""Programs mostly wait; six at once keep a machine of two cores responsive."""

TAIL_BYTES = 4000

GRACE_SECONDS = 3.0
"""From asking a program to end to ending it."""

LOOK_SECONDS = 0.25
"""How long an interrupted run may still wait for a program."""


class CommandDriver:
    """Plays a case by running a shell command; the end of its process ends the case."""

    kind = "command"
    clock: ClockMode = "real"
    parallel = PARALLEL

    def __init__(self, command: str, timeout: float, control: str) -> None:
        self.name = command.strip().partition(" ")[0]
        self.command: str | None = command
        self._line = command
        self._timeout = timeout
        self._control = control
        self._stopped = Event()

    def play(self, stage: CaseSetup, plane: Plane) -> Ending:
        """Run the program, with a group of its own so that its children end with it.

        Once, unless the case is about being killed: then it is started again beside what it kept.
        """
        with (
            tempfile.TemporaryDirectory(prefix="adsmock-") as folder,
            tempfile.TemporaryFile() as output,
        ):
            path = Path(folder) / "task.json"
            path.write_text(json.dumps(stage.task, indent=1), "utf-8")
            watch = Watch(stage, plane)
            process = self._start(stage, path, output)
            timed_out = self._await(process, max(self._timeout, stage.case.timeout), watch)
            if watch.is_hit:
                watch.note()
                process = self._start(stage, path, output)
                timed_out = self._await(process, max(self._timeout, stage.case.timeout), watch)
            said = redact(tail(output), stage)
            return Ending(
                exit_code=process.returncode,
                timed_out=timed_out,
                output=said,
                restarts=watch.restarts,
            )

    def _start(self, stage: CaseSetup, path: Path, output: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S602 -- the user gives a command line of their own
            self._line,
            shell=True,
            env=os.environ | environment(stage, path, self._control),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def stop(self) -> None:
        """End every running program, at the next look at it."""
        self._stopped.set()

    def close(self) -> None:
        """Keep nothing: each program ended with its case."""

    def _await(self, process: subprocess.Popen[bytes], left: float, watch: Watch) -> bool:
        """Wait for the end; return whether it had to be forced. No child outlives the case.

        A client that is to be restarted is killed without a warning.
        """
        try:
            while left > 0 and not self._stopped.is_set():
                if watch.is_due():
                    return False
                step = min(LOOK_SECONDS, left)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(step)
                    return False
                left -= step
            signal_group(process, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE_SECONDS)
            return True
        finally:
            signal_group(process, signal.SIGKILL)
            process.wait()


class Watch:
    """Looks into the journal for the moment at which the client of a case is to be killed."""

    def __init__(self, stage: CaseSetup, plane: Plane) -> None:
        self._restart = stage.case.restart
        self._sandbox = stage.sandbox
        self._plane = plane
        self.restarts: tuple[int, ...] = ()
        self.is_hit = False

    def is_due(self) -> bool:
        """Say whether the client is to be killed now: once in a case, if the case says so."""
        if self._restart is None or self.is_hit:
            return False
        rows, _ = self._plane.journal(self._sandbox)
        seen = sum(1 for row in rows if row["operation"] == self._restart.after)
        self.is_hit = seen >= self._restart.count
        return self.is_hit

    def note(self) -> None:
        """Note up to which entry the client that was killed had come."""
        rows, _ = self._plane.journal(self._sandbox)
        self.restarts = (max(int(row["seq"]) for row in rows),)


def environment(stage: CaseSetup, path: Path, control: str) -> dict[str, str]:
    """Return the variables a program is given: where to work, as whom, and its task file."""
    named = {
        "ADSMOCK_TASK": str(path),
        "ADSMOCK_CASE": str(stage.task["case"]),
        "ADSMOCK_STATE": str(path.parent),
    }
    return named | access(stage.task, stage.sandbox, control)


def access(task: Mapping[str, Any], sandbox: str, control: str) -> dict[str, str]:
    """Return the variables that say where to work and as whom."""
    variables = {
        "ADSMOCK_CONTROL": control,
        "ADSMOCK_SANDBOX": sandbox,
        "CLIENT_ID": task["credentials"]["clientId"],
        "CLIENT_SECRET": task["credentials"]["clientSecret"],
        "REFRESH_TOKEN": task["credentials"]["refreshToken"],
        "PROFILE_ID": task["profiles"][0]["profileId"],
    }
    for region, bases in task["regions"].items():
        variables[f"ADS_{region}"] = bases["ads"]
        variables[f"LWA_{region}"] = bases["lwa"]
    for profile in reversed(task["profiles"]):  # the first of each region is written last
        variables[f"PROFILE_ID_{profile['region']}"] = profile["profileId"]
    variables |= trust_variables(task)
    return {key: str(value) for key, value in variables.items()}


def trust_variables(task: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables that name the task's certificate and proxy, empty without them."""
    if "proxy" in task:
        return child_environment.environment(task["proxy"], Path(task["caBundle"]), os.environ)
    if "caBundle" in task:
        return child_environment.trust(Path(task["caBundle"]))
    return {}


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to a program and its children; one that ended already hears nothing."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def tail(output: IO[bytes]) -> str:
    """Return the end of what a program printed."""
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - TAIL_BYTES))
    return output.read().decode("utf-8", "replace")


def redact(text: str, stage: CaseSetup) -> str:
    """Return the text without the secrets the program was given."""
    for name in ("clientSecret", "refreshToken"):
        text = text.replace(str(stage.task["credentials"][name]), f"<{name}>")
    return text
