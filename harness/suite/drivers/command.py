"""Any program in any language as the client: a task file, environment variables, an exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from threading import Event
from typing import IO, Any

from adsmock.cli import child_environment
from adsmock.harness.suite.case_setup import CaseSetup, ClockMode
from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.drivers.days import days_of
from adsmock.harness.suite.drivers.network_guard import network_guard
from adsmock.harness.suite.drivers.redaction import LONGEST_SECRET, TAIL_BYTES, redact_ending
from adsmock.harness.suite.journal import Ending

PARALLEL = 6
"""Programs mostly wait; six at once keep a machine of two cores responsive."""

GRACE_SECONDS = 3.0
"""Seconds from SIGTERM to SIGKILL."""

SUMS_FILE = "stream-sums.json"
"""The file in ``$ADSMOCK_STATE`` in which a program reports the sums of ``consume_stream``."""

STREAM = "consume_stream"

LOOK_SECONDS = 0.25
"""Seconds between two looks at a running program."""


class CommandDriver:
    """Runs a case by a shell command; the end of its process ends the case.

    Args:
        command: the shell command.
        timeout: the seconds that a case may take; a slow case has more.
        control: the address of the control plane.
        is_strict: whether ``timeout`` limits slow cases, too.
    """

    kind = "command"
    clock: ClockMode = "real"
    parallel = PARALLEL

    def __init__(
        self, command: str, timeout: float, control: str, *, is_strict: bool = False
    ) -> None:
        self.name = command.strip().partition(" ")[0]
        self.command: str | None = command
        self._line = command
        self._timeout = timeout
        self._is_strict = is_strict
        self._control = control
        self._stopped = Event()

    def play(self, setup: CaseSetup, plane: Plane) -> Ending:
        """Run the program in its own process group, so that its children end with it.

        A case with a restart kills it and starts it again with its stored state. In a case over
        several days it is started once for each day.
        """
        with (
            tempfile.TemporaryDirectory(prefix="adsmock-") as folder,
            tempfile.TemporaryFile() as output,
        ):
            path = Path(folder) / "task.json"
            watch = Watch(setup, plane)
            limit = setup.case.time_limit(self._timeout, is_strict=self._is_strict)
            codes: list[int] = []
            timed_out = False
            for day in days_of(setup):
                task = setup.task | {"tasks": day.tasks}
                path.write_text(json.dumps(task, indent=1), "utf-8")
                code, timed_out = self._run(setup, path, output, watch, limit)
                codes.append(code)
                if timed_out or self._stopped.is_set():
                    break
                if day.pause:
                    plane.advance(setup.sandbox, day.pause)
            ending = Ending(
                exit_code=next(filter(None, codes), 0),
                timed_out=timed_out,
                stopped_after=limit if timed_out and not self._stopped.is_set() else None,
                output=tail(output),
                claims=stream_claims(setup, Path(folder) / SUMS_FILE),
                restarts=watch.restarts,
            )
            return redact_ending(ending, setup)

    def _run(
        self, setup: CaseSetup, path: Path, output: IO[bytes], watch: Watch, limit: float
    ) -> tuple[int, bool]:
        """Run the program, again after a planned kill; return its exit code and a timeout."""
        process = self._start(setup, path, output)
        timed_out = self._await(process, limit, watch)
        if watch.is_hit:
            watch.note()
            process = self._start(setup, path, output)
            timed_out = self._await(process, limit, watch)
        return process.returncode, timed_out

    def _start(self, setup: CaseSetup, path: Path, output: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S602 -- the user gives a command line of their own
            self._line,
            shell=True,
            env=os.environ | environment(setup, path, self._control),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def stop(self) -> None:
        """End every running program at the next look at it."""
        self._stopped.set()

    def close(self) -> None:
        """Do nothing: each program ended with its case."""

    def _await(self, process: subprocess.Popen[bytes], left: float, watch: Watch) -> bool:
        """Wait for the end; return whether it timed out. No child outlives the case.

        A client that must restart is killed without warning.
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


