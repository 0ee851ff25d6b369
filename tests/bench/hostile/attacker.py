"""What an attack needs: raw sockets that do not wait politely, and signed calls."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

CAMPAIGN = "application/vnd.spCampaign.v3+json"
SECONDS = 60.0
_PIECE = 1 << 16


@dataclass
class Attacker:
    """A client with credentials of one sandbox. ``statuses`` are those of all replies."""

    data: int
    control: int
    sandbox: str
    headers: dict[str, str]
    statuses: list[int] = field(default_factory=list)
    held: list[socket.socket] = field(default_factory=list)

    def raw(self, data: bytes | Iterator[bytes], port: int = 0, seconds: float = SECONDS) -> bytes:
        """Send bytes on a new connection and return the beginning of the reply."""
        with socket.create_connection(("127.0.0.1", port or self.data), seconds) as client:
            with contextlib.suppress(OSError):  # a refusal may come before the end
                for piece in [data] if isinstance(data, bytes) else data:
                    client.sendall(piece)
            return self._read(client)

    def _read(self, client: socket.socket) -> bytes:
        seen = b""
        with contextlib.suppress(OSError):
            while b"\r\n\r\n" not in seen and (part := client.recv(_PIECE)):
                seen += part
            head, _, body = seen.partition(b"\r\n\r\n")
            left = _length(head) - len(body)
            while left > 0 and (part := client.recv(_PIECE)):
                left -= len(part)
                if len(seen) < _PIECE:
                    seen += part
        if seen.startswith(b"HTTP/1."):
            self.statuses.append(int(seen[9:12]))
        return seen

    def hold(self, data: bytes, port: int = 0) -> None:
        """Send bytes on a connection that stays open until ``let_go``."""
        client = socket.create_connection(("127.0.0.1", port or self.data), SECONDS)
        client.sendall(data)
        self.held.append(client)

    def let_go(self) -> None:
        for client in self.held:
            client.close()
        self.held.clear()

    def call(
        self,
        path: str,
        body: Any = b"",
        *,
        method: str = "POST",
        is_signed: bool = True,
        headers: dict[str, str] | None = None,
    ) -> bytes:
        """Send one request of the API."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        rows = (self.headers if is_signed else {}) | (headers or {})
        return self.raw(request(method, path, content, rows))

    def do(self, method: str, path: str, body: Any = b"") -> bytes:
        """Send one request to the control plane; ``path`` begins after the sandbox."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        whole = f"/_mock/v1/sandboxes/{self.sandbox}{path}" if path[:2] != "//" else path[1:]
        rows = {"Content-Type": "application/json"} if content else {}
        return self.raw(request(method, whole, content, rows), self.control)


def request(
    method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> bytes:
    rows = {"Host": "127.0.0.1", "Connection": "close", "Content-Length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in (rows | (headers or {})).items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 1 << 62 if b"chunked" in head.lower() else 0
