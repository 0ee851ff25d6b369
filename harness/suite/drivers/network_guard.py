"""Keeps the programs under test away from Amazon: a proxy that refuses every host.

A program with hard-coded hosts that was started without ``--through-proxy`` would change real
campaigns. The mock's own addresses are on loopback, which needs no proxy.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

SHOWN = 3
"""Hosts that are named at the end of a run."""

HINT = "use --through-proxy for a program with hard-coded hosts"


class _Refusal(BaseHTTPRequestHandler):
    """Answers every request with 403, and counts its host."""

    server: NetworkGuard

    def refuse(self) -> None:
        """Answer one request; the connection ends."""
        target = self.path if self.command == "CONNECT" else urlsplit(self.path).netloc
        host = target.rpartition(":")[0] if ":" in target else target
        self.server.refused[host or "an unknown host"] += 1
        text = f"adsmock lets the program reach no host but the mock, not {host}: {HINT}\n"
        self.send_response(HTTPStatus.FORBIDDEN)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(text.encode())
        self.close_connection = True

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Return ``refuse`` for every method: the base class looks for ``do_GET`` and so on."""
        if name.startswith("do_"):
            return self.refuse
        raise AttributeError(name)

    def log_message(self, *_arguments: object) -> None:
        """Leave stderr to the program."""


class NetworkGuard(ThreadingHTTPServer):
    """The proxy on a free port of loopback; ``refused`` counts the requests by host."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Refusal)
        self.refused: Counter[str] = Counter()
        threading.Thread(target=self.serve_forever, daemon=True, name="network guard").start()

    @property
    def url(self) -> str:
        """The address for HTTPS_PROXY."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_arguments: object) -> None:
        """Ignore a client that left: its program has ended."""


def refusals() -> tuple[str, ...]:
    """Return one line about the hosts that programs did not reach, none when there were none."""
    if not network_guard.cache_info().currsize:
        return ()
    refused = network_guard().refused
    if not refused:
        return ()
    hosts = [host for host, _times in refused.most_common(SHOWN)]
    more = " and others" if len(refused) > SHOWN else ""
    refusal = f"adsmock refused calls of the program to {', '.join(hosts)}{more}: {HINT}."
    return (f"{refusal} A host in NO_PROXY is not refused, unless it may be Amazon's.",)


@cache
def network_guard() -> NetworkGuard:
    """Return the guard of this process, which ends with it."""
    return NetworkGuard()
