"""A mock in its own process, started and stopped."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Timer
from typing import IO

START_SECONDS = 120.0
"""Far above the usual second, so that a loaded machine does not fail."""

STOP_SECONDS = 30.0

COMMAND = (
    *(sys.executable, "-m", "adsmock.mockserver", "serve"),
    *("--port", "0", "--announce", "json", "--until-eof"),
)
"""With ``--until-eof`` the mock ends with this process, however that ends."""


REFUSED = 2
"""The mock's exit code for unusable input."""


class ServerError(RuntimeError):
    """The mock did not start; the text has the end of its output.

    ``is_refusal`` is true when its input was unusable.
    """

    def __init__(self, reason: str, *, is_refusal: bool = False) -> None:
        super().__init__(reason)
        self.is_refusal = is_refusal


class Server:
    """A running mock; ``control`` is the base URL of its control plane."""

    def __init__(self, process: subprocess.Popen[str], control: str) -> None:
        self._process = process
        self.control = control

    @classmethod
    @contextmanager
    def started(
        cls, documents: Sequence[str] = (), options: Sequence[str] = ()
    ) -> Iterator[Server]:
        """Yield a mock on free ports of the loopback interface, and stop it at the end.

        It also serves the operations of the OpenAPI ``documents``. ``options`` are further ones of
        ``adsmock serve``.

        Raises:
            ServerError: it ended, or did not start within two minutes.
        """
        arguments = [*options, *(word for file in documents for word in ("--openapi", file))]
        with tempfile.TemporaryFile("w+", encoding="utf-8") as noise:
            process = subprocess.Popen(  # noqa: S603 -- a constant command and names of files
                [*COMMAND, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=noise,
                text=True,
                start_new_session=True,  # ^C is for this process, which stops the mock
            )
            try:
                yield cls(process, _control(process, noise))
            finally:
                _stop(process)


def _control(process: subprocess.Popen[str], noise: IO[str]) -> str:
    """Return the control plane URL from the mock's first line."""
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
        reason = said[-1].removeprefix("adsmock: ") if said else "it printed nothing"
        if process.wait(STOP_SECONDS) == REFUSED:
            raise ServerError(reason, is_refusal=True) from None
        raise ServerError(f"the mock did not start: {reason}") from None


def _stop(process: subprocess.Popen[str]) -> None:
    """Stop the mock, by force if necessary."""
    process.terminate()
    try:
        process.communicate(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
