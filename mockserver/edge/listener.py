"""Listeners in front of the data plane: TLS for the real host names, and the CONNECT proxy.

A listener accepts a connection, starts TLS (at a proxy: after ``CONNECT``) and passes the same
socket to the data plane's own protocol, so that a planned reset reaches the client as a reset.
Handshakes and refused hosts are reported to the journal.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from adsmock.mockserver.core.call import Endpoint
from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.core.connection_event import ConnectionEvent, Flaw
from adsmock.mockserver.edge.fast_path import InlineProtocol
from adsmock.mockserver.edge.protocol import ConnectionOrigin
from adsmock.mockserver.edge.proxy import (
    ESTABLISHED,
    PlainRequest,
    ProxyRefusal,
    RequestHead,
    Tunnel,
)
from adsmock.mockserver.edge.tls import Authority

Kind = Literal["tls", "proxy"]

HEAD_SECONDS = 30.0
"""Time limit for a client's proxy request, and for its TLS handshake."""

PARTING_SECONDS = 1.0
"""Time limit for a client's TLS shutdown; an idle connection in a pool never sends one."""

_READ_BYTES = 65_536
_REST_SECONDS = 0.1


class ConnectionObserver(Protocol):
    """The owner of the journal."""

    def connection_began(self, event: ConnectionEvent) -> None:
        """Record how a connection began."""


@dataclass(frozen=True, slots=True)
class Listener:
    """One listener. ``endpoint`` has its port, region and sandbox; ``flaw`` is its TLS defect.

    A proxy has the flaw for the hosts ``flawed`` (None: for all), and serves ``other_hosts`` in
    addition to Amazon's.
    """

    kind: Kind
    handle: socket.socket
    endpoint: Endpoint
    flaw: Flaw = "none"
    flawed: frozenset[str] | None = None
    other_hosts: frozenset[str] = frozenset()

    def flaw_at(self, host: str) -> Flaw:
        """Return the TLS defect for ``host``, which is empty without a proxy."""
        return self.flaw if self.flawed is None or host in self.flawed else "none"


MakeProtocol = Callable[[], InlineProtocol]


