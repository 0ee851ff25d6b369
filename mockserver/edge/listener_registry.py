"""Which gates a mock has open, whose they are, and what a client must trust to use them.

Knows ports, addresses and the one file that is written: the authority's certificate, in a
directory that goes with the process. Must not know how a gate serves.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from adsmock.contracts.contract_set import Region
from adsmock.mockserver.core.call import Endpoint
from adsmock.mockserver.core.connection_event import Flaw
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.edge.addresses import PROXY, TLS, Addresses
from adsmock.mockserver.edge.listener import Kind, Listener, ListenerSet
from adsmock.mockserver.edge.servers import PortBusy, bind
from adsmock.mockserver.edge.tls import MISSING, is_available

MOST = 16
"""Listeners of one sandbox."""

LOCAL_NAMES = ("127.0.0.1", "localhost", "::1")

FOREIGN = "elsewhere.invalid"
"""A host that is none of Amazon's, served by a sandbox's own proxy: where redirects may point."""


class ListenerRegistry:
    """The gates of one mock: everybody's, and those opened for one sandbox."""

    def __init__(self, gates: ListenerSet, host: str, regions: Mapping[str, Region]) -> None:
        self.gates = gates
        self._regions = regions
        self._host = host
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    @cached_property
    def ca_file(self) -> Path:
        """The authority's certificate as a file, written at first use."""
        self._folder = tempfile.TemporaryDirectory(prefix="adsmock-")
        path = Path(self._folder.name) / "ca.pem"
        path.write_bytes(self.gates.authority.certificate)
        return path

    def take(self, ports: Addresses) -> None:
        """Serve the two ports that are everybody's."""
        for name in (TLS, PROXY):
            handle, door = ports.gate(name)
            self.gates.add(Listener(cast("Kind", name), handle, door))

    def open(self, sandbox: str, kind: Kind, flaw: Flaw, region: str | None) -> dict[str, Any]:
        """Open a listener for one sandbox on a free port and return where it is.

        At a proxy the flaw is met at the hosts of ``region`` alone, or at all without one.

        Raises:
            SetupError: 501; certificates cannot be made in this installation. 409; the sandbox
                has as many listeners as it may. 503; the machine gives no port.
        """
        if not is_available():
            raise SetupError(MISSING, status=501)
        if len(self.rows(sandbox)) >= MOST:
            raise SetupError(f"a sandbox has at most {MOST} listeners", status=409)
        try:
            handle = bind(self._host, 0)
        except PortBusy as busy:
            raise SetupError(str(busy), status=503) from None
        is_proxy = kind == PROXY
        door = Endpoint(
            kind, handle.getsockname()[1], None if is_proxy else region, sandbox=sandbox
        )
        flawed = self._hosts(region) if is_proxy and region else None
        further = frozenset({FOREIGN}) if is_proxy else frozenset[str]()
        gate = Listener(kind, handle, door, flaw, flawed, further)
        self.gates.add(gate)
        return self._row(gate)

    def rows(self, sandbox: str) -> list[dict[str, Any]]:
        """Return the listeners of one sandbox."""
        return [self._row(gate) for gate in self.gates.all() if gate.door.sandbox == sandbox]

    def close(self, sandbox: str) -> None:
        """Close the listeners of one sandbox."""
        for gate in self.gates.all():
            if gate.door.sandbox == sandbox:
                self.gates.drop(gate)

    def leave(self) -> None:
        """Close what is open and remove the file."""
        for gate in self.gates.all():
            self.gates.drop(gate)
        if self._folder is not None:
            self._folder.cleanup()

    def _hosts(self, region: str) -> frozenset[str]:
        found = self._regions[region]
        return frozenset({found.ads_host, found.lwa_host, found.storage_host})

    def _row(self, gate: Listener) -> dict[str, Any]:
        scheme = "https" if gate.kind == TLS else "http"
        return {
            "kind": gate.kind,
            "flaw": gate.flaw,
            "region": gate.door.region,
            "port": gate.door.port,
            "url": f"{scheme}://127.0.0.1:{gate.door.port}",
            "certificate": self.gates.authority.certificate.decode(),
        }
