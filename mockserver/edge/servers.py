"""The mock's servers: several ports on one event loop, their start and stop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable, Generator
from math import ceil
from typing import Any

import uvicorn

from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.core.limits import Limits
from adsmock.mockserver.edge.asgi import Edge
from adsmock.mockserver.edge.fast_path import InlineProtocol
from adsmock.mockserver.edge.listener import ListenerSet
from adsmock.mockserver.edge.loop_lag import LoopLag
from adsmock.mockserver.edge.protocol import EdgeProtocol
from adsmock.mockserver.edge.wsgi import WsgiBridge

_BACKLOG = 2048
_TICK_SECONDS = 1.0


class PortBusy(Exception):
    """A port that cannot be opened; the text names it and the reason."""


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens on ``host`` and ``port`` (0: any free one).

    Clients that connect before ``ServerGroup.run`` wait in the kernel's queue.

    Raises:
        PortBusy: the port is in use or not permitted.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    handle = socket.socket(family, socket.SOCK_STREAM)
    try:
        handle.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        handle.bind((host, port))
        handle.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        handle.close()
        in_use = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        reason = "is in use" if in_use else f"cannot be opened: {error}"
        raise PortBusy(f"port {port} on {host} {reason}") from error
    return handle


def new_loop() -> asyncio.AbstractEventLoop:
    """Return uvloop's event loop if it is installed, else asyncio's."""
    try:
        import uvloop  # noqa: PLC0415 -- absent on some platforms
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


class ServerGroup:
    """The servers of one mock: data plane and control plane on one loop.

    ``data`` and ``control`` are listening sockets, ``listeners`` those for TLS and proxy; all are
    closed when ``run`` ends.
    """

    def __init__(
        self,
        edge: Edge,
        bridge: WsgiBridge,
        data: list[socket.socket],
        control: list[socket.socket],
        lag: LoopLag,
        *,
        listeners: ListenerSet | None = None,
    ) -> None:
        self._listeners = listeners
        self._edge = edge
        self._bridge = bridge
        self._lag = lag
        self._parts = [
            (_Server(_config(edge, InlineProtocol, edge.capacity.limits)), data),
            (_Server(_config(bridge, EdgeProtocol, bridge.capacity.limits)), control),
        ]
        self._stop = asyncio.Event()

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve until ``stop``; ``ready`` is called once every port answers."""
        loop = asyncio.get_running_loop()
        self._lag.start(loop)
        tasks = [loop.create_task(server.serve(sockets)) for server, sockets in self._parts]
        await asyncio.gather(*(server.has_started.wait() for server, _ in self._parts))
        if self._listeners is not None:
            self._listeners.begin(self._parts[0][0].make_protocol)
        ready()
        warming = loop.create_task(self._bridge.warm())
        await self._stop.wait()
        if self._listeners is not None:
            self._listeners.end()
        self._edge.release()
        self._bridge.stop()
        for server, _ in self._parts:
            server.end()
        await asyncio.gather(*tasks, warming, return_exceptions=True)
        self._lag.stop()

    def stop(self) -> None:
        """Ask ``run`` to end; requests that have begun get ``stop_seconds`` to finish."""
        self._stop.set()


class _Server(uvicorn.Server):
    """uvicorn's server without its own signals and its ten wake-ups a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.has_started = asyncio.Event()
        self._leaving = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave signals to the owner of the process."""
        yield

    async def main_loop(self) -> None:
        """Update the Date header, and close connections that never send their headers."""
        await self.on_tick(0)
        self.has_started.set()
        while not self._leaving.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_TICK_SECONDS):
                    await self._leaving.wait()
            await self.on_tick(0)
            self._expire()

    def make_protocol(self) -> InlineProtocol:
        """Return a protocol for a connection that another listener accepted."""
        return InlineProtocol(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

    def end(self) -> None:
        """End ``main_loop``."""
        self._leaving.set()

    def _expire(self) -> None:
        now = monotonic()
        connections: list[Any] = list(self.server_state.connections)
        for connection in connections:
            connection.expire(now)


def _config(application: Any, protocol: type[EdgeProtocol], limits: Limits) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        loop="none",
        http=protocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=True,  # False would silence uvicorn for the whole process; see EdgeProtocol
        proxy_headers=False,
        server_header=False,
        headers=[("Server", "Server")],
        backlog=_BACKLOG,
        timeout_graceful_shutdown=ceil(limits.stop_seconds),
    )
