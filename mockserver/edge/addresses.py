"""The endpoints of one mock: their ports, sockets and URLs."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Self

from adsmock.mockserver.core.call import Endpoint
from adsmock.mockserver.edge.servers import bind

LOOPBACK = "127.0.0.1"
CONTROL = "control"
MAIN = "main"
STORAGE = "storage"
TLS = "tls"
PROXY = "proxy"
AWS = "aws"
"""SQS, SNS and S3: the inbox of Marketing Stream."""
CONTROL_OFFSET = 10
"""Distance of the control plane's port from the first port, unless it is given."""
AWS_OFFSET = 7
"""Distance of the port of SQS and SNS, which TLS and the proxy leave free."""

_ANY = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 -- compared with, not bound


class Addresses:
    """A listening socket per endpoint: main, one per region, storage, SQS with SNS, control.

    ``with_tls`` adds two, for TLS and for the proxy. If the first port is 0, each endpoint gets any
    free port. The control plane listens on ``control_host``, all others on ``host``.
    """

    def __init__(
        self,
        host: str,
        control_host: str,
        regions: Iterable[str],
        *,
        with_tls: bool = False,
    ) -> None:
        self._hosts = {CONTROL: control_host}
        self._listeners = (TLS, PROXY) if with_tls else ()
        self._host = host
        self._regions = tuple(regions)
        self._sockets: dict[str, socket.socket] = {}

    def open(self, first: int, control: int | None) -> Self:
        """Listen on every port, or on none.

        Raises:
            PortBusy: one of them cannot be opened.
        """
        wanted = ports_from(first, self._regions, self._listeners)
        if control is not None:
            wanted[CONTROL] = control
        try:
            for name, port in wanted.items():
                self._sockets[name] = bind(self._hosts.get(name, self._host), port)
        except Exception:
            self.close()
            raise
        return self

    def close(self) -> None:
        """Close every socket."""
        for handle in self._sockets.values():
            handle.close()

    @property
    def data(self) -> list[socket.socket]:
        """The sockets of the data plane."""
        return list(self.by_name().values())

    def by_name(self) -> dict[str, socket.socket]:
        """Return the sockets of the data plane by endpoint."""
        others = {CONTROL, *self._listeners}
        return {name: handle for name, handle in self._sockets.items() if name not in others}

    def listener(self, name: str) -> tuple[socket.socket, Endpoint]:
        """Return the socket and the endpoint of a TLS or proxy listener."""
        handle = self._sockets[name]
        return handle, Endpoint(name, handle.getsockname()[1])

    @property
    def control(self) -> list[socket.socket]:
        """The socket of the control plane."""
        return [self._sockets[CONTROL]]

    def numbers(self) -> dict[str, int]:
        """Return the port of each endpoint."""
        return {name: handle.getsockname()[1] for name, handle in self._sockets.items()}

    def endpoints(self) -> dict[int, Endpoint]:
        """Return the endpoints of the data plane by port."""
        return {
            port: Endpoint(
                name,
                port,
                name if name in self._regions else None,
                name == STORAGE,
                aws=name == AWS,
            )
            for name, port in self.numbers().items()
            if name not in {CONTROL, *self._listeners}
        }

    def urls(self) -> dict[str, str]:
        """Return the base URL of each endpoint for a client on this machine."""
        return {
            name: f"{_scheme(name)}://{shown_host(self._hosts.get(name, self._host))}:{port}"
            for name, port in self.numbers().items()
        }


def ports_from(
    first: int, regions: tuple[str, ...], listeners: tuple[str, ...] = ()
) -> dict[str, int]:
    """Return the port of each endpoint of a mock whose first port is ``first``; 0: any port."""
    names = (MAIN, *regions, STORAGE, *listeners)
    offsets = {name: place for place, name in enumerate(names)}
    offsets |= {AWS: AWS_OFFSET, CONTROL: CONTROL_OFFSET}
    return {name: first and first + offset for name, offset in offsets.items()}


def _scheme(name: str) -> str:
    return "https" if name == TLS else "http"


def shown_host(host: str) -> str:
    """Return the host of URLs that lead to sockets at ``host``."""
    if host in _ANY:
        return LOOPBACK
    return f"[{host}]" if ":" in host else host
