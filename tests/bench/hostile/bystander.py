"""``python -m tests.bench.hostile.bystander``: one polite client that measures its waits.

It reads a line of JSON (port, request, process id of the server), then calls every ``GAP`` seconds
on a kept connection. For each empty line on standard input it prints the waits since the last one,
each with the processor seconds that the server spent meanwhile.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from typing import Any

from adsmock.mockserver.core.clock import monotonic

GAP = 0.005
LONGEST = 30.0
_PROCESS_CLOCK = 2
"""Linux: the low bits of the id of a clock that counts what a process used of the processors."""


class Bystander:
    """Calls until its input ends."""

    def __init__(self, port: int, raw: bytes, pid: int) -> None:
        self._raw = raw
        self._port = port
        self._clock = ~pid << 3 | _PROCESS_CLOCK
        self._waits: list[tuple[float, float]] = []
        self._lock = threading.Lock()
        self._pause = threading.Event()
        self._connection = self._connect()

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self._port), LONGEST)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def call(self) -> tuple[float, float]:
        """Make one call and return how long it took, and how long the server worked meanwhile."""
        begun, worked = monotonic(), self._worked()
        try:
            self._connection.sendall(self._raw)
            seen = self._connection.recv(65_536)
        except OSError:
            seen = b""
        waited = monotonic() - begun
        if not seen.startswith(b"HTTP/1.1 200"):
            waited = LONGEST
            self._connection.close()
            self._connection = self._connect()
        return waited, self._worked() - worked

    def _worked(self) -> float:
        """Return the processor seconds of the server, 0.0 where no clock shows them."""
        if sys.platform != "linux":
            return 0.0
        return time.clock_gettime(self._clock)

    def run(self) -> None:
        while not self._pause.wait(GAP):
            waited = self.call()
            with self._lock:
                self._waits.append(waited)

    def taken(self) -> list[tuple[float, float]]:
        """Return the waits since the last time."""
        with self._lock:
            waits, self._waits = self._waits, []
        return waits


def main() -> None:
    where: dict[str, Any] = json.loads(sys.stdin.readline())
    bystander = Bystander(where["port"], where["raw"].encode("latin-1"), where["pid"])
    threading.Thread(target=bystander.run, daemon=True).start()
    for _ in sys.stdin:
        sys.stdout.write(json.dumps(bystander.taken()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