def stream_claims(setup: CaseSetup, path: Path) -> tuple[dict[str, Any], ...]:
    """Return what a program reports of the task that reads a queue; nothing without its file.

    A program has no replies like an adapter, so it writes the sums to a file.
    """
    if not path.is_file():
        return ()
    verbs = [task["verb"] for task in setup.task["tasks"]]
    if STREAM not in verbs:
        return ()
    claim: dict[str, Any] = {"task": verbs.index(STREAM), "verb": STREAM}
    try:
        sums = sums_in(path.read_bytes())
    except ValueError as error:
        return ({**claim, "status": "failed", "error": f"{SUMS_FILE}: {error}"},)
    return ({**claim, "status": "done", "sums": sums},)


def sums_in(text: bytes) -> dict[str, dict[str, float]]:
    """Return the sums in a file, by dataset and metric.

    Raises:
        ValueError: it is not JSON, or no object of objects of numbers.
    """
    value = json.loads(text)
    rows = value.values() if isinstance(value, dict) else [None]
    if not all(isinstance(row, dict) and all(map(_is_number, row.values())) for row in rows):
        raise ValueError('expected {"sp-traffic": {"clicks": 12}}, with a number for each metric')
    return dict(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class Watch:
    """Polls the journal for the moment at which to kill the client of a case."""

    def __init__(self, setup: CaseSetup, plane: Plane) -> None:
        self._restart = setup.case.restart
        self._sandbox = setup.sandbox
        self._plane = plane
        self.restarts: tuple[int, ...] = ()
        self.is_hit = False

    def is_due(self) -> bool:
        """Say whether to kill the client now: once per case, if the case has a restart."""
        if self._restart is None or self.is_hit:
            return False
        rows, _ = self._plane.journal(self._sandbox)
        seen = sum(1 for row in rows if fnmatchcase(row["operation"], self._restart.after))
        self.is_hit = seen >= self._restart.count
        return self.is_hit

    def note(self) -> None:
        """Record the last entry before the kill."""
        rows, _ = self._plane.journal(self._sandbox)
        self.restarts = (max(int(row["seq"]) for row in rows),)


def environment(setup: CaseSetup, path: Path, control: str) -> dict[str, str]:
    """Return the environment variables for a program: URLs, credentials and task file.

    A pass of a free run has no tasks, and so no task file: a program that works with and without
    tasks takes the file for its work, and does none.
    """
    named = {"ADSMOCK_CASE": str(setup.task["case"])}
    if setup.task["tasks"]:
        named |= {"ADSMOCK_TASK": str(path), "ADSMOCK_STATE": str(path.parent)}
    return named | access(setup.task, setup.sandbox, control)


def access(task: Mapping[str, Any], sandbox: str, control: str) -> dict[str, str]:
    """Return the environment variables with URLs and credentials."""
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
    variables |= aws_variables(task) | trust_variables(task)
    return {key: str(value) for key, value in variables.items()}


def aws_variables(task: Mapping[str, Any]) -> dict[str, str]:
    """Return the environment variables that AWS SDKs read, in a case about Marketing Stream."""
    if "aws" not in task:
        return {}
    aws = task["aws"]
    return {
        "AWS_ENDPOINT_URL_SQS": aws["sqs"],
        "AWS_ENDPOINT_URL_SNS": aws["sns"],
        "AWS_ACCESS_KEY_ID": aws["accessKeyId"],
        "AWS_SECRET_ACCESS_KEY": aws["secretAccessKey"],
        "AWS_DEFAULT_REGION": aws["region"],
        "AWS_REGION": aws["region"],
    }


def trust_variables(task: Mapping[str, Any]) -> dict[str, str]:
    """Return the environment variables with the task's certificate and proxy.

    Without a proxy of its own the program gets one that refuses every host.
    """
    if "proxy" in task:
        return child_environment.environment(task["proxy"], Path(task["caBundle"]), os.environ)
    guarded = child_environment.guarded(network_guard().url, os.environ)
    if "caBundle" in task:
        return guarded | child_environment.trust(Path(task["caBundle"]), os.environ | guarded)
    return guarded


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to a program and its children; do nothing if it has ended."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def tail(output: IO[bytes]) -> str:
    """Return the end of a program's output, with more than is kept: see ``redact_ending``."""
    end = output.seek(0, os.SEEK_END)
    output.seek(max(0, end - TAIL_BYTES - LONGEST_SECRET))
    return output.read().decode("utf-8", "replace")
