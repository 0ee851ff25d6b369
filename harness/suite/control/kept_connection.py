"""One kept connection to a control plane, for operations that are called thousands of times.

urllib3 needs ten times as long for a call of a millisecond, and http.client parses the headers of a
reply as those of an email. The request leaves in one piece, so the server need not wait for its
body.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPSConnection,
    IncompleteRead,
    RemoteDisconnected,
)
from socket import socket
from threading import Lock
from urllib.parse import urlsplit

import httptools
from urllib3.util.wait import wait_for_read

CHUNK = 262_144
"""Bytes of one read from the socket."""

LENGTHS = frozenset({b"content-length", b"transfer-encoding"})
"""Headers that say where a body ends; without them it ends with the connection."""


class KeptConnection:
    """Sends JSON to paths below one URL; threads that share one wait for each other."""

    def __init__(self, base: str, headers: Mapping[str, str], timeout: float) -> None:
        """Prepare the connection; it is opened later.

        Raises:
            ValueError: the URL is not valid.
        """
        url = urlsplit(base)
        kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
        self._connection = kind(url.hostname or "", url.port, timeout=timeout)
        weakref.finalize(self, self._connection.close)  # as the pools of urllib3 do
        self._turn = Lock()
        self._path = url.path
        given = {"Host": url.netloc, "Content-Type": "application/json", **headers}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in given.items())

    def request(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Return status and body of the reply.

        Raises:
            OSError: the server cannot be reached.
            HTTPException: the reply is not HTTP.
        """
        head = f"{method} {self._path}{path} HTTP/1.1\r\n{self._head}"
        message = f"{head}Content-Length: {len(body)}\r\n\r\n".encode("latin-1") + body
        with self._turn:
            return self._exchange(message)

    def _exchange(self, message: bytes) -> tuple[int, bytes]:
        connection = self._connection
        if connection.sock is not None and wait_for_read(connection.sock, 0.0):
            connection.close()  # the server closed it while it was idle
        if connection.sock is None:
            connection.connect()
        try:
            connection.sock.sendall(message)
            reply = _Reply()
            reply.read(connection.sock)
        except BaseException:
            connection.close()
            raise
        if not reply.is_kept:
            connection.close()
        return reply.status, b"".join(reply.parts)

    def close(self) -> None:
        """Close the connection; the next call opens it again."""
        self._connection.close()


class _Reply:
    """One reply, filled by the parser of httptools."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.status = 0
        self.is_kept = False
        self._is_complete = False
        self._has_length = False

    def read(self, source: socket) -> None:
        """Read the whole reply.

        Raises:
            OSError: the connection ended, or nothing came in time.
            HTTPException: it is not HTTP, or ended too early.
        """
        self._parser = httptools.HttpResponseParser(self)
        try:
            while not self._is_complete:
                data = source.recv(CHUNK)
                if not data:
                    self._end()
                    break
                self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            raise HTTPException(f"the reply is not HTTP: {error}") from None
        finally:
            del self._parser  # a cycle, which only the garbage collector would end

    def _end(self) -> None:
        """Accept a body without a length, which ends with the connection."""
        if not self.status:
            raise RemoteDisconnected("the server closed the connection without a reply")
        if self._has_length:
            raise IncompleteRead(b"".join(self.parts))

    def on_header(self, name: bytes, _value: bytes) -> None:
        """Note whether the body has a length."""
        self._has_length = self._has_length or name.lower() in LENGTHS

    def on_headers_complete(self) -> None:
        """Note the status."""
        self.status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        self.parts.append(body)

    def on_message_complete(self) -> None:
        """Note the end, and whether the connection stays open."""
        self._is_complete = True
        self.is_kept = self._parser.should_keep_alive()
