"""The reference client as a long-lived adapter: ``python -m adsmock.harness.client.adapter``.

Reads one request per line from standard input and writes one reply per line, in the format of
``contracts/meta/adapter.schema.json``. Requests run concurrently. Copy this file to start your own
adapter.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import IO, Any

from .client import AdsClient
from .clock import SystemClock
from .random_source import SeededRandom
from .settings import Settings
from .task import perform

WORKERS = 16


class Adapter:
    """Answers requests with one client per set of credentials."""

    def __init__(self, out: IO[str], client_factory: Callable[..., AdsClient] = AdsClient) -> None:
        self._out = out
        self._client_factory = client_factory
        self._clock = SystemClock()
        self._clients: dict[str, AdsClient] = {}
        self._lock = Lock()

    def serve(self, lines: Iterable[str]) -> None:
        """Answer every line until one asks for ``shutdown`` or the input ends."""
        with ThreadPoolExecutor(WORKERS) as pool:
            for line in lines:
                request = json.loads(line)
                if request["verb"] == "shutdown":
                    self._write({"id": request["id"], "status": "done"})
                    break
                pool.submit(self._answer, request)

    def _answer(self, request: dict[str, Any]) -> None:
        work = {"tasks": [{"verb": request["verb"], "args": request["args"]}]}
        try:
            (result,) = perform(work, self._client(request), self._clock)
        except KeyError as unknown:
            self._write({"id": request["id"], "status": "unsupported", "error": f"no {unknown}"})
            return
        except Exception as error:  # noqa: BLE001 -- every request is answered
            self._write({"id": request["id"], "status": "failed", "error": repr(error)})
            return
        row = result.row()
        del row["verb"]
        self._write({"id": request["id"], **row})

    def _client(self, request: dict[str, Any]) -> AdsClient:
        """Return the client of these credentials, so that one token serves the whole case."""
        name = request["credentials"]["clientId"]
        with self._lock:
            if name not in self._clients:
                # Not the request's seed: clients with one seed would all retry at the same moments.
                random_source = SeededRandom.from_entropy()
                self._clients[name] = self._client_factory(
                    Settings.from_task(request),
                    clock=self._clock,
                    sleeper=self._clock,
                    random_source=random_source,
                )
            return self._clients[name]

    def _write(self, reply: dict[str, Any]) -> None:
        with self._lock:
            self._out.write(json.dumps(reply, ensure_ascii=False) + "\n")
            self._out.flush()


if __name__ == "__main__":
    Adapter(sys.stdout).serve(sys.stdin)
