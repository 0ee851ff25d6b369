"""The edge on real sockets with a scripted pipeline, and raw socket clients."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace

from adsmock.mockserver.core.call import Call, Endpoint, Reply
from adsmock.mockserver.core.capacity import Capacity
from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.core.effect import Effect
from adsmock.mockserver.core.fault import FaultRule, Match, PlannedRule, When
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.core.limits import Limits
from adsmock.mockserver.core.metrics import Metrics
from adsmock.mockserver.core.selected_fault import SelectedFault
from adsmock.mockserver.edge.asgi import Edge
from adsmock.mockserver.edge.loop_lag import LoopLag
from adsmock.mockserver.edge.servers import ServerGroup, bind, new_loop
from adsmock.mockserver.edge.wsgi import WsgiBridge

BODY = b'{"campaigns": [' + b",".join(b'{"campaignId": "%d"}' % n for n in range(200)) + b"]}"


_NEVER = threading.Event()


def selected(effect: Effect) -> SelectedFault:
    """Return the effect as a fault that a rule chose for a call."""
    rule = FaultRule("planned", Match(), When(), effect)
    return SelectedFault(PlannedRule(rule), Entry("POST", "/", 0.0), Metrics())


@dataclass
class FakeExchange:
    """One exchange, with the arguments of its end."""

    call: Call
    reply: Reply
    ended: str = "open"
    t_send: float = 0.0
    t_end: float = 0.0
    sent: int = 0
    entry: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(lag=-1.0))

    def close(self, ended: str, t_send: float, t_end: float, sent_bytes: int) -> None:
        self.ended, self.t_send, self.t_end, self.sent = ended, t_send, t_end, sent_bytes


class ScriptedPipeline:
    """Answers with prepared replies and records the exchanges."""

    def __init__(self) -> None:
        self.exchanges: list[FakeExchange] = []
        self.effects: dict[str, Effect] = {}
        self.make: Callable[[Call], Reply] = lambda _: Reply(200, BODY)

    def serve(self, call: Call) -> FakeExchange:
        reply = self.make(call)
        effect = self.effects.get(call.path)
        if effect is not None:
            reply.fault = selected(effect)
        return self._keep(FakeExchange(call, reply))

    def refuse(self, call: Call, status: int) -> FakeExchange:
        return self._keep(FakeExchange(call, Reply(status, b'{"code":"%d"}' % status)))

    def refusal(self, status: int) -> Reply:
        return Reply(status, b'{"refused":"%d"}' % status)

    def _keep(self, exchange: FakeExchange) -> FakeExchange:
        self.exchanges.append(exchange)
        return exchange


@dataclass
class EdgeServer:
    """A running edge and its parts."""

    pipeline: ScriptedPipeline
    port: int
    control_port: int
    edge: Edge
    servers: ServerGroup
    loop: asyncio.AbstractEventLoop


def hello(environ: dict, start: Callable) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"hello ", environ["PATH_INFO"].encode()]


@contextlib.contextmanager
def running_edge(limits: Limits | None = None, *, wsgi: Callable = hello) -> Iterator[EdgeServer]:
    data, control = bind("127.0.0.1", 0), bind("127.0.0.1", 0)
    port, control_port = data.getsockname()[1], control.getsockname()[1]
    pipeline, lag, ready, box = ScriptedPipeline(), LoopLag(), threading.Event(), []
    capacity = Capacity(limits)
    edge = Edge(pipeline, {port: Endpoint("main", port)}, lag, capacity)
    bridge = WsgiBridge(lambda: wsgi, capacity)

    def run() -> None:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            servers = ServerGroup(edge, bridge, [data], [control], lag)
            box.append(EdgeServer(pipeline, port, control_port, edge, servers, runner.get_loop()))
            runner.run(servers.run(ready.set))
        bridge.close()

    thread = threading.Thread(target=run, name="edge")
    thread.start()
    assert ready.wait(60)
    server = box[0]
    try:
        yield server
    finally:
        with contextlib.suppress(RuntimeError):
            server.loop.call_soon_threadsafe(server.servers.stop)
        thread.join(60)
        assert not thread.is_alive()


def wait_until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Return once ``holds``; other threads and sockets need a moment."""
    end = monotonic() + seconds
    while not holds():
        assert monotonic() < end, f"not true after {seconds:g} seconds"
        _NEVER.wait(0.002)


def connect(port: int, timeout: float = 60.0) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def request(
    path: str = "/", body: bytes = b"", method: str = "POST", headers: tuple[str, ...] = ()
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def read_all(client: socket.socket) -> bytes:
    """Return everything until the server ends the connection; a reset raises."""
    parts = []
    while part := client.recv(65536):
        parts.append(part)
    return b"".join(parts)


def read_until_reset(client: socket.socket) -> tuple[bytes, bool]:
    """Return everything that came, and whether a reset rather than an end came after it."""
    seen = b""
    try:
        while part := client.recv(65536):
            seen += part
    except ConnectionResetError:
        return seen, True
    return seen, False


def read_reply(client: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of one reply with a Content-Length."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        part = client.recv(65536)
        if not part:
            raise ConnectionAbortedError(raw)
        raw += part
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    status = int(first.split(" ")[1])
    wanted = int(headers.get("content-length", 0))
    while len(body) < wanted:
        part = client.recv(65536)
        if not part:
            raise ConnectionAbortedError(raw)
        body += part
    return status, headers, body
