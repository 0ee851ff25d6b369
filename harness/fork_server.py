"""A process that imports all clients once and forks for each client that a driver starts.

A process of its own per client would spend most of its time on imports. This one runs nothing of a
client itself, so each fork begins in the same state, and a killed client leaves nothing behind.

Protocol over the socket that is its standard input, one JSON object a line. The driver writes
``{"start": [kind, name, folder, time], "environment": {…}}`` with one end of a socket pair, which
becomes the standard input and output of the client, and reads ``{"process": id}``. It writes
``{"end": id}`` and reads ``{"code": exit code}`` after the client was killed. The end of the socket
ends this process and all clients.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

from adsmock.harness import restarted_client

LARGEST = 65_536
"""Bytes of a request: a name, a path and two variables need less than a thousand."""

SOCKET = 0


def serve() -> None:
    """Answer requests until the driver closes the socket."""
    control = socket.socket(fileno=SOCKET)
    living: set[int] = set()
    while line := _line(control):
        text, handles = line
        request: dict[str, Any] = json.loads(text)
        if "end" in request:
            living.discard(request["end"])
            answer = {"code": _end(request["end"])}
        else:
            process = os.fork()
            if process == 0:
                _be_client(request, control.detach(), handles[0])
            os.close(handles[0])
            living.add(process)
            answer = {"process": process}
        control.sendall(json.dumps(answer).encode() + b"\n")
    for process in living:
        _end(process)


def _line(control: socket.socket) -> tuple[bytes, list[int]] | None:
    """Return the next request and its file descriptors, None at the end."""
    text, handles = b"", list[int]()
    while not text.endswith(b"\n"):
        part, passed, _, _ = socket.recv_fds(control, LARGEST, 1)
        if not part:
            return None
        text, handles = text + part, handles + passed
    return text, handles


def _end(process: int) -> int:
    """Kill a client and return its exit code; negative is the signal that ended it."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _be_client(request: dict[str, Any], control: int, handle: int) -> None:
    """Run one client in this process, which ends here whatever happens."""
    code = 1
    try:
        os.dup2(handle, control)  # the socket of the server, which only the server may read
        os.dup2(handle, sys.stdout.fileno())
        os.close(handle)
        os.environ.update(request["environment"])
        restarted_client.main(*request["start"])
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve()
