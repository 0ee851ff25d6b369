"""One kept connection to a control plane, for an operation that is called thousands of times.

urllib3 needs ten times as long for a call of a millisecond. The request leaves in one piece, so the
server need not wait for its body.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from urllib3.util.wait import wait_for_read


class KeptConnection:
    """Posts JSON to paths below one URL; one object serves one thread at a time."""

    def __init__(self, base: str, headers: Mapping[str, str], timeout: float) -> None:
        """Prepare the connection; it is opened later.

        Raises:
            ValueError: the URL is not valid.
        """
        url = urlsplit(base)
        kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
        self._connection = kind(url.hostname or "", url.port, timeout=timeout)
        weakref.finalize(self, self._connection.close)  # as the pools of urllib3 do
        self._path = url.path
        given = {"Host": url.netloc, "Content-Type": "application/json", **headers}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in given.items())

    def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Return status and body of the reply.

        Raises:
            OSError: the server cannot be reached.
            HTTPException: the reply is not HTTP.
        """
        connection = self._connection
        if connection.sock is not None and wait_for_read(connection.sock, 0.0):
            connection.close()  # the server closed it while it was idle
        if connection.sock is None:
            connection.connect()
        length = f"Content-Length: {len(body)}\r\n\r\n"
        line = f"POST {self._path}{path} HTTP/1.1\r\n"
        connection.sock.sendall((line + self._head + length).encode("latin-1") + body)
        try:
            with HTTPResponse(connection.sock, method="POST") as reply:
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
