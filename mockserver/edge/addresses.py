"""The doors of one mock: which port is which, and under which address they are reached.

Knows the row of ports and their URLs. Must not know what is served behind them.
"""

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
CONTROL_OFFSET = 10
"""The control plane's port lies this far above the first one unless it is given."""

_ANY = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 -- compared with, not bound


class Addresses:
    """A listening socket per door: main, one per region, storage, control.

    With ``gated`` there are two more, for TLS and for the proxy. Without a first port (0) each
    door gets any free one. The control plane listens on ``control_host``, all others on ``host``.
    """

    def __init__(
        self, host: str, control_host: str, regions: Iterable[str], *, gated: bool = False
    ) -> None:
        self._hosts = {CONTROL: control_host}
        self._gates = (TLS, PROXY) if gated else ()
        self._host = host
        self._regions = tuple(regions)
        self._sockets: dict[str, socket.socket] = {}

    def open(self, first: int, control: int | None) -> Self:
        """Listen on every port, or on none.

        Raises:
            PortBusy: one of them cannot be had.
        """
        if control is None:
            control = first and first + CONTROL_OFFSET
        wanted = {
            name: first and first + place
            for place, name in enumerate((MAIN, *self._regions, STORAGE, *self._gates))
        }
        try:
            for name, port in (wanted | {CONTROL: control}).items():
                self._sockets[name] = bind(self._hosts.get(name, self._host), port)
        except Exception:
            self.close()
            raise
        return self

    def close(self) -> None:
        """Give every port back."""
        for handle in self._sockets.values():
            handle.close()

    @property
    def data(self) -> list[socket.socket]:
        """The sockets of the data plane."""
        gated = {CONTROL, *self._gates}
        return [handle for name, handle in self._sockets.items() if name not in gated]

    def gate(self, name: str) -> tuple[socket.socket, Endpoint]:
        """Return socket and door of a gate."""
        handle = self._sockets[name]
        return handle, Endpoint(name, handle.getsockname()[1])

    @property
    def control(self) -> list[socket.socket]:
        """The socket of the control plane."""
        return [self._sockets[CONTROL]]

    def numbers(self) -> dict[str, int]:
        """Return the port of each door."""
        return {name: handle.getsockname()[1] for name, handle in self._sockets.items()}

    def doors(self) -> dict[int, Endpoint]:
        """Return the doors of the data plane by port."""
        return {
            port: Endpoint(name, port, name if name in self._regions else None, name == STORAGE)
            for name, port in self.numbers().items()
            if name not in {CONTROL, *self._gates}
        }

    def urls(self) -> dict[str, str]:
        """Return the base URL of each door, as a client on this machine reaches it."""
        return {
            name: f"{_scheme(name)}://{_shown(self._hosts.get(name, self._host))}:{port}"
            for name, port in self.numbers().items()
        }


def _scheme(name: str) -> str:
    return "https" if name == TLS else "http"


def _shown(host: str) -> str:
    if host in _ANY:
        return LOOPBACK
    return f"[{host}]" if ":" in host else host
