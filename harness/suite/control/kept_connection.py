"""One kept connection to a control plane, for operations that are called thousands of times.

urllib3 needs ten times as long for a call of a millisecond. The request leaves in one piece, so the
server need not wait for its body.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from threading import Lock
from urllib.parse import urlsplit

from urllib3.util.wait import wait_for_read


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
            return self._exchange(method, message)

    def _exchange(self, method: str, message: bytes) -> tuple[int, bytes]:
        connection = self._connection
        if connection.sock is not None and wait_for_read(connection.sock, 0.0):
            connection.close()  # the server closed it while it was idle
        if connection.sock is None:
            connection.connect()
        try:
            connection.sock.sendall(message)
            with HTTPResponse(connection.sock, method=method) as reply:
                reply.begin()
                answer = reply.status, reply.read()
                if reply.will_close:
                    connection.close()
        except BaseException:
            connection.close()
            raise
        return answer

    def close(self) -> None:
        """Close the connection; the next call opens it again."""
        self._connection.close()
