"""Clients in processes of their own, forked by one server that has imported them.

The server and its protocol are in ``harness.fork_server``. This process starts it with the
first client; it ends with this process.
"""

from __future__ import annotations

import atexit
import json
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import IO, Any, Self

MODULE = "adsmock.harness.fork_server"

FAILED = 1
"""The exit code of a client whose server ended."""


class ForkServer:
    """A running server; its threads take turns."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._socket, other = socket.socketpair()
        with other:
            self._process = subprocess.Popen(  # noqa: S603 -- a command of our own
                [sys.executable, "-m", MODULE],
                stdin=other.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # ^C is for this process, which ends the clients
            )
        self._answers = self._socket.makefile("rb")

    def ask(self, request: Mapping[str, Any], handles: Sequence[int] = ()) -> dict[str, Any]:
        """Return the answer to a request, which passes on these file descriptors.

        Raises:
            OSError: the server ended.
        """
        text = json.dumps(request).encode() + b"\n"
        with self._turn:
            socket.send_fds(self._socket, [text], handles)
            answer = self._answers.readline()
        if not answer:
            raise ConnectionResetError(f"{MODULE} ended")
        return dict(json.loads(answer))

    @property
    def is_running(self) -> bool:
        """Say whether the server can start clients."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the server and all its clients."""
        self._answers.close()
        self._socket.close()
        self._process.wait()


_servers: list[ForkServer] = []
_start = Lock()


def _server() -> ForkServer:
    """Return the server of this process; start it before the first client."""
    with _start:
        if not _servers or not _servers[-1].is_running:
            _servers.append(ForkServer())
            atexit.register(_servers[-1].close)
        return _servers[-1]


class ForkedClient:
    """One client in a process of its own, with a line protocol over one socket."""

    def __init__(self, start: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start the client with these arguments and these additional environment variables."""
        self._socket, other = socket.socketpair()
        self._server = _server()
        with other:
            request = {"start": list(start), "environment": dict(environment)}
            self._process = self._server.ask(request, [other.fileno()])["process"]
        self.lines: IO[str] = self._socket.makefile("r", encoding="utf-8")
        self._code: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    def write(self, line: str) -> None:
        """Send one line to its standard input."""
        self._socket.sendall(line.encode() + b"\n")

    def end(self) -> int:
        """Kill the client if it runs; return its exit code, negative for a signal."""
        if self._code is None:
            try:  # before its socket closes: a killed client must not notice anything
                self._code = int(self._server.ask({"end": self._process})["code"])
            except OSError:
                self._code = FAILED
            self.lines.close()
            self._socket.close()
        return self._code
