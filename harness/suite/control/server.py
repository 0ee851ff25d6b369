"""A mock started as a process of its own, and stopped again.

Knows the command that starts it and the one line it announces itself with. Must not know cases.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Timer
from typing import IO

START_SECONDS = 30.0
"""Far above the second a start takes, so that a loaded machine is not called broken."""

STOP_SECONDS = 10.0

COMMAND = (
    *(sys.executable, "-m", "adsmock.mockserver", "serve"),
    *("--port", "0", "--announce", "json", "--until-eof"),
)
"""It holds on to our end of a pipe, so that no mock outlives us however we end."""


REFUSED = 2
"""The mock's exit code for what it was given and cannot use."""


class ServerError(RuntimeError):
    """The mock did not come up; the text holds the end of what it said.

    ``is_refusal`` tells that it was given something that it cannot serve.
    """

    def __init__(self, reason: str, *, is_refusal: bool = False) -> None:
        super().__init__(reason)
        self.is_refusal = is_refusal


class Server:
    """A running mock; ``control`` is the base address of its control plane."""

    def __init__(self, process: subprocess.Popen[str], control: str) -> None:
        self._process = process
        self.control = control

    @classmethod
    @contextmanager
    def started(cls, documents: Sequence[str] = ()) -> Iterator[Server]:
        """Give a mock on free ports of the loopback interface and stop it at the end.

        It serves what OpenAPI ``documents`` describe, too.

        Raises:
            ServerError: it ended or said nothing within 30 seconds.
        """
        told = [word for file in documents for word in ("--openapi", file)]
        with tempfile.TemporaryFile("w+", encoding="utf-8") as noise:
            process = subprocess.Popen(  # noqa: S603 -- a constant command and names of files
                [*COMMAND, *told],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=noise,
                text=True,
                start_new_session=True,  # a terminal's ^C is for us: what goes on is ended by us
            )
            try:
                yield cls(process, _control(process, noise))
            finally:
                _stop(process)


def _control(process: subprocess.Popen[str], noise: IO[str]) -> str:
    """Return the control address from the announcement."""
    assert process.stdout is not None
    limit = Timer(START_SECONDS, process.kill)
    limit.start()
    try:
        line = process.stdout.readline()
    finally:
        limit.cancel()
    try:
        return str(json.loads(line)["control"])
    except (ValueError, KeyError, TypeError):
        noise.seek(0)
        said = noise.read().strip().splitlines()
        reason = said[-1].removeprefix("adsmock: ") if said else "it said nothing"
        if process.wait(STOP_SECONDS) == REFUSED:
            raise ServerError(reason, is_refusal=True) from None
        raise ServerError(f"the mock did not start: {reason}") from None


def _stop(process: subprocess.Popen[str]) -> None:
    """End the mock, by force when it does not listen."""
    process.terminate()
    try:
        process.communicate(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
