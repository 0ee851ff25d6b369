"""The proxy of a recording: CONNECT, TLS with the local authority, then call after call."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from typing import Any, Self

import h11

from adsmock.mockserver.edge.proxy import ESTABLISHED, ProxyRefusal, RequestHead, Tunnel
from adsmock.mockserver.edge.tls import Authority
from adsmock.mockserver.recorder.message import Answer, Message
from adsmock.mockserver.recorder.session import FORBIDDEN, Session

LOOPBACK = "127.0.0.1"
IDLE_SECONDS = 300.0
LARGEST_REQUEST = 16 << 20
_READ = 65_536
_OWN = frozenset({"content-length", "transfer-encoding", "connection", "keep-alive"})


class RecordingProxy:
    """Serves programs of this machine, each connection in a thread, while a ``with`` block runs."""

    def __init__(self, session: Session, *, port: int = 0) -> None:
        self._session = session
        self._authority = Authority(sorted(session.policy.hosts))
        self._listener = socket.create_server((LOOPBACK, port))
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._open: set[socket.socket] = set()

    @property
    def url(self) -> str:
        """The URL for HTTPS_PROXY."""
        return f"http://{LOOPBACK}:{self._listener.getsockname()[1]}"

    @property
    def certificate(self) -> bytes:
        """The certificate that programs have to trust, in PEM."""
        return self._authority.certificate

    def __enter__(self) -> Self:
        self._authority.context()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for handle in (self._listener, *list(self._open)):
            with contextlib.suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)
            handle.close()
        self._thread.join(IDLE_SECONDS)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # the listener was closed
            self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(IDLE_SECONDS)
        try:
            host = self._tunnel(connection)
            if not host:
                return
            with self._authority.context().wrap_socket(connection, server_side=True) as secure:
                self._open.add(secure)
                _Calls(secure, host, self._session).run()
        except (OSError, EOFError, ssl.SSLError, h11.RemoteProtocolError):
            pass  # the program left or does not trust the authority: it reports that itself
        finally:
            self._open.discard(connection)
            connection.close()

    def _tunnel(self, connection: socket.socket) -> str:
        """Return the host that a program wants to call; empty after a refusal."""
        head = RequestHead(self._session.policy.hosts)
        try:
            while (wanted := head.take(connection.recv(_READ))) is None:
                pass
        except ProxyRefusal as refused:
            connection.sendall(refused.reply())
            return ""
        if not isinstance(wanted, Tunnel) or wanted.is_clear:
            reason = "a recording uses https only: call https://…"
            connection.sendall(ProxyRefusal(FORBIDDEN, reason, wanted.host).reply())
            return ""
        connection.sendall(ESTABLISHED)
        return wanted.host


class _Calls:
    """The calls of one connection."""

    def __init__(self, secure: Any, host: str, session: Session) -> None:
        self._socket, self._host, self._session = secure, host, session
        self._parser = h11.Connection(h11.SERVER)

    def run(self) -> None:
        """Answer until the program closes the connection."""
        while (message := self._next()) is not None:
            self._send(self._session.answer(message))
            if self._parser.our_state is not h11.DONE or self._parser.their_state is not h11.DONE:
                return
            self._parser.start_next_cycle()

    def _next(self) -> Message | None:
        request, body = None, bytearray()
        while True:
            event = self._parser.next_event()
            if event is h11.NEED_DATA:
                if self._parser.they_are_waiting_for_100_continue:
                    go = h11.InformationalResponse(status_code=100, headers=[])
                    self._socket.sendall(self._parser.send(go))
                self._parser.receive_data(self._socket.recv(_READ))
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > LARGEST_REQUEST:
                    raise EOFError
            elif isinstance(event, h11.EndOfMessage):
                assert request is not None
                return _message(request, self._host, bytes(body))
            else:
                return None

    def _send(self, answer: Answer) -> None:
        rows = [(name, value) for name, value in answer.headers if name.lower() not in _OWN]
        head = h11.Response(
            status_code=answer.status,
            reason=answer.reason.encode("latin-1", "replace"),
            headers=[*rows, ("Content-Length", str(len(answer.body)))],
        )
        parts = [self._parser.send(head)]
        if answer.body:
            parts.append(self._parser.send(h11.Data(data=answer.body)))
        parts.append(self._parser.send(h11.EndOfMessage()))
        self._socket.sendall(b"".join(part for part in parts if part))


def _message(request: h11.Request, host: str, body: bytes) -> Message:
    return Message(
        request.method.decode("ascii"),
        host,
        request.target.decode("ascii", "replace"),
        [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers],
        body,
    )
