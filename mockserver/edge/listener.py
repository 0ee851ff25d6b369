"""Listeners that stand before the data plane: TLS on the real host names, and the way to it.

A gate takes a connection, lets TLS begin (at a proxy: after ``CONNECT``) and hands the same
socket to the data plane's own protocol. Handshakes and refused hosts are told to whoever keeps
the journal. Knows sockets, TLS and their life on the loop. Must not know what a call means.
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
from adsmock.mockserver.edge.protocol import Entrance
from adsmock.mockserver.edge.proxy import ESTABLISHED, Clear, Head, Refused, Tunnel
from adsmock.mockserver.edge.tls import Authority

Kind = Literal["tls", "proxy"]

HEAD_SECONDS = 30.0
"""How long a client may take to say what it wants of a proxy, or to finish a handshake."""

PARTING_SECONDS = 1.0
"""How long TLS waits for a client to say goodbye too; one that idles in a pool never does."""

_READ_BYTES = 65_536
_REST_SECONDS = 0.1


class Porter(Protocol):
    """Whoever keeps the journal."""

    def knocked(self, knock: ConnectionEvent) -> None:
        """Write down a connection's beginning."""


@dataclass(frozen=True, slots=True)
class Listener:
    """One listener. ``door`` names its port, region and sandbox; ``flaw`` what is wrong with it.

    At a proxy ``flawed`` are the hosts that the flaw is met at (None: at all), ``further`` the
    hosts that it serves beside Amazon's.
    """

    kind: Kind
    handle: socket.socket
    door: Endpoint
    flaw: Flaw = "none"
    flawed: frozenset[str] | None = None
    further: frozenset[str] = frozenset()

    def flaw_at(self, host: str) -> Flaw:
        """Return what is wrong with TLS to ``host``, which is empty where no proxy leads there."""
        return self.flaw if self.flawed is None or host in self.flawed else "none"


MakeProtocol = Callable[[], InlineProtocol]


class ListenerSet:
    """All gates of one mock, served on its loop.

    ``hosts`` are the names a proxy leads to; ``names`` what the certificates are for.
    """

    def __init__(self, porter: Porter, hosts: Iterable[str], names: Iterable[str]) -> None:
        self._porter = porter
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
        """The authority of this process, made when first asked for."""
        with self._lock:  # two threads that are first must not make two authorities
            if self._authority is None:
                self._authority = Authority(self._names)
            return self._authority

    def all(self) -> list[Listener]:
        """Return the open gates, oldest first."""
        return list(self._open.values())

    def add(self, gate: Listener) -> None:
        """Keep a gate, and serve it if the loop runs; may be called from any thread."""
        self.authority.context(gate.flaw)  # made here, so that no connection waits for it
        gate.handle.setblocking(False)
        self._open[gate.door.port] = gate
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._accept, gate)

    def drop(self, gate: Listener) -> None:
        """Give a gate's port back; may be called from any thread."""
        self._open.pop(gate.door.port, None)
        task = self._accepting.pop(gate.door.port, None)
        if task is None:
            gate.handle.close()
        elif self._loop is not None:
            self._loop.call_soon_threadsafe(task.cancel)

    def begin(self, make: MakeProtocol) -> None:
        """Serve every gate on the running loop; ``make`` gives the data plane's protocol."""
        self._loop, self._make = asyncio.get_running_loop(), make
        for gate in self.all():
            self._accept(gate)

    def end(self) -> None:
        """Stop taking connections; those handed on are the data plane's affair."""
        for gate in self.all():
            self.drop(gate)
        for task in self._tasks:
            task.cancel()

    def _accept(self, gate: Listener) -> None:
        if gate.door.port in self._open:  # it may have been dropped meanwhile
            self._accepting[gate.door.port] = self._spawn(self._take_all(gate))

    async def _take_all(self, gate: Listener) -> None:
        loop = asyncio.get_running_loop()
        with gate.handle:
            while True:
                try:
                    connection, _ = await loop.sock_accept(gate.handle)
                except OSError:  # the process may be out of descriptors for a while
                    await asyncio.sleep(_REST_SECONDS)
                    continue
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._spawn(self._admit(gate, connection))

    def _spawn(self, context: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(context)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _admit(self, gate: Listener, connection: socket.socket) -> None:
        """Take one connection to the data plane, or to its end."""
        knock = ConnectionEvent(gate.door, gate.flaw, arrived=monotonic())
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                wanted = await self._ask(gate, connection)
            if isinstance(wanted, Clear):
                await self._pass(gate, connection, wanted.first)
            elif wanted is not None and wanted.is_clear:
                await self._pass(gate, connection, b"")
            else:
                flaw = gate.flaw_at(wanted.host if wanted else "")
                await self._secure(gate, connection, replace(knock, flaw=flaw))
        except Refused as refused:
            await self._turn_away(connection, knock, refused)
        except (OSError, EOFError):  # TimeoutError among them
            connection.close()
        except asyncio.CancelledError:
            connection.close()
            raise

    async def _ask(self, gate: Listener, connection: socket.socket) -> Clear | Tunnel | None:
        """Return what a proxy was asked for, None where nothing comes before TLS."""
        if gate.kind == "tls":
            return None
        loop, head = asyncio.get_running_loop(), Head(self._hosts | gate.further)
        while (wanted := head.take(await loop.sock_recv(connection, _READ_BYTES))) is None:
            pass
        if isinstance(wanted, Clear):
            return wanted
        await loop.sock_sendall(connection, ESTABLISHED)
        return wanted

    async def _pass(self, gate: Listener, connection: socket.socket, first: bytes) -> None:
        """Hand a connection on that stays in clear."""
        protocol = self._make()
        protocol.enter(Entrance(replace(gate.door, tls=False), first, lambda _: None))
        await asyncio.get_running_loop().connect_accepted_socket(lambda: protocol, connection)

    async def _secure(
        self, gate: Listener, connection: socket.socket, knock: ConnectionEvent
    ) -> None:
        """Let TLS begin, tell how that went, and hand the connection on."""
        protocol = self._make()
        knock = replace(knock, connection=protocol.number)

        def greet(transport: asyncio.Transport) -> None:
            version = transport.get_extra_info("ssl_object").version()
            self._porter.knocked(replace(knock, version=version or ""))

        protocol.enter(Entrance(replace(gate.door, tls=True), b"", greet))
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: protocol,
                connection,
                ssl=self.authority.context(knock.flaw),
                ssl_handshake_timeout=HEAD_SECONDS,
                ssl_shutdown_timeout=PARTING_SECONDS,
            )
        except (OSError, EOFError) as error:
            connection.close()
            self._porter.knocked(replace(knock, error=_words(error)))

    async def _turn_away(
        self, connection: socket.socket, knock: ConnectionEvent, refused: Refused
    ) -> None:
        """Say no, loudly where a host was named that is not served."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            await loop.sock_sendall(connection, refused.reply())
            connection.shutdown(socket.SHUT_WR)
        connection.close()
        if refused.host:
            self._porter.knocked(
                replace(knock, host=refused.host, method=refused.method, status=refused.status)
            )


def _too_early() -> InlineProtocol:
    raise RuntimeError("a gate is served only after begin()")


def _words(error: BaseException) -> str:
    """Return how a handshake broke, in OpenSSL's word where it has one."""
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, str) and reason else type(error).__name__
