"""The open listeners of a mock, and the certificate that a client must trust to use them.

The certificate of the authority is the one file that is written. Its directory is removed when
the process ends.
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
from adsmock.mockserver.edge.addresses import PROXY, TLS, Addresses, shown_host
from adsmock.mockserver.edge.listener import Kind, Listener, ListenerSet
from adsmock.mockserver.edge.servers import PortBusy, bind
from adsmock.mockserver.edge.tls import MISSING, is_available

MAX_LISTENERS = 16
"""Limit per sandbox."""

LOCAL_NAMES = ("127.0.0.1", "localhost", "::1")

FOREIGN = "elsewhere.invalid"
"""A host outside Amazon that a sandbox's own proxy serves, as a target for redirects."""


class ListenerRegistry:
    """The listeners of one mock: shared ones, and those of single sandboxes."""

    def __init__(self, listeners: ListenerSet, host: str, regions: Mapping[str, Region]) -> None:
        self.listeners = listeners
        self._regions = regions
        self._host = host
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    @cached_property
    def ca_file(self) -> Path:
        """The file with the authority's certificate, written at first use."""
        self._folder = tempfile.TemporaryDirectory(prefix="adsmock-")
        path = Path(self._folder.name) / "ca.pem"
        path.write_bytes(self.listeners.authority.certificate)
        return path

    def add_shared(self, ports: Addresses) -> None:
        """Add the two shared listeners, TLS and proxy."""
        for name in (TLS, PROXY):
            handle, endpoint = ports.listener(name)
            self.listeners.add(Listener(cast("Kind", name), handle, endpoint))

    def open(self, sandbox: str, kind: Kind, flaw: Flaw, region: str | None) -> dict[str, Any]:
        """Open a listener for one sandbox on a free port and return where it is.

        A proxy has the flaw for the hosts of ``region``, or without a region for all hosts.

        Raises:
            SetupError: 501, this installation cannot make certificates; 409, the sandbox has
                the maximum of listeners; 503, no port is free.
        """
        if not is_available():
            raise SetupError(MISSING, status=501)
        if len(self.rows(sandbox)) >= MAX_LISTENERS:
            raise SetupError(
                f"a sandbox has at most {MAX_LISTENERS} listeners: close them first", status=409
            )
        try:
            handle = bind(self._host, 0)
        except PortBusy as busy:
            raise SetupError(str(busy), status=503) from None
        is_proxy = kind == PROXY
        endpoint = Endpoint(
            kind, handle.getsockname()[1], None if is_proxy else region, sandbox=sandbox
        )
        flawed = self._hosts(region) if is_proxy and region else None
        other_hosts = frozenset({FOREIGN}) if is_proxy else frozenset[str]()
        listener = Listener(kind, handle, endpoint, flaw, flawed, other_hosts)
        self.listeners.add(listener)
        return self._row(listener)

    def rows(self, sandbox: str) -> list[dict[str, Any]]:
        """Return the listeners of one sandbox."""
        return [
            self._row(listener)
            for listener in self.listeners.all()
            if listener.endpoint.sandbox == sandbox
        ]

    def close(self, sandbox: str) -> None:
        """Close the listeners of one sandbox."""
        for listener in self.listeners.all():
            if listener.endpoint.sandbox == sandbox:
                self.listeners.drop(listener)

    def close_all(self) -> None:
        """Close every listener and remove the certificate file."""
        for listener in self.listeners.all():
            self.listeners.drop(listener)
        if self._folder is not None:
            self._folder.cleanup()

    def _hosts(self, region: str) -> frozenset[str]:
        found = self._regions[region]
        return frozenset({found.ads_host, found.lwa_host, found.storage_host, found.report_host})

    def _row(self, listener: Listener) -> dict[str, Any]:
        scheme = "https" if listener.kind == TLS else "http"
        return {
            "kind": listener.kind,
            "flaw": listener.flaw,
            "region": listener.endpoint.region,
            "port": listener.endpoint.port,
            "url": f"{scheme}://{shown_host(self._host)}:{listener.endpoint.port}",
            "certificate": self.listeners.authority.certificate.decode(),
        }