class ListenerSet:
    """All listeners of one mock, served on its event loop.

    ``hosts`` are the names that a proxy serves, ``names`` the further names on certificates.
    """

    def __init__(
        self, observer: ConnectionObserver, hosts: Iterable[str], names: Iterable[str]
    ) -> None:
        self._observer = observer
        self._hosts = frozenset(hosts)
        self._names = (*self._hosts, *names)
        self._authority: Authority | None = None
        self._lock = threading.Lock()
        self._open: dict[int, Listener] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._make: MakeProtocol = _too_early
        self._tasks: set[asyncio.Task[None]] = set()
        self._accepting: dict[int, asyncio.Task[None]] = {}

    @property
    def authority(self) -> Authority:
        """The certificate authority of this process, created at first use."""
        with self._lock:  # two threads must not create two authorities
            if self._authority is None:
                self._authority = Authority(self._names)
            return self._authority

    def all(self) -> list[Listener]:
        """Return the open listeners, oldest first."""
        return list(self._open.values())

    def add(self, listener: Listener) -> None:
        """Add a listener and serve it if the loop runs; callable from any thread."""
        self.authority.context(listener.flaw)  # created here, so that no connection waits for it
        listener.handle.setblocking(False)
        self._open[listener.endpoint.port] = listener
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._accept, listener)

    def drop(self, listener: Listener) -> None:
        """Close a listener; callable from any thread."""
        self._open.pop(listener.endpoint.port, None)
        task = self._accepting.pop(listener.endpoint.port, None)
        if task is None:
            listener.handle.close()
        elif self._loop is not None:
            self._loop.call_soon_threadsafe(task.cancel)

    def begin(self, make: MakeProtocol) -> None:
        """Serve every listener on the running loop; ``make`` returns a data plane protocol."""
        self._loop, self._make = asyncio.get_running_loop(), make
        for listener in self.all():
            self._accept(listener)

    def end(self) -> None:
        """Stop accepting connections; the data plane ends those it already has."""
        for listener in self.all():
            self.drop(listener)
        for task in self._tasks:
            task.cancel()

    def _accept(self, listener: Listener) -> None:
        if listener.endpoint.port in self._open:  # it may have been closed in the meantime
            self._accepting[listener.endpoint.port] = self._spawn(self._take_all(listener))

    async def _take_all(self, listener: Listener) -> None:
        loop = asyncio.get_running_loop()
        with listener.handle:
            while True:
                try:
                    connection, _ = await loop.sock_accept(listener.handle)
                except OSError:  # the process may have no free descriptor for a while
                    await asyncio.sleep(_REST_SECONDS)
                    continue
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._spawn(self._admit(listener, connection))

    def _spawn(self, context: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(context)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _admit(self, listener: Listener, connection: socket.socket) -> None:
        """Pass one connection to the data plane, or refuse it."""
        event = ConnectionEvent(listener.endpoint, listener.flaw)
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                wanted = await self._read_head(listener, connection)
            if isinstance(wanted, PlainRequest):
                await self._pass(listener, connection, wanted.first)
            elif wanted is not None and wanted.is_clear:
                await self._pass(listener, connection, b"")
            else:
                flaw = listener.flaw_at(wanted.host if wanted else "")
                await self._secure(listener, connection, replace(event, flaw=flaw))
        except ProxyRefusal as refused:
            await self._refuse(connection, event, refused)
        except (OSError, EOFError):  # TimeoutError among them
            connection.close()
        except asyncio.CancelledError:
            connection.close()
            raise

    async def _read_head(
        self, listener: Listener, connection: socket.socket
    ) -> PlainRequest | Tunnel | None:
        """Return the request to a proxy, None where TLS begins at once."""
        if listener.kind == "tls":
            return None
        loop, head = asyncio.get_running_loop(), RequestHead(self._hosts | listener.other_hosts)
        while (wanted := head.take(await loop.sock_recv(connection, _READ_BYTES))) is None:
            pass
        if isinstance(wanted, PlainRequest):
            return wanted
        await loop.sock_sendall(connection, ESTABLISHED)
        return wanted

    async def _pass(self, listener: Listener, connection: socket.socket, first: bytes) -> None:
        """Pass a connection without TLS to the data plane."""
        protocol = self._make()
        protocol.set_origin(
            ConnectionOrigin(replace(listener.endpoint, tls=False), first, lambda _: None)
        )
        await asyncio.get_running_loop().connect_accepted_socket(lambda: protocol, connection)

    async def _secure(
        self, listener: Listener, connection: socket.socket, event: ConnectionEvent
    ) -> None:
        """Start TLS, report the result, and pass the connection to the data plane."""
        protocol = self._make()
        event = replace(event, connection=protocol.number)

        def on_connected(transport: asyncio.Transport) -> None:
            version = transport.get_extra_info("ssl_object").version()
            self._report(event, version=version or "")

        protocol.set_origin(
            ConnectionOrigin(replace(listener.endpoint, tls=True), b"", on_connected)
        )
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: protocol,
                connection,
                ssl=self.authority.context(event.flaw),
                ssl_handshake_timeout=HEAD_SECONDS,
                ssl_shutdown_timeout=PARTING_SECONDS,
            )
        except (OSError, EOFError) as error:
            connection.close()
            self._report(event, error=_words(error))

    async def _refuse(
        self, connection: socket.socket, event: ConnectionEvent, refused: ProxyRefusal
    ) -> None:
        """Refuse a connection, and report it if it named a host that is not served."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            await loop.sock_sendall(connection, refused.reply())
            connection.shutdown(socket.SHUT_WR)
        connection.close()
        if refused.host:
            self._report(event, host=refused.host, method=refused.method, status=refused.status)

    def _report(self, event: ConnectionEvent, **result: Any) -> None:
        self._observer.connection_began(replace(event, at=monotonic(), **result))


def _too_early() -> InlineProtocol:
    raise RuntimeError("a listener is served only after begin()")


def _words(error: BaseException) -> str:
    """Return why a handshake failed, in OpenSSL's words if it has any."""
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, str) and reason else type(error).__name__
